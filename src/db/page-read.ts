import { and, eq, getTableColumns, sql, type SQL } from "drizzle-orm";
import { QueryBuilder, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import type { Database } from "./client.js";
import { byId } from "./connection-loader.js";
import {
  columnsAsRead,
  perParent,
  probingLimit,
  readingOrder,
  shapeOf,
  toPage,
  toPages,
  valuesOf,
  withinPage,
  type KeysetOrder,
  type PageShape,
} from "./keyset.js";
import { namedRead } from "./named-read.js";
import type { Page, PageRequest } from "./page.js";
import { sharedRead } from "./shared-read.js";

interface Listed {
  readonly id: string;
}

export interface PageReadOptions<Filter> {
  /** Begins the names of its statements. */
  readonly name: string;
  readonly table: PgTable;
  /** What of the table is read; all, unless told. */
  readonly columns?: Readonly<Record<string, PgColumn>>;
  readonly order: KeysetOrder;
  /** The reader's scope is the placeholder `projectId`, compared with this column. */
  readonly project: PgColumn;
  /** The conditions of a filter, whose values are placeholders. Called once per shape. */
  readonly where?: (filter: Filter) => SQL | undefined;
}

/** What a filter contributes: `shape` changes the statement's text, `values` fill its placeholders. */
export interface BoundFilter<Filter> {
  readonly shape: Filter;
  readonly values?: Readonly<Record<string, unknown>>;
}

const query = new QueryBuilder();

/** How many rows one statement reads for several requests at a time: eight pages of the usual length. */
const mostRows = 200;

interface PageArgs<Filter> {
  readonly page: PageRequest;
  readonly filter: BoundFilter<Filter>;
}

const givenTo = <Filter>({ page, filter }: PageArgs<Filter>) => ({
  shape: { page: shapeOf(page), filter: filter.shape },
  values: { ...valuesOf(page), ...filter.values },
});

/** Reads one page of a project's list. */
export function pageRead<Row extends Listed, Filter>(options: PageReadOptions<Filter>) {
  const { table, order, project, where, columns = getTableColumns(table) } = options;
  const read = namedRead<{ page: PageShape; filter: Filter }, Row>({
    name: options.name,
    columns,
    build: ({ page, filter }) =>
      query
        .select(columns)
        .from(table)
        .where(and(eq(project, sql.placeholder("projectId")), where?.(filter), withinPage(order, page)))
        .orderBy(...readingOrder(order, page))
        .limit(probingLimit),
  });
  const wholeList = "";
  const shared = sharedRead<PageArgs<Filter>, Page<Row>>({
    mostKeys: () => 1,
    async read(db, projectId, _keys, args) {
      const { shape, values } = givenTo(args);
      return new Map([[wholeList, toPage(await read(db, shape, { ...values, projectId }), args.page)]]);
    },
  });
  return async (
    db: Database,
    projectId: string,
    page: PageRequest,
    filter: BoundFilter<Filter>,
  ): Promise<Page<Row>> => (await shared(db, projectId, [wholeList], { page, filter })).get(wholeList)!;
}

/** Reads one page for each parent, all in one statement. Foreign parents have empty pages. */
export function pagesRead<Row extends Listed, Filter>(
  options: PageReadOptions<Filter> & {
    readonly parent: PgColumn;
    readonly parentOf: (row: Row) => string;
    readonly tableName: string;
  },
) {
  const { table, order, project, parent, parentOf, where, columns = getTableColumns(table) } = options;
  const read = namedRead<{ page: PageShape; filter: Filter }, Row>({
    name: options.name,
    columns,
    build: ({ page, filter }) => {
      const ofParent = query
        .select(columns)
        .from(table)
        .where(
          and(
            sql`${parent} = parent.parent_id`,
            eq(project, sql.placeholder("projectId")),
            where?.(filter),
            withinPage(order, page),
          ),
        )
        .orderBy(...readingOrder(order, page))
        .limit(probingLimit);
      // The lateral query goes by the table's own name, so that its columns are read as the table's.
      return query
        .select(columnsAsRead(columns))
        .from(perParent(ofParent.getSQL(), options.tableName))
        .orderBy(...readingOrder(order, page));
    },
  });
  const shared = sharedRead<PageArgs<Filter>, Page<Row>>({
    mostKeys: ({ page }) => mostRows / page.limit,
    async read(db, projectId, parentIds, args) {
      const { shape, values } = givenTo(args);
      return toPages(
        parentIds,
        await read(db, shape, { ...values, projectId, parentIds }),
        parentOf,
        args.page,
      );
    },
  });
  return (
    db: Database,
    projectId: string,
    parentIds: readonly string[],
    page: PageRequest,
    filter: BoundFilter<Filter>,
  ): Promise<ReadonlyMap<string, Page<Row>>> => shared(db, projectId, parentIds, { page, filter });
}

/** Reads rows by their ids; unknown and foreign ids are left out. Who asks together gets what all asked for. */
export function rowsRead<Row extends Listed>(options: {
  readonly name: string;
  readonly table: PgTable;
  readonly columns?: Readonly<Record<string, PgColumn>>;
  readonly id: PgColumn;
  readonly project: PgColumn;
}) {
  const { columns = getTableColumns(options.table) } = options;
  const read = namedRead<null, Row>({
    name: options.name,
    columns,
    build: () =>
      query
        .select(columns)
        .from(options.table)
        .where(
          and(
            eq(options.project, sql.placeholder("projectId")),
            sql`${options.id} = any(${sql.placeholder("ids")}::uuid[])`,
          ),
        ),
  });
  const shared = sharedRead<null, Row>({
    mostKeys: () => mostRows,
    read: async (db, projectId, ids) => byId(await read(db, null, { projectId, ids })),
  });
  return async (
    db: Database,
    projectId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> => (ids.length === 0 ? new Map() : shared(db, projectId, ids, null));
}
