import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import lbug from "@ladybugdb/core";
import type { ChildRequest, ChildSettings } from "./frames.ts";
import { failure, Lending, Queue, type Turn } from "./turns.ts";
import { parseType, type Schema, toValue } from "./values.ts";

type Connection = InstanceType<typeof lbug.Connection>;
type Prepared = Awaited<ReturnType<Connection["prepare"]>>;

const first = <T>(one: T | T[]): T => (Array.isArray(one) ? one[0]! : one);
const sliceMs = 5;
const noSchema: Schema = new Map();

export interface Point {
  /** Waits for the checkpoint, lets writers go on, and tells how large the consistent file is. */
  complete(): Promise<{ pausedMs: number; sizeBytes: number }>;
  readonly end: () => void;
}

/**
 * One open database: reads beside one another, writes one after another. Merely preparing a writing statement takes the
 * engine's one write transaction, and a CHECKPOINT beside a write would spoil the recovery after a crash, so all
 * of these have their turn in one queue.
 */
export class Graph {
  private readonly queue = new Queue();
  private readonly readers: Lending<Connection>;
  private readonly schemas = new Map<string, Schema>();
  private readonly writer: Connection;
  private readonly settings: ChildSettings;
  private readonly file: string;
  private readonly retiredMark: string;
  private retired: boolean;
  private point: { ended: Promise<void>; end: () => void } | undefined;

  private constructor(
    database: InstanceType<typeof lbug.Database>,
    writer: Connection,
    folder: string,
    settings: ChildSettings,
  ) {
    this.writer = writer;
    this.settings = settings;
    this.file = join(folder, "graph.lbug");
    this.retiredMark = join(folder, "retired");
    this.retired = existsSync(this.retiredMark);
    this.readers = new Lending(
      () => connect(database, settings),
      (connection) => connection.close(),
      { lent: 4, abandoned: 8 },
    );
  }

  static async open(folder: string, settings: ChildSettings): Promise<Graph> {
    const { bufferPoolBytes, maxDbSizeBytes } = settings;
    const file = join(folder, "graph.lbug");
    const database = new lbug.Database(file, bufferPoolBytes, true, false, maxDbSizeBytes, false);
    await database.init();
    return new Graph(database, await connect(database, settings), folder, settings);
  }

  async query(request: ChildRequest, turn: Turn): Promise<unknown> {
    if (request.mayWrite) {
      const written = await turn.race(this.queue.run(() => this.write(request, turn)));
      if (written) return written;
    }
    const read = await this.readers.use(turn, async (connection) => {
      const prepared = await prepare(connection, request);
      return prepared.isReadOnly() ? await this.run(connection, prepared, request, false) : undefined;
    });
    // It writes after all, by what only the engine knows of.
    return read ?? (await this.query({ ...request, mayWrite: true }, turn));
  }

  /** Nothing where the statement turns out to be a read. */
  private async write(request: ChildRequest, turn: Turn): Promise<unknown> {
    if (turn.canceled) return undefined;
    if (this.retired) throw failure("MOVED", "The generation has been retired.");
    const prepared = await prepare(this.writer, request);
    if (prepared.isReadOnly()) return undefined;
    if (request.access === "READ") throw failure("FORBIDDEN_STATEMENT", "The statement writes.");
    // A transaction of its own, so that a write that was called off or answers too much can be undone.
    await this.writer.query("BEGIN TRANSACTION");
    let answer: unknown;
    try {
      answer = await this.run(this.writer, prepared, request, true);
      turn.settle();
    } catch (error) {
      // Where the statement itself failed, Ladybug has rolled back already.
      await this.writer.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
    await this.commit();
    this.schemas.clear();
    await this.shortenLog();
    return answer;
  }

  private async commit(): Promise<void> {
    try {
      await this.writer.query("COMMIT");
    } catch (error) {
      await this.writer.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  private async shortenLog(): Promise<void> {
    const wal = statSync(`${this.file}.wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (wal <= this.settings.checkpointWalBytes || this.point) return;
    // A failed checkpoint leaves the log as it was: the write itself is durable.
    await this.writer.query("CHECKPOINT").catch(() => undefined);
  }

  private async run(connection: Connection, prepared: Prepared, request: ChildRequest, wrote: boolean) {
    const answer = await connection.execute(prepared, (request.parameters ?? {}) as never);
    const result = first(answer);
    if (!result) return { fields: [], values: [], wrote };
    try {
      const { maxResultRows } = this.settings;
      if (result.getNumTuples() > maxResultRows)
        throw failure("LIMIT", `The answer has more than ${maxResultRows} rows; ask for fewer with LIMIT.`);
      const fields = await result.getColumnNames();
      const types = (await result.getColumnDataTypes()).map(parseType);
      const rows = await rowsOf(result);
      const schemaOf = await this.schemasOf(connection, rows);
      const values = rows.map((row) =>
        fields.map((field, index) => toValue(row[field], types[index]!, schemaOf)),
      );
      return { fields, values, wrote };
    } finally {
      result.close();
    }
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

  /** Pauses writers, for as long as the point takes and until `complete` is called. One point at a time. */
  async openPoint(turn: Turn): Promise<Point> {
    while (this.point) await turn.race(this.point.ended);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const mine = { ended, end: () => end() };
    this.point = mine;
    const close = () => {
      if (this.point === mine) this.point = undefined;
      end();
    };
    let noted = (): void => undefined;
    const wasNoted = new Promise<void>((resolve) => (noted = resolve));
    const task = { measured: Promise.resolve({ pausedMs: 0, sizeBytes: 0 }) };
    const paused = new Promise<void>((resolve, reject) => {
      task.measured = this.queue.run(async () => {
        if (turn.canceled) throw failure("CANCELED", "Canceled.");
        const start = performance.now();
        const checkpoint = this.writer.query("CHECKPOINT");
        resolve();
        await checkpoint;
        await Promise.race([wasNoted, ended]);
        return { pausedMs: performance.now() - start, sizeBytes: statSync(this.file).size };
      });
      task.measured.catch((error: unknown) => {
        close();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
    try {
      await turn.race(paused);
      turn.settle();
    } catch (error) {
      close();
      throw error;
    }
    return {
      end: close,
      complete: () => {
        noted();
        return task.measured;
      },
    };
  }

  get hasPoint(): boolean {
    return this.point !== undefined;
  }

  /** Makes writers wait until the answered function is called. */
  holdWrites(isWanted: () => boolean): Promise<() => void> {
    return new Promise((granted, refused) => {
      void this.queue.run(async () => {
        if (isWanted()) await new Promise<void>((end) => granted(end));
        else refused(failure("UNAVAILABLE", "The hold is no longer wanted."));
      });
    });
  }

  retire(): void {
    writeFileSync(this.retiredMark, "", { flush: true });
    this.retired = true;
  }

  /** Makes the next opening quick. */
  async checkpoint(): Promise<void> {
    await this.queue.run(() => this.writer.query("CHECKPOINT")).catch(() => undefined);
  }
}

async function connect(
  database: InstanceType<typeof lbug.Database>,
  settings: ChildSettings,
): Promise<Connection> {
  const connection = new lbug.Connection(database, 1);
  await connection.init();
  connection.setQueryTimeout(settings.queryTimeoutMs);
  return connection;
}

async function prepare(connection: Connection, request: ChildRequest): Promise<Prepared> {
  const prepared = await connection.prepare(request.text ?? "");
  if (!prepared.isSuccess()) throw new Error(prepared.getErrorMessage());
  return prepared;
}

/** Three times as fast as getAll; in slices, so that other requests have their turn between. */
async function rowsOf(result: InstanceType<typeof lbug.QueryResult>): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let last = performance.now() + sliceMs;
  while (result.hasNext()) {
    rows.push(result.getNextSync() ?? {});
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
