import { Column, is, Param, Placeholder, type Query } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import pg from "pg";
import type { Database } from "./client.js";

/** What Drizzle has built, with placeholders for values. */
interface Built {
  toSQL(): Query;
}

export interface NamedReadOptions<Shape> {
  /** Begins the names of its statements. */
  readonly name: string;
  /** How rows are decoded: the selected columns, in the order of the selection. */
  readonly columns: Readonly<Record<string, PgColumn>>;
  /** Builds the statement for a shape: what changes its text. All else must be a placeholder. */
  readonly build: (shape: Shape) => Built;
}

export type NamedRead<Shape, Row> = (
  db: Database,
  shape: Shape,
  values: Readonly<Record<string, unknown>>,
) => Promise<Row[]>;

/** Each name is a plan kept by every connection, so that a caller's choice of filters must not make them without end. */
const namesPerRead = 64;

const asText = (value: string): unknown => value;
const instantOid: number = pg.types.builtins.TIMESTAMPTZ;
const types = {
  // Instants stay text, which their columns decode; pg would make them Dates in between.
  getTypeParser: (oid: number, format?: "text" | "binary"): ((value: string) => unknown) =>
    oid === instantOid ? asText : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

/**
 * A read for hot paths: Drizzle builds and types its SQL once per shape instead of at every call, Postgres parses and
 * plans it once per connection, and rows are decoded column by column without Drizzle's mapping.
 */
export function namedRead<Shape, Row>(options: NamedReadOptions<Shape>): NamedRead<Shape, Row> {
  const known = new Map<string, Statement>();
  const decode = rowDecoder<Row>(options.columns);

  function find(shape: Shape): Statement {
    const key = JSON.stringify(shape);
    const found = known.get(key);
    if (found) return found;
    const query = options.build(shape).toSQL();
    const values = query.params.map(valueOf);
    if (known.size >= namesPerRead) return { text: query.sql, values };
    const built = { name: `${options.name}-${known.size}`, text: query.sql, values };
    known.set(key, built);
    return built;
  }

  return async (db, shape, given) => {
    const { values, ...statement } = find(shape);
    const result = await db.$client.query({
      ...statement,
      values: values.map((value) => value(given)),
      rowMode: "array",
      types,
    });
    return result.rows.map(decode);
  };
}

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly ((given: Readonly<Record<string, unknown>>) => unknown)[];
}

/** How a parameter of a built statement comes by its value: by its placeholder's name, or once for all. */
function valueOf(param: unknown): Statement["values"][number] {
  const encoder = is(param, Param) ? param.encoder : undefined;
  const value = is(param, Param) ? param.value : param;
  const encode = (plain: unknown) => (encoder ? encoder.mapToDriverValue(plain) : plain);
  if (!is(value, Placeholder)) {
    const encoded = encode(value);
    return () => encoded;
  }
  const { name } = value;
  return (given) => {
    if (!(name in given)) throw new Error(`no value was given for ${name}`);
    return encode(given[name]);
  };
}

/** Whether a column's type has a decoder of its own. */
function decodes(column: PgColumn): boolean {
  for (let at: object = column; at !== Column.prototype; at = Object.getPrototypeOf(at) as object)
    if (Object.hasOwn(at, "mapFromDriverValue")) return true;
  return false;
}

function rowDecoder<Row>(columns: Readonly<Record<string, PgColumn>>): (values: unknown[]) => Row {
  const fields = Object.entries(columns).map(([name, column]) => ({
    name,
    // Most columns are what the driver makes of them.
    decode: decodes(column) ? (value: unknown) => column.mapFromDriverValue(value) : undefined,
  }));
  return (values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < fields.length; index++) {
      const { name, decode } = fields[index]!;
      const value = values[index];
      row[name] = decode && value !== null ? decode(value) : value;
    }
    return row as Row;
  };
}
