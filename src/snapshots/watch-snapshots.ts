import { and, desc, eq } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import type { EventBus } from "../events/event-bus.js";
import type { Scope } from "../projects/viewer.js";
import { isListed } from "./eligibility.js";
import { findSnapshot, type SnapshotRow } from "./snapshots.queries.js";

export interface WatchContext {
  readonly db: Database;
  readonly events: EventBus;
  readonly clock: Clock;
}

/** REMOVED: it left the default list; the row is what is still known of it. */
export interface SnapshotChangeNotice {
  readonly change: "ADDED" | "UPDATED" | "REMOVED";
  readonly snapshot: SnapshotRow;
}

/** How many of the latest snapshots are compared when notices may have been lost. */
const comparedRows = 100;

/**
 * Every change of an instance's snapshots from the moment this returns until the signal aborts or the iterator is
 * closed. Rows are re-read at each notice. After a lost connection the latest are compared with what was
 * last seen, so that only real differences are told. Nothing comes of an instance outside the scope.
 */
export function watchSnapshots(
  context: WatchContext,
  scope: Scope,
  instanceId: string,
  signal?: AbortSignal,
): AsyncIterable<SnapshotChangeNotice> {
  const notices = context.events.listen(
    (event) => event.topic === "snapshot" && event.instanceId === instanceId,
    signal,
  );
  const changes = followChanges(context, scope, instanceId, notices);
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => changes.next(),
      // The generator is closed through its source: its own return() would wait for the next notice.
      return: async () => {
        await notices.return?.();
        return changes.return();
      },
    }),
  };
}

async function* followChanges(
  context: WatchContext,
  scope: Scope,
  instanceId: string,
  notices: ReturnType<EventBus["listen"]>,
): AsyncGenerator<SnapshotChangeNotice, void, void> {
  const readLatest = () => listLatest(context.db, scope, instanceId);
  const seen = new Map<string, { readonly content: string; readonly gone: boolean }>();
  const remember = (row: SnapshotRow) =>
    seen.set(row.id, { content: JSON.stringify(row), gone: !isListed(row, context.clock.now()) });
  try {
    const first = await readLatest();
    first.forEach(remember);
    // Beyond a full first read lie older snapshots that are unseen and yet not new.
    const horizon = first.length < comparedRows ? -Infinity : (first.at(-1)?.takenAt.getTime() ?? -Infinity);
    const isNew = (row: SnapshotRow) => !seen.has(row.id) && row.takenAt.getTime() >= horizon;

    for await (const message of notices) {
      if (message.topic === "RESYNC") {
        for (const row of await readLatest()) {
          const before = seen.get(row.id);
          const added = isNew(row);
          remember(row);
          const now = seen.get(row.id);
          if (before?.content === now?.content && before?.gone === now?.gone) continue;
          // What came and went unseen is nobody's news.
          if (now?.gone && (!before || before.gone)) continue;
          yield { change: now?.gone ? "REMOVED" : added ? "ADDED" : "UPDATED", snapshot: row };
        }
      } else if (message.topic === "snapshot") {
        const row = await findSnapshot(context.db, scope, message.id);
        if (!row) continue;
        // Its ADDED may have been lost with the connection, and RESYNC not be read yet.
        const change = message.change === "UPDATED" && isNew(row) ? "ADDED" : message.change;
        remember(row);
        yield { change, snapshot: row };
      }
    }
  } finally {
    await notices.return?.();
  }
}

function listLatest(db: Database, scope: Scope, instanceId: string): Promise<SnapshotRow[]> {
  return db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.projectId, scope.projectId), eq(snapshots.instanceId, instanceId)))
    .orderBy(desc(snapshots.takenAt), desc(snapshots.id))
    .limit(comparedRows);
}
