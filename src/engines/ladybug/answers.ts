import { setImmediate } from "node:timers/promises";
import type lbug from "@ladybugdb/core";
import { spend } from "./answer-size.ts";
import { failure } from "./turns.ts";
import { parseType, type Schema, toValue } from "./values.ts";

type Connection = InstanceType<typeof lbug.Connection>;
type Prepared = Awaited<ReturnType<Connection["prepare"]>>;

const first = <T>(one: T | T[]): T => (Array.isArray(one) ? one[0]! : one);
const noSchema: Schema = new Map();
const sliceMs = 5;

/** Runs prepared statements and reads what they answer as the contract words it. */
export class Answers {
  private readonly schemas = new Map<string, Schema>();
  private readonly most: { readonly rows: number; readonly bytes: number };

  constructor(most: { readonly rows: number; readonly bytes: number }) {
    this.most = most;
  }

  async read(connection: Connection, prepared: Prepared, parameters: object | undefined, wrote: boolean) {
    const answer = await connection.execute(prepared, (parameters ?? {}) as never);
    const result = first(answer);
    if (!result) return { fields: [], values: [], wrote };
    try {
      const { rows: mostRows, bytes } = this.most;
      if (result.getNumTuples() > mostRows)
        throw failure("LIMIT", `The answer has more than ${mostRows} rows; ask for fewer with LIMIT.`);
      const fields = await result.getColumnNames();
      const types = (await result.getColumnDataTypes()).map(parseType);
      const rows = await rowsOf(result, bytes);
      const schemaOf = await this.schemasOf(connection, rows);
      const values = rows.map((row) =>
        fields.map((field, index) => toValue(row[field], types[index]!, schemaOf)),
      );
      return { fields, values, wrote };
    } finally {
      result.close();
    }
  }

  /** After a write, which may have changed tables. */
  forgetSchemas(): void {
    this.schemas.clear();
  }

  /** The schemas of the tables whose nodes and relationships are in the rows. */
  private async schemasOf(connection: Connection, rows: unknown): Promise<(table: string) => Schema> {
    const labels = new Set<string>();
    collectLabels(rows, labels);
    for (const label of labels) {
      if (this.schemas.has(label)) continue;
      const info = first(
        await connection.query(`CALL table_info('${label.replaceAll(/['\\]/g, "\\$&")}') RETURN *`),
      );
      const columns = (await info.getAll()) as { name: string; type: string }[];
      info.close();
      this.schemas.set(label, new Map(columns.map(({ name, type }) => [name, parseType(type)])));
    }
    return (table) => this.schemas.get(table) ?? noSchema;
  }
}

/**
 * Three times as fast as getAll; in slices, so that other requests have their turn between. One row may hold a list of any
 * length, so rows are weighed as they come: what is too much reaches neither the socket nor the service.
 */
async function rowsOf(
  result: InstanceType<typeof lbug.QueryResult>,
  mostBytes: number,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let last = performance.now() + sliceMs;
  let left = mostBytes;
  while (result.hasNext()) {
    const row = result.getNextSync() ?? {};
    left = spend(left, row);
    if (left < 0)
      throw failure(
        "LIMIT",
        `The answer has more than ${mostBytes} bytes; ask for fewer rows, properties or elements of lists at a time.`,
      );
    rows.push(row);
    if (performance.now() < last) continue;
    await setImmediate();
    last = performance.now() + sliceMs;
  }
  return rows;
}

function collectLabels(value: unknown, labels: Set<string>): void {
  if (value === null || typeof value !== "object" || value instanceof Date || Buffer.isBuffer(value)) return;
  if ("_label" in value && typeof value._label === "string") labels.add(value._label);
  for (const item of value instanceof Map ? value.values() : Object.values(value))
    collectLabels(item, labels);
}
