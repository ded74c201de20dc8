import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { type EventBus, mayBeOf } from "../events/event-bus.js";
import { type News, Watch } from "../events/watch.js";
import type { Scope } from "../projects/viewer.js";
import { isListed } from "./eligibility.js";
import {
  listLatestSnapshots,
  listRemovedSince,
  loadSnapshots,
  type ShownSnapshot,
} from "./snapshots.queries.js";

export interface WatchContext {
  readonly db: Database;
  readonly events: EventBus;
  readonly clock: Clock;
}

/** REMOVED: it left the default list; the row is what is still known of it. */
export interface SnapshotChangeNotice {
  readonly change: "ADDED" | "UPDATED" | "REMOVED";
  readonly snapshot: ShownSnapshot;
}

/** How many of the latest snapshots are compared when notices may have been lost. */
const comparedRows = 100;

/**
 * Every change of an instance's snapshots from the moment it is listened to. Rows are read again at each notice. After a
 * lost connection the latest, and whatever has left the list, are compared with what was last seen, so that only real
 * differences are told. Nothing comes of an instance outside the scope.
 */
export function watchSnapshots(
  context: WatchContext,
  scope: Scope,
  instanceId: string,
): Watch<SnapshotChangeNotice> {
  const { db, events, clock } = context;
  const readLatest = () => listLatestSnapshots(db, scope, instanceId, comparedRows);
  const seen = new Map<string, { readonly content: string; readonly gone: boolean }>();
  const remember = (row: ShownSnapshot) =>
    seen.set(row.id, { content: JSON.stringify(row), gone: !isListed(row, clock.now()) });
  // Beyond a full first read lie older snapshots that are unseen and yet not new.
  let horizon: number | undefined;
  // What was told since then has been heard, and so has been seen, or was lost.
  let comparedAt = clock.now();
  const isNew = (row: ShownSnapshot) => !seen.has(row.id) && row.takenAt.getTime() >= (horizon ?? -Infinity);
  const tell = (...notices: readonly SnapshotChangeNotice[]): News<SnapshotChangeNotice> => ({
    told: notices.map((value) => ({ value })),
  });

  async function compare(): Promise<News<SnapshotChangeNotice>> {
    const changes: SnapshotChangeNotice[] = [];
    const asked = clock.now();
    // Windows close of the oldest first, which the latest may be far from.
    const removed = await listRemovedSince(db, scope, instanceId, comparedAt);
    const gone = removed.filter((row) => !isListed(row, asked));
    const rows = new Map([...gone, ...(await readLatest())].map((row) => [row.id, row]));
    comparedAt = asked;
    for (const row of rows.values()) {
      const before = seen.get(row.id);
      const added = isNew(row);
      remember(row);
      const now = seen.get(row.id);
      if (before?.content === now?.content && before?.gone === now?.gone) continue;
      // What came and went unseen is nobody's news.
      if (now?.gone && (before ? before.gone : added)) continue;
      changes.push({ change: now?.gone ? "REMOVED" : added ? "ADDED" : "UPDATED", snapshot: row });
    }
    return tell(...changes);
  }

  return new Watch({
    listen: (signal) =>
      events.listen(
        (event) => event.topic === "snapshot" && mayBeOf(scope.projectId, event),
        signal,
        instanceId,
      ),
    // Nobody is told what there is, so only the first read counts: what later ones hear of is compared with it.
    async standing() {
      if (horizon !== undefined) return tell();
      const first = await readLatest();
      first.forEach(remember);
      horizon = first.length < comparedRows ? -Infinity : (first.at(-1)?.takenAt.getTime() ?? -Infinity);
      return tell();
    },
    async after(message) {
      if (message.topic === "RESYNC") return compare();
      if (message.topic !== "snapshot") return tell();
      const row = (await loadSnapshots(db, scope, [message.id])).get(message.id);
      if (!row) return tell();
      // Its ADDED may have been lost with the connection, and RESYNC not be read yet.
      const change = message.change === "UPDATED" && isNew(row) ? "ADDED" : message.change;
      remember(row);
      return tell({ change, snapshot: row });
    },
  });
}
