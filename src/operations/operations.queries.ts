import { and, desc, eq, getTableColumns, inArray } from "drizzle-orm";
import type { Database, Queryable } from "../db/client.js";
import { countChildren } from "../db/count-children.js";
import { pagesRead, rowsRead } from "../db/page-read.js";
import type { Page, PageRequest } from "../db/page.js";
import { exports_, operations } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type OperationRow = typeof operations.$inferSelect;
export type ExportRow = typeof exports_.$inferSelect;

export async function findOperationByIdempotencyKey(
  db: Queryable,
  scope: Scope,
  key: string,
): Promise<OperationRow | undefined> {
  const own = and(eq(operations.projectId, scope.projectId), eq(operations.idempotencyKey, key));
  return (await db.select().from(operations).where(own))[0];
}

/** What jobs and requests alone have to know of an operation. */
const {
  projectId: _project,
  exclusive: _exclusive,
  attempt: _attempt,
  unreportedAttempts: _unreported,
  retries: _retries,
  details: _details,
  idempotencyKey: _key,
  requestSha256: _request,
  ...columns
} = getTableColumns(operations);

/** An operation as far as it is shown. */
export type ShownOperation = Pick<OperationRow, keyof typeof columns>;

const readRows = rowsRead<ShownOperation>({
  name: "operations-by-id",
  table: operations,
  columns,
  id: operations.id,
  project: operations.projectId,
});

/** By id; unknown and foreign ids are left out. */
export const loadOperations = (
  db: Database,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownOperation>> => readRows(db, scope.projectId, ids);

const readPages = pagesRead<ShownOperation, null>({
  name: "operations-pages",
  table: operations,
  columns,
  tableName: "operations",
  project: operations.projectId,
  parent: operations.instanceId,
  parentOf: (row) => row.instanceId,
  order: { at: operations.createdAt, id: operations.id, direction: "newest first" },
});

/** One page for each instance, newest first, all in one statement. Foreign instances have empty pages. */
export const listOperationPages = (
  db: Database,
  scope: Scope,
  instanceIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<ShownOperation>>> =>
  readPages(db, scope.projectId, instanceIds, page, { shape: null });

/** How many each instance has had; 0 for one without any. */
export function countOperations(
  db: Queryable,
  scope: Scope,
  instanceIds: readonly string[],
): Promise<Map<string, number>> {
  const ofInstances = { table: operations, parent: operations.instanceId };
  return countChildren(db, ofInstances, instanceIds, eq(operations.projectId, scope.projectId));
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
