import { and, eq, isNotNull, isNull, sql, type Placeholder, type SQL } from "drizzle-orm";
import type { Database, Queryable } from "../db/client.js";
import type { CloudProvider, InstanceStatus, Tier } from "../db/enums.js";
import { pageRead, rowsRead } from "../db/page-read.js";
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

/** A filter with a placeholder for the one value that is anything but one of a few. */
interface InstanceShape extends Omit<InstanceListFilter, "nameContains"> {
  readonly nameContains?: string | Placeholder | null;
}

function matching({ tier, status, cloudProvider, nameContains, deleted }: InstanceShape): SQL | undefined {
  return and(
    deleted ? isNotNull(instances.deletedAt) : isNull(instances.deletedAt),
    tier ? eq(instances.tier, tier) : undefined,
    status ? eq(instances.status, status) : undefined,
    cloudProvider ? eq(instances.cloudProvider, cloudProvider) : undefined,
    nameContains ? sql`${instances.name} ilike ${nameContains}` : undefined,
  );
}

const containing = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

const readPage = pageRead<InstanceRow, InstanceShape>({
  name: "instances-page",
  table: instances,
  project: instances.projectId,
  order: { at: instances.createdAt, id: instances.id, direction: "oldest first" },
  where: matching,
});

/** Oldest first; without the deleted ones, unless they are asked for. */
export function listInstances(
  db: Database,
  scope: Scope,
  page: PageRequest,
  { nameContains, ...filter }: InstanceListFilter = {},
): Promise<Page<InstanceRow>> {
  const bound = nameContains
    ? {
        shape: { ...filter, nameContains: sql.placeholder("name") },
        values: { name: containing(nameContains) },
      }
    : { shape: filter };
  return readPage(db, scope.projectId, page, bound);
}

export async function countInstances(
  db: Queryable,
  scope: Scope,
  filter: InstanceListFilter = {},
): Promise<number> {
  // Awaited here: what Drizzle returns runs the statement anew each time somebody asks for its outcome.
  const { nameContains } = filter;
  const literal = { ...filter, nameContains: nameContains && containing(nameContains) };
  return await db.$count(instances, and(eq(instances.projectId, scope.projectId), matching(literal)));
}

const readRows = rowsRead<InstanceRow>({
  name: "instances-by-id",
  table: instances,
  id: instances.id,
  project: instances.projectId,
});

/** By id; unknown and foreign ids are left out, deleted instances are not: their snapshots name them. */
export const loadInstances = (
  db: Database,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, InstanceRow>> => readRows(db, scope.projectId, ids);
