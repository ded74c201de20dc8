import type { Database } from "../db/client.js";
import { type EventBus, mayBeOf } from "../events/event-bus.js";
import { type News, Watch } from "../events/watch.js";
import type { Scope } from "../projects/viewer.js";
import { loadOperations, type ShownOperation } from "./operations.queries.js";

const ended = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

/**
 * The operation as it stands, then every change, then the end. It is read again at each notice, so that nothing is missed
 * whenever the caller comes and wherever the work runs. Tells nothing of an unknown operation. `afterRevision` skips what
 * the caller has seen, the end included.
 */
export function watchOperation(
  context: { readonly db: Database; readonly events: EventBus },
  scope: Scope,
  operationId: string,
  afterRevision = 0,
): Watch<ShownOperation> {
  // Apart from what was told: a caller who claims to have seen the future must still hear of the end.
  let read = 0;
  async function look(): Promise<News<ShownOperation>> {
    const row = (await loadOperations(context.db, scope, [operationId])).get(operationId);
    if (!row) return { told: [], over: true };
    read = row.revision;
    const told = row.revision > afterRevision ? [{ value: row, revision: row.revision }] : [];
    return { told, over: ended.has(row.status) };
  }
  return new Watch({
    listen: (signal) =>
      context.events.listen(
        (event) => event.topic === "operation" && event.revision > read && mayBeOf(scope.projectId, event),
        signal,
        operationId,
      ),
    standing: look,
    after: look,
  });
}
