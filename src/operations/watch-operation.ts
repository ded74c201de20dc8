import type { Database } from "../db/client.js";
import type { EventBus } from "../events/event-bus.js";
import type { Scope } from "../projects/viewer.js";
import type { OperationRow } from "./action.js";
import { findOperation } from "./operations.queries.js";

const ended = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

/**
 * The operation as it stands, then every change, then the end. Listens before it reads and re-reads at
 * each notice, so that nothing is missed whenever the caller comes and wherever the work runs. Yields nothing for an
 * unknown operation. `afterRevision` skips what the caller has seen, the end included.
 */
export async function* watchOperation(
  context: { readonly db: Database; readonly events: EventBus },
  scope: Scope,
  operationId: string,
  options: { readonly afterRevision?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<OperationRow, void, void> {
  let told = options.afterRevision ?? 0;
  // Apart from what was told: a caller who claims to have seen the future must still hear of the end.
  let read = 0;
  const notices = context.events.listen(
    (event) => event.topic === "operation" && event.id === operationId && event.revision > read,
    options.signal,
  );
  try {
    do {
      const row = await findOperation(context.db, scope, operationId);
      if (!row) return;
      read = row.revision;
      if (row.revision > told) {
        told = row.revision;
        yield row;
      }
      if (ended.has(row.status)) return;
    } while (!(await notices.next()).done);
  } finally {
    await notices.return?.();
  }
}
