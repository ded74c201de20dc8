import type { Database } from "../db/client.js";
import { createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Scope } from "../projects/viewer.js";
import { loadHolds } from "./holds.queries.js";
import * as queries from "./snapshots.queries.js";

export interface SnapshotPageArgs {
  readonly page: PageRequest;
  readonly filter: queries.SnapshotListFilter;
}

/** One set per request; `now` is the request's instant. Connections are keyed by instance and arguments. */
export function createSnapshotLoaders(db: Database, scope: Scope, now: Date) {
  return {
    snapshot: createRowLoader(async (ids) => {
      const rows = await queries.loadSnapshots(db, scope, ids);
      return new Map(rows.map((row) => [row.id, row]));
    }),
    hold: createRowLoader(async (ids) => {
      const rows = await loadHolds(db, scope, ids);
      return new Map(rows.map((row) => [row.id, row]));
    }),
    /** By snapshot: all that a restore reads, oldest first. */
    chain: createRowLoader((ids) => queries.loadChains(db, scope, ids)),
    latestRestorable: createRowLoader((ids) => queries.loadLatestRestorable(db, scope, ids, now)),
    snapshotPage: createConnectionLoader((ids, { page, filter }: SnapshotPageArgs) =>
      queries.listSnapshotPages(db, scope, ids, page, filter, now),
    ),
    snapshotCount: createConnectionLoader((ids, filter: queries.SnapshotListFilter) =>
      queries.countSnapshots(db, scope, ids, filter, now),
    ),
  };
}
export type SnapshotLoaders = ReturnType<typeof createSnapshotLoaders>;
