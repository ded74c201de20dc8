import { and, eq, isNull } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { instances } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type InstanceRow = typeof instances.$inferSelect;

export async function findInstance(
  db: Queryable,
  scope: Scope,
  id: string,
  options: { readonly includeDeleted?: boolean } = {},
): Promise<InstanceRow | undefined> {
  const live = options.includeDeleted ? undefined : isNull(instances.deletedAt);
  return (await db.select().from(instances).where(and(eq(instances.projectId, scope.projectId), eq(instances.id, id), live)))[0];
}
