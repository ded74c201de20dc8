import { and, desc, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { holds, snapshots } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";
import type { SnapshotRow } from "./snapshots.queries.js";

export type HoldRow = typeof holds.$inferSelect;

export async function countOpenHolds(db: Queryable, scope: Scope): Promise<number> {
  return await db.$count(holds, and(eq(holds.projectId, scope.projectId), isNull(holds.releasedAt)));
}

/** By their own ids, in no particular order; unknown and foreign ones are left out. */
export function loadHolds(db: Queryable, scope: Scope, ids: readonly string[]): Promise<HoldRow[]> {
  return db
    .select()
    .from(holds)
    .where(and(eq(holds.projectId, scope.projectId), inArray(holds.id, [...ids])));
}

/** All that the project holds, the latest hold first; the quota bounds their number. */
export async function listHeldSnapshots(db: Queryable, scope: Scope): Promise<SnapshotRow[]> {
  const rows = await db
    .select({ snapshot: snapshots })
    .from(holds)
    .innerJoin(snapshots, eq(snapshots.holdId, holds.id))
    .where(and(eq(holds.projectId, scope.projectId), isNull(holds.releasedAt)))
    .orderBy(desc(holds.placedAt), desc(holds.id));
  return rows.map((row) => row.snapshot);
}

/** How many snapshots of an instance are held. */
export async function countHeldOf(db: Queryable, instanceId: string): Promise<number> {
  return await db.$count(snapshots, and(eq(snapshots.instanceId, instanceId), isNotNull(snapshots.holdId)));
}
