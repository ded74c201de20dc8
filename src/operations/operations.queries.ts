import { and, eq, inArray } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { operations } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type OperationRow = typeof operations.$inferSelect;

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
