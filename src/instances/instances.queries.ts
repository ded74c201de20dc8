import { and, eq, ilike, inArray, isNotNull, isNull, type SQL } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import type { CloudProvider, InstanceStatus, Tier } from "../db/enums.js";
import { probingLimit, readingOrder, toPage, withinPage, type KeysetOrder } from "../db/keyset.js";
import type { Page, PageRequest } from "../db/page.js";
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
  return (
    await db
      .select()
      .from(instances)
      .where(and(eq(instances.projectId, scope.projectId), eq(instances.id, id), live))
  )[0];
}

export interface InstanceListFilter {
  readonly tier?: Tier | null;
  readonly status?: InstanceStatus | null;
  readonly cloudProvider?: CloudProvider | null;
  /** Taken literally, in any case. */
  readonly nameContains?: string | null;
  /** Those that are deleted, instead of those that live. */
  readonly deleted?: boolean | null;
}

const order: KeysetOrder = { at: instances.createdAt, id: instances.id, direction: "oldest first" };

function matching(scope: Scope, filter: InstanceListFilter): SQL | undefined {
  const { tier, status, cloudProvider, nameContains } = filter;
  return and(
    eq(instances.projectId, scope.projectId),
    filter.deleted ? isNotNull(instances.deletedAt) : isNull(instances.deletedAt),
    tier ? eq(instances.tier, tier) : undefined,
    status ? eq(instances.status, status) : undefined,
    cloudProvider ? eq(instances.cloudProvider, cloudProvider) : undefined,
    nameContains ? ilike(instances.name, `%${nameContains.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
  );
}

/** Oldest first; without the deleted ones, unless they are asked for. */
export async function listInstances(
  db: Queryable,
  scope: Scope,
  page: PageRequest,
  filter: InstanceListFilter = {},
): Promise<Page<InstanceRow>> {
  const read = await db
    .select()
    .from(instances)
    .where(and(matching(scope, filter), withinPage(order, page)))
    .orderBy(...readingOrder(order, page))
    .limit(probingLimit(page));
  return toPage(read, page);
}

export async function countInstances(
  db: Queryable,
  scope: Scope,
  filter: InstanceListFilter = {},
): Promise<number> {
  // Awaited here: what Drizzle returns runs the statement anew each time somebody asks for its outcome.
  return await db.$count(instances, matching(scope, filter));
}

/** In no particular order; unknown and foreign ids are left out, deleted instances are not: their snapshots name them. */
export async function loadInstances(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<InstanceRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(instances)
    .where(and(eq(instances.projectId, scope.projectId), inArray(instances.id, [...ids])));
}
