import { and, asc, desc, sql, type SQL } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Page, PageRequest } from "./page.js";

/** What a list is ordered by: an instant and, among equals, the id; both the same way. */
export interface KeysetOrder {
  readonly at: AnyPgColumn;
  readonly id: AnyPgColumn;
  readonly direction: "oldest first" | "newest first";
}

/** What of a page changes a statement's text; the rest are values. */
export interface PageShape {
  readonly from: PageRequest["from"];
  readonly after: boolean;
  readonly before: boolean;
}

export const shapeOf = (page: PageRequest): PageShape => ({
  from: page.from,
  after: page.after !== undefined,
  before: page.before !== undefined,
});

/** The values that `withinPage` and `probingLimit` leave placeholders for. */
export const valuesOf = (page: PageRequest): Record<string, unknown> => ({
  ...(page.after && { afterAt: page.after.at.toISOString(), afterId: page.after.id }),
  ...(page.before && { beforeAt: page.before.at.toISOString(), beforeId: page.before.id }),
  // One row more than is shown, which tells whether the list goes on.
  probingLimit: page.limit + 1,
});

/** The rows strictly between the page's two positions; undefined where it has none. */
export function withinPage(order: KeysetOrder, shape: PageShape): SQL | undefined {
  const bound = (name: string, sign: SQL) =>
    sql`(${order.at}, ${order.id}) ${sign} (${sql.placeholder(`${name}At`)}::timestamptz, ${sql.placeholder(`${name}Id`)}::uuid)`;
  const [following, preceding] = order.direction === "oldest first" ? [sql`>`, sql`<`] : [sql`<`, sql`>`];
  return and(
    shape.after ? bound("after", following) : undefined,
    shape.before ? bound("before", preceding) : undefined,
  );
}

/** The order to read in: backwards for a page counted from the end, so that the limit cuts the far side. */
export function readingOrder(order: KeysetOrder, shape: PageShape): SQL[] {
  const way = (order.direction === "oldest first") === (shape.from === "start") ? asc : desc;
  return [way(order.at), way(order.id)];
}

export const probingLimit = sql.placeholder("probingLimit");

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

/**
 * `from` clause that reads `query` anew for each parent, whose ids are the placeholder `parentIds`, each once; the query
 * sees the parent as `parent.parent_id`.
 */
export function perParent(query: SQL, tableName: string): SQL {
  const parents = sql`unnest(${sql.placeholder("parentIds")}::uuid[]) as parent(parent_id)`;
  return sql`${parents} cross join lateral (${query}) as ${sql.identifier(tableName)}`;
}

/**
 * Columns of a table as expressions, decoded as the table's own: for a `from` clause in which an expression
 * stands under the table's name. Drizzle refuses the bare columns of a table that it does not see there.
 */
export function columnsAsRead(columns: Readonly<Record<string, AnyPgColumn>>): Record<string, SQL> {
  const expressions = Object.entries(columns).map(([name, column]) => [name, sql`${column}`.mapWith(column)]);
  return Object.fromEntries(expressions) as Record<string, SQL>;
}
