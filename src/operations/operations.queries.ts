import { and, count, desc, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import {
  columnsAsRead,
  perParent,
  probingLimit,
  readingOrder,
  toPages,
  withinPage,
  type KeysetOrder,
} from "../db/keyset.js";
import type { Page, PageRequest } from "../db/page.js";
import { exports_, operations } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type OperationRow = typeof operations.$inferSelect;
export type ExportRow = typeof exports_.$inferSelect;

export async function findOperation(
  db: Queryable,
  scope: Scope,
  id: string,
): Promise<OperationRow | undefined> {
  const own = and(eq(operations.projectId, scope.projectId), inArray(operations.id, [id]));
  return (await db.select().from(operations).where(own))[0];
}

export async function findOperationByIdempotencyKey(
  db: Queryable,
  scope: Scope,
  key: string,
): Promise<OperationRow | undefined> {
  const own = and(eq(operations.projectId, scope.projectId), eq(operations.idempotencyKey, key));
  return (await db.select().from(operations).where(own))[0];
}

/** In no particular order; unknown and foreign ids are left out. */
export async function loadOperations(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<OperationRow[]> {
  if (ids.length === 0) return [];
  const own = eq(operations.projectId, scope.projectId);
  return db
    .select()
    .from(operations)
    .where(and(own, inArray(operations.id, [...ids])));
}

const order: KeysetOrder = { at: operations.createdAt, id: operations.id, direction: "newest first" };

/** One page for each instance, newest first, all in one statement. Foreign instances have empty pages. */
export async function listOperationPages(
  db: Queryable,
  scope: Scope,
  instanceIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<OperationRow>>> {
  const ofParent = db
    .select()
    .from(operations)
    .where(
      and(
        sql`${operations.instanceId} = parent.parent_id`,
        eq(operations.projectId, scope.projectId),
        withinPage(order, page),
      ),
    )
    .orderBy(...readingOrder(order, page))
    .limit(probingLimit(page));
  // The lateral query goes by the table's own name, so that its columns are read as the table's.
  const read = await db
    .select(columnsAsRead(operations))
    .from(perParent(instanceIds, ofParent.getSQL(), "operations"))
    .orderBy(...readingOrder(order, page));
  return toPages(instanceIds, read as OperationRow[], (row) => row.instanceId, page);
}

/** How many each instance has had; 0 for one without any. */
export async function countOperations(
  db: Queryable,
  scope: Scope,
  instanceIds: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map(instanceIds.map((id) => [id, 0]));
  if (instanceIds.length === 0) return counts;
  const rows = await db
    .select({ instanceId: operations.instanceId, total: count() })
    .from(operations)
    .where(and(eq(operations.projectId, scope.projectId), inArray(operations.instanceId, [...instanceIds])))
    .groupBy(operations.instanceId);
  for (const row of rows) counts.set(row.instanceId, row.total);
  return counts;
}

/** What each instance is busy with: the exclusive operation if there is one, otherwise the newest unfinished one. */
export async function loadActiveOperations(
  db: Queryable,
  scope: Scope,
  instanceIds: readonly string[],
): Promise<Map<string, OperationRow>> {
  if (instanceIds.length === 0) return new Map();
  const rows = await db
    .selectDistinctOn([operations.instanceId])
    .from(operations)
    .where(
      and(
        eq(operations.projectId, scope.projectId),
        inArray(operations.instanceId, [...instanceIds]),
        inArray(operations.status, ["QUEUED", "RUNNING", "CANCELING"]),
      ),
    )
    .orderBy(
      operations.instanceId,
      desc(operations.exclusive),
      desc(operations.createdAt),
      desc(operations.id),
    );
  return new Map(rows.map((row) => [row.instanceId, row]));
}

/** By snapshot: the operation that is taking, or took, it; of several tries the last. */
export async function loadOperationsOfSnapshots(
  db: Queryable,
  scope: Scope,
  snapshotIds: readonly string[],
): Promise<Map<string, OperationRow>> {
  if (snapshotIds.length === 0) return new Map();
  const own = eq(operations.projectId, scope.projectId);
  const rows = await db
    .select()
    .from(operations)
    .where(and(own, inArray(operations.snapshotId, [...snapshotIds])))
    .orderBy(operations.createdAt, operations.id);
  return new Map(rows.flatMap((row) => (row.snapshotId ? [[row.snapshotId, row] as const] : [])));
}

/** By operation: the file that it made, purged ones included. */
export async function loadExports(
  db: Queryable,
  scope: Scope,
  operationIds: readonly string[],
): Promise<Map<string, ExportRow>> {
  if (operationIds.length === 0) return new Map();
  const rows = await db
    .select(getTableColumns(exports_))
    .from(exports_)
    .innerJoin(operations, eq(operations.id, exports_.operationId))
    .where(and(eq(operations.projectId, scope.projectId), inArray(exports_.operationId, [...operationIds])));
  return new Map(rows.map((row) => [row.operationId, row]));
}
