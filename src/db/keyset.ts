import { and, asc, desc, getTableColumns, sql, type SQL } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Page, PageRequest, Position } from "./page.js";

/** What a list is ordered by: an instant and, among equals, the id; both the same way. */
export interface KeysetOrder {
  readonly at: AnyPgColumn;
  readonly id: AnyPgColumn;
  readonly direction: "oldest first" | "newest first";
}

/** The rows strictly between the page's two positions; undefined where it has none. */
export function withinPage(order: KeysetOrder, page: PageRequest): SQL | undefined {
  const bound = (position: Position, sign: SQL) =>
    sql`(${order.at}, ${order.id}) ${sign} (${position.at.toISOString()}::timestamptz, ${position.id}::uuid)`;
  const [following, preceding] = order.direction === "oldest first" ? [sql`>`, sql`<`] : [sql`<`, sql`>`];
  return and(page.after && bound(page.after, following), page.before && bound(page.before, preceding));
}

/** The order to read in: backwards for a page counted from the end, so that the limit cuts the far side. */
export function readingOrder(order: KeysetOrder, page: PageRequest): SQL[] {
  const way = (order.direction === "oldest first") === (page.from === "start") ? asc : desc;
  return [way(order.at), way(order.id)];
}

/** One row more than is shown, which tells whether the list goes on. */
export const probingLimit = (page: PageRequest): number => page.limit + 1;

/**
 * Makes a page of what was read in `readingOrder` with `probingLimit`. A cursor names a row outside the
 * page, so that beyond a given cursor there is always more.
 */
export function toPage<Row>(read: readonly Row[], page: PageRequest): Page<Row> {
  const more = read.length > page.limit;
  const rows = read.slice(0, page.limit);
  const fromStart = page.from === "start";
  return {
    rows: fromStart ? rows : rows.reverse(),
    hasNextPage: (fromStart && more) || page.before !== undefined,
    hasPreviousPage: (!fromStart && more) || page.after !== undefined,
  };
}

/** Makes every parent's page of rows read together; a parent without rows gets an empty page. */
export function toPages<Row>(
  parentIds: readonly string[],
  read: readonly Row[],
  parentOf: (row: Row) => string,
  page: PageRequest,
): Map<string, Page<Row>> {
  const byParent = Map.groupBy(read, parentOf);
  return new Map(parentIds.map((id) => [id, toPage(byParent.get(id) ?? [], page)]));
}

/** `from` clause that reads `query` anew for each parent; the query sees the parent as `parent.parent_id`. */
export function perParent(parentIds: readonly string[], query: SQL, tableName: string): SQL {
  const parents = sql`unnest(${sql.param([...new Set(parentIds)])}::uuid[]) as parent(parent_id)`;
  return sql`${parents} cross join lateral (${query}) as ${sql.identifier(tableName)}`;
}

/**
 * A table's columns as expressions, decoded as the table's own: for a `from` clause in which an expression
 * stands under the table's name. Drizzle refuses the bare columns of a table that it does not see there.
 */
export function columnsAsRead(table: PgTable): Record<string, SQL> {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(columns.map(([name, column]) => [name, sql`${column}`.mapWith(column)]));
}
