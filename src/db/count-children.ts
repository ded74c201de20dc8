import { and, count, inArray, sql, type SQL } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Queryable } from "./client.js";

/** How many rows that match each parent has, all in one statement; 0 for one without any. */
export async function countChildren(
  db: Queryable,
  { table, parent }: { readonly table: PgTable; readonly parent: AnyPgColumn },
  parentIds: readonly string[],
  matching: SQL | undefined,
): Promise<Map<string, number>> {
  const counts = new Map(parentIds.map((id) => [id, 0]));
  if (parentIds.length === 0) return counts;
  const rows = await db
    .select({ parentId: sql<string>`${parent}`, total: count() })
    .from(table)
    .where(and(matching, inArray(parent, [...parentIds])))
    .groupBy(parent);
  for (const row of rows) counts.set(row.parentId, row.total);
  return counts;
}
