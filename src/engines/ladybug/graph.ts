import { existsSync, statfsSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import lbug from "@ladybugdb/core";
import { Answers } from "./answers.ts";
import type { ChildRequest, ChildSettings } from "./frames.ts";
import { failure, Lending, Queue, type Turn } from "./turns.ts";

type Connection = InstanceType<typeof lbug.Connection>;
type Prepared = Awaited<ReturnType<Connection["prepare"]>>;

/** With less than this free, a disk is full. */
const spareBytes = 2 ** 20;

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
  private readonly answers: Answers;
  private readonly writer: Connection;
  private readonly settings: ChildSettings;
  private readonly folder: string;
  private readonly file: string;
  private readonly log: string;
  private readonly retiredMark: string;
  private retired: boolean;
  /** What is on the disk and what is in memory are no longer one: the process must end, and the next recovers. */
  broken = false;
  private stopped = false;
  private point: { ended: Promise<void>; end: () => void } | undefined;

  private constructor(
    database: InstanceType<typeof lbug.Database>,
    writer: Connection,
    folder: string,
    settings: ChildSettings,
  ) {
    this.writer = writer;
    this.settings = settings;
    this.answers = new Answers({ rows: settings.maxResultRows, bytes: settings.maxResultBytes });
    this.folder = folder;
    this.file = join(folder, "graph.lbug");
    this.log = `${this.file}.wal`;
    this.retiredMark = join(folder, "retired");
    this.retired = existsSync(this.retiredMark);
    this.readers = new Lending(
      () => connect(database, settings),
      (connection) => connection.close(),
      { lent: 4, abandoned: 8 },
    );
  }

  /** Says by `tornLog` whether the end of the log was never written as a whole, and has been dropped. */
  static async open(folder: string, settings: ChildSettings): Promise<{ graph: Graph; tornLog: boolean }> {
    const file = join(folder, "graph.lbug");
    const hasLog = existsSync(`${file}.wal`);
    try {
      return { graph: await Graph.openDatabase(folder, settings, true), tornLog: false };
    } catch (error) {
      if (!hasLog) throw error;
      // A kill or a full disk leaves a commit half written. Ladybug can pass over it, but would append to it.
      const graph = await Graph.openDatabase(folder, settings, false).catch(() => {
        throw error;
      });
      await graph.writeCheckpoint();
      return { graph, tornLog: true };
    }
  }

  private static async openDatabase(
    folder: string,
    settings: ChildSettings,
    strict: boolean,
  ): Promise<Graph> {
    const { bufferPoolBytes, maxDbSizeBytes } = settings;
    const file = join(folder, "graph.lbug");
    const database = new lbug.Database(file, bufferPoolBytes, true, false, maxDbSizeBytes, false, -1, strict);
    await database.init();
    return new Graph(database, await connect(database, settings), folder, settings);
  }

  async query(request: ChildRequest, turn: Turn): Promise<unknown> {
    if (request.mayWrite) {
      const writing = this.queue.run(() => this.write(request, turn));
      try {
        const written = await turn.race(writing);
        if (written) return written;
      } catch (error) {
        // Called off while the engine is at it, it has not ended before the engine has.
        if (turn.begunAt !== undefined) await writing.catch(() => undefined);
        throw error;
      }
    }
    const read = await this.readers.use(turn, async (connection) => {
      const prepared = await prepare(connection, request);
      return prepared.isReadOnly()
        ? await this.answers.read(connection, prepared, request.parameters, false)
        : undefined;
    });
    // It writes after all, by what only the engine knows of.
    return read ?? (await this.query({ ...request, mayWrite: true }, turn));
  }

  /** Nothing where the statement turns out to be a read. */
  private async write(request: ChildRequest, turn: Turn): Promise<unknown> {
    if (turn.canceled) return undefined;
    await (this.stopped ? new Promise(() => undefined) : this.unbroken());
    turn.begin();
    if (this.retired) throw failure("MOVED", "The generation has been retired.");
    const prepared = await prepare(this.writer, request);
    if (prepared.isReadOnly()) {
      turn.rest();
      return undefined;
    }
    if (request.access === "READ") throw failure("FORBIDDEN_STATEMENT", "The statement writes.");
    const logBytes = this.logBytes();
    // A transaction of its own, so that a write that was called off or answers too much can be undone.
    await this.writer.query("BEGIN TRANSACTION");
    let answer: unknown;
    try {
      answer = await this.answers.read(this.writer, prepared, request.parameters, true);
      turn.settle();
    } catch (error) {
      // Where the statement itself failed, Ladybug has rolled back already.
      await this.writer.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
    await this.commit(logBytes);
    this.answers.forgetSchemas();
    await this.shortenLog();
    return answer;
  }

  /** A commit that fails has written a part of itself, onto which the next would be written: it is cut off. */
  private async commit(logBytes: number): Promise<void> {
    try {
      await this.writer.query("COMMIT");
    } catch (error) {
      this.broken = true;
      if (existsSync(this.log)) truncateSync(this.log, logBytes);
      throw this.toFailure(error);
    }
  }

  private async shortenLog(): Promise<void> {
    if (this.logBytes() <= this.settings.checkpointWalBytes || this.point) return;
    // The write itself is durable, whatever becomes of this.
    await this.writeCheckpoint().catch(() => undefined);
  }

  /** Fails before it begins where there may be too little room: begun, it cannot be undone in this process. */
  private async writeCheckpoint(): Promise<void> {
    await this.unbroken();
    if (this.freeBytes() < this.logBytes() + spareBytes)
      throw failure("OUT_OF_SPACE", "There is too little room on the disk for a checkpoint.");
    try {
      await this.writer.query("CHECKPOINT");
    } catch (error) {
      this.broken = true;
      throw this.toFailure(error);
    }
  }

  /** Never resolves in a process that must not touch its data any more, and is about to end. */
  private unbroken(): Promise<void> {
    return this.broken ? new Promise(() => undefined) : Promise.resolve();
  }

  private toFailure(error: unknown): Error {
    const isFull = this.freeBytes() < spareBytes;
    return failure(isFull ? "OUT_OF_SPACE" : "UNAVAILABLE", (error as Error).message);
  }

  private logBytes(): number {
    return statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
  }

  private freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
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
        const checkpoint = this.writeCheckpoint();
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

  /** Begins no write any more; resolves when the one under way has ended. */
  async stopWrites(): Promise<void> {
    this.stopped = true;
    await this.queue.running.catch(() => undefined);
  }

  /** Makes the next opening quick. */
  async checkpoint(): Promise<void> {
    await this.queue.run(() => this.writeCheckpoint()).catch(() => undefined);
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
