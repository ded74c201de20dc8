import { and, eq, inArray } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type SnapshotRow = typeof snapshots.$inferSelect;

/** In no particular order; unknown and foreign ids are left out. */
export async function loadSnapshots(db: Queryable, scope: Scope, ids: readonly string[]): Promise<SnapshotRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.projectId, scope.projectId), inArray(snapshots.id, [...ids])));
}

export async function findSnapshot(db: Queryable, scope: Scope, id: string): Promise<SnapshotRow | undefined> {
  return (await loadSnapshots(db, scope, [id]))[0];
}
