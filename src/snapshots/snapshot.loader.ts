import type { Database } from "../db/client.js";
import { byId, createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Scope } from "../projects/viewer.js";
import { loadHolds } from "./holds.queries.js";
import * as queries from "./snapshots.queries.js";

export interface SnapshotPageArgs {
  readonly page: PageRequest;
  readonly filter: queries.SnapshotListFilter;
}

export interface SnapshotLoaderContext {
  readonly db: Database;
  readonly scope: Scope;
  /** The request's instant. */
  readonly now: Date;
}

/** Connections are keyed by instance and arguments. */
export const snapshotLoaders = {
  snapshot: ({ db, scope }: SnapshotLoaderContext) =>
    createRowLoader((ids) => queries.loadSnapshots(db, scope, ids)),
  hold: ({ db, scope }: SnapshotLoaderContext) =>
    createRowLoader(async (ids) => byId(await loadHolds(db, scope, ids))),
  /** By snapshot: all that a restore reads, oldest first. */
  chain: ({ db, scope }: SnapshotLoaderContext) =>
    createRowLoader((ids) => queries.loadChains(db, scope, ids)),
  latestRestorable: ({ db, scope, now }: SnapshotLoaderContext) =>
    createRowLoader((ids) => queries.loadLatestRestorable(db, scope, ids, now)),
  snapshotPage: ({ db, scope, now }: SnapshotLoaderContext) =>
    createConnectionLoader((ids, { page, filter }: SnapshotPageArgs) =>
      queries.listSnapshotPages(db, scope, ids, page, filter, now),
    ),
  snapshotCount: ({ db, scope, now }: SnapshotLoaderContext) =>
    createConnectionLoader((ids, filter: queries.SnapshotListFilter) =>
      queries.countSnapshots(db, scope, ids, filter, now),
    ),
};
