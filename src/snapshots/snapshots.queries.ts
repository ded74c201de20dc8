import { and, asc, desc, eq, getTableColumns, gte, sql } from "drizzle-orm";
import type { Database, Queryable, Transaction } from "../db/client.js";
import { columnsAsRead } from "../db/keyset.js";
import { pagesRead, rowsRead } from "../db/page-read.js";
import { countChildren } from "../db/count-children.js";
import type { Page, PageRequest } from "../db/page.js";
import { snapshots } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";
import {
  bindFilter,
  matching,
  matchingShape,
  type FilterShape,
  type SnapshotListFilter,
} from "./snapshot-filter.queries.js";

export type { SnapshotListFilter } from "./snapshot-filter.queries.js";

export type SnapshotRow = typeof snapshots.$inferSelect;

/** What jobs and sweeps alone have to know of a snapshot: a third of its columns, which no answer pays for. */
const {
  projectId: _project,
  artifactKey: _artifact,
  artifactRemovedAt: _removed,
  chainRootId: _root,
  chainDepth: _depth,
  createdAt: _created,
  dayStartsAt: _day,
  policyVersion: _policy,
  purgeCheckAt: _check,
  removalToldAt: _told,
  slotAt: _slot,
  ...columns
} = getTableColumns(snapshots);

/** A snapshot as far as it is shown. */
export type ShownSnapshot = Pick<SnapshotRow, keyof typeof columns>;

const readRows = rowsRead<ShownSnapshot>({
  name: "snapshots-by-id",
  table: snapshots,
  columns,
  id: snapshots.id,
  project: snapshots.projectId,
});

/** By id; unknown and foreign ids are left out. */
export const loadSnapshots = (
  db: Database,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownSnapshot>> => readRows(db, scope.projectId, ids);

/** The latest of an instance, whatever became of them. */
export function listLatestSnapshots(
  db: Database,
  scope: Scope,
  instanceId: string,
  limit: number,
): Promise<ShownSnapshot[]> {
  return db
    .select(columns)
    .from(snapshots)
    .where(and(eq(snapshots.projectId, scope.projectId), eq(snapshots.instanceId, instanceId)))
    .orderBy(desc(snapshots.takenAt), desc(snapshots.id))
    .limit(limit);
}

/** Those of an instance of which subscribers were told since then that they have left the list. */
export function listRemovedSince(
  db: Database,
  scope: Scope,
  instanceId: string,
  since: Date,
): Promise<ShownSnapshot[]> {
  const own = and(eq(snapshots.projectId, scope.projectId), eq(snapshots.instanceId, instanceId));
  return db
    .select(columns)
    .from(snapshots)
    .where(and(own, gte(snapshots.removalToldAt, since)))
    .orderBy(snapshots.removalToldAt, snapshots.id);
}

export async function findSnapshot(
  db: Queryable,
  scope: Scope,
  id: string,
): Promise<SnapshotRow | undefined> {
  const own = and(eq(snapshots.projectId, scope.projectId), eq(snapshots.id, id));
  return (await db.select().from(snapshots).where(own))[0];
}

/**
 * The snapshot, with its chain locked at the root until the transaction ends: whoever removes artifacts locks it
 * too, so that what is decided here stays true. "share" for who reads or builds on it, "update" for who changes it.
 */
export async function lockSnapshot(
  tx: Transaction,
  scope: Scope,
  id: string,
  strength: "share" | "update",
): Promise<SnapshotRow | undefined> {
  const found = await findSnapshot(tx, scope, id);
  if (!found) return undefined;
  await tx
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(eq(snapshots.id, found.chainRootId))
    .for(strength);
  // Read again: what was read before the lock was had may have changed since.
  return (await tx.select().from(snapshots).where(eq(snapshots.id, id)).for(strength))[0];
}

const readPages = pagesRead<ShownSnapshot, FilterShape>({
  name: "snapshots-pages",
  table: snapshots,
  columns,
  tableName: "snapshots",
  project: snapshots.projectId,
  parent: snapshots.instanceId,
  parentOf: (row) => row.instanceId,
  order: { at: snapshots.takenAt, id: snapshots.id, direction: "newest first" },
  where: matchingShape,
});

/** One page for each instance, newest first, all in one statement. Foreign instances have empty pages. */
export const listSnapshotPages = (
  db: Database,
  scope: Scope,
  instanceIds: readonly string[],
  page: PageRequest,
  filter: SnapshotListFilter,
  now: Date,
): Promise<ReadonlyMap<string, Page<ShownSnapshot>>> =>
  readPages(db, scope.projectId, instanceIds, page, bindFilter(filter, now));

/** How many match, for each instance; 0 for one that has none. */
export function countSnapshots(
  db: Queryable,
  scope: Scope,
  instanceIds: readonly string[],
  filter: SnapshotListFilter,
  now: Date,
): Promise<Map<string, number>> {
  const ofInstances = { table: snapshots, parent: snapshots.instanceId };
  const which = and(eq(snapshots.projectId, scope.projectId), matching(filter, now));
  return countChildren(db, ofInstances, instanceIds, which);
}

/** All that a restore of each snapshot reads, from its FULL up to itself. Unknown and foreign ids are left out. */
export async function loadChains(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, SnapshotRow[]>> {
  const chains = sql`(
    with recursive link(leaf, member, below) as (
      select id, id, base_id from snapshots
      where id = any(${sql.param([...ids])}::uuid[]) and project_id = ${scope.projectId}::uuid
      union all
      select link.leaf, base.id, base.base_id from link join snapshots base on base.id = link.below
    ) select leaf, member from link) as chain join ${snapshots} on ${snapshots.id} = chain.member`;
  const rows = await db
    .select({ leaf: sql<string>`chain.leaf`, ...columnsAsRead(getTableColumns(snapshots)) })
    .from(chains)
    .orderBy(asc(snapshots.chainDepth));
  const found = new Map<string, SnapshotRow[]>();
  for (const { leaf, ...row } of rows as (SnapshotRow & { leaf: string })[]) {
    found.set(leaf, [...(found.get(leaf) ?? []), row]);
  }
  return found;
}

/** The newest snapshot of each instance that may be restored at `now`; instances without one are left out. */
export async function loadLatestRestorable(
  db: Database,
  scope: Scope,
  instanceIds: readonly string[],
  now: Date,
): Promise<Map<string, ShownSnapshot>> {
  const newest = { from: "start", limit: 1 } as const;
  const pages = await listSnapshotPages(db, scope, instanceIds, newest, { restorableOnly: true }, now);
  return new Map(instanceIds.flatMap((id) => pages.get(id)!.rows.map((row) => [id, row] as const)));
}
