import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import lbug from "@ladybugdb/core";
import { openPart, readerOf } from "../../byte-reader.js";
import type { Clock } from "../../clock.js";
import {
  type CallOptions,
  type Capture,
  type Engine,
  EngineError,
  type EngineErrorCode,
  type Layer,
  type QueryResult,
} from "../engine.js";
import { ChildPool } from "./child-pool.js";
import { databaseName, GenerationFiles } from "./generation-files.js";
import type { OwnConnection } from "./own-connection.js";
import { guardParameters } from "./parameters.js";
import { Program } from "./program.js";
import { guardStatement } from "./statement-guard.js";

export interface LadybugOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger?: { warn(fields: object, message: string): void };
  /** How long an instance may be unused before its process ends. Default: 5 minutes. */
  readonly idleAfterMs?: number;
  /** How many processes this object keeps at most. Default: 32. */
  readonly maxChildren?: number;
  /** What one process may keep of its data in memory. Default: 256 MiB. */
  readonly bufferPoolBytes?: number;
  readonly maxDbSizeBytes?: number;
  readonly checkpointWalBytes?: number;
  readonly queryTimeoutMs?: number;
  readonly maxResultRows?: number;
  /** What an answer may hold, about as JSON. Default: 16 MiB. */
  readonly maxResultBytes?: number;
  readonly nodeBinary?: string;
}

const manyValues = 10_000;
/** Behind whatever answers requests, Postgres among it, and before their own statements and the packing of snapshots. */
const tenantsNiceness = 5;

/** Of the statement that looks whether the data is sound, which is good itself. */
const statementsOwn = new Set<EngineErrorCode>(["OTHER", "SYNTAX", "CONSTRAINT", "EVALUATION"]);

const corrupt = (message: string, cause?: unknown) => new EngineError("CORRUPT", message, { cause });

/** Ladybug, one child process per open generation; see child.ts. Several service processes may share `directory`. */
export function createLadybugEngine(options: LadybugOptions): Engine {
  const root = resolve(options.directory);
  const files = new GenerationFiles(root);
  const maxDbSizeBytes = options.maxDbSizeBytes ?? 4 * 2 ** 30;
  const program = new Program();
  const common = {
    root,
    nodeBinary: options.nodeBinary ?? process.execPath,
    program,
    logger: options.logger,
    settings: {
      idleAfterMs: options.idleAfterMs ?? 300_000,
      bufferPoolBytes: options.bufferPoolBytes ?? 256 * 2 ** 20,
      maxDbSizeBytes,
      checkpointWalBytes: options.checkpointWalBytes ?? 64 * 2 ** 20,
      queryTimeoutMs: options.queryTimeoutMs ?? 30_000,
      maxResultRows: options.maxResultRows ?? 100_000,
      maxResultBytes: options.maxResultBytes ?? 16 * 2 ** 20,
    },
  };
  const maxChildren = options.maxChildren ?? 32;
  const pool = new ChildPool({ ...common, maxChildren, niceness: tenantsNiceness });
  // For what no tenant has a hand in: in line behind nobody's statements, and with the service's own priority.
  const makers = new ChildPool({ ...common, maxChildren: 1, niceness: 0 });
  const own = new Set<OwnConnection>();
  let closed = false;
  let empty: Promise<Buffer> | undefined;
  let making: Promise<Buffer> | undefined;

  function begin(signal?: AbortSignal): void {
    if (closed) throw new EngineError("UNAVAILABLE", "The engine is closed.");
    if (signal?.aborted) throw new EngineError("CANCELED", "Canceled before it began.");
  }

  /** Runs the first request on a connection of its own, which stays open if it succeeds. */
  async function openOwn(folder: string, op: "capture" | "hold", call?: CallOptions): Promise<OwnConnection> {
    const connection = await pool.open(folder, call);
    own.add(connection);
    try {
      await connection.request(op, call?.signal);
      return connection;
    } catch (error) {
      release(connection);
      throw error;
    }
  }
  function release(connection: OwnConnection): void {
    own.delete(connection);
    connection.close();
  }

  async function makeEmpty(): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), "dag-empty-"));
    try {
      await makers.request(folder, "ping", {});
      await makers.shut(folder);
      return await readFile(join(folder, databaseName));
    } finally {
      await makers.end(folder);
      await rm(folder, { recursive: true, force: true });
    }
  }
  /** Makes an empty database, once for all who ask meanwhile. */
  function makeOne(): Promise<Buffer> {
    return (making ??= makeEmpty().finally(() => (making = undefined)));
  }
  /** An empty database, which Ladybug makes once. */
  function emptyDatabase(): Promise<Buffer> {
    const one = (empty ??= makeOne());
    one.catch(() => (empty = undefined));
    return one;
  }

  async function stageLayer(staging: string, { form, parts }: Layer, signal?: AbortSignal): Promise<void> {
    if (form !== "image") throw corrupt("This engine makes no increments.");
    let count = 0;
    for await (const part of parts) {
      if (part.name !== databaseName || count++ > 0) throw corrupt(`Unknown part ${part.name}.`);
      // It could not be opened, however well it was packed.
      if ((part.sizeBytes ?? 0) > maxDbSizeBytes)
        throw corrupt(`The image has ${part.sizeBytes} bytes; a database has ${maxDbSizeBytes} at most.`);
      await files.write(staging, await openPart(part), signal);
    }
    if (count === 0) throw corrupt("The image has no part.");
  }

  const endOf = (generation: Parameters<Engine["drop"]>[0]) => pool.end(files.folderOf(generation));

  return {
    name: "ladybug",
    traits: { consistentPoint: "online", increments: false, versions: ["V4", "V5"] },

    version: () => Promise.resolve(lbug.Database.getVersion()),

    async ready() {
      begin();
      await files.probe();
      // Where it is at work it runs, however busy. What tenants have of it is not asked: they are answered in their turn.
      if (!program.runs) await makeOne();
    },

    async create(g, call) {
      begin(call?.signal);
      if (files.has(g)) return;
      const bytes = await emptyDatabase();
      const staging = await files.prepare(g);
      await files.write(staging, readerOf(Readable.from([bytes])), call?.signal);
      await files.publish(g, staging, () => endOf(g));
    },

    async drop(g) {
      begin();
      await files.remove(g, () => endOf(g));
    },

    async list() {
      begin();
      return await files.list();
    },

    async inspect(g) {
      begin();
      return await files.inspect(g);
    },

    async query(g, { text, parameters, access }, call) {
      begin(call?.signal);
      const { mayWrite } = guardStatement(text);
      // Sending many on takes as long as looking at them did: others have their turn between.
      if (guardParameters(parameters ?? {}) > manyValues) await nextTurn();
      const request = { text, parameters: { ...parameters }, mayWrite, ...(access && { access }) };
      return await pool.request<QueryResult>(files.require(g), "query", request, call);
    },

    async sizeBytes(g) {
      begin();
      return await files.sizeBytes(g);
    },

    async capture(g, call): Promise<Capture> {
      begin(call?.signal);
      const folder = files.require(g);
      const connection = await openOwn(folder, "capture", call);
      try {
        // Writers wait until this instant has been noted: no write is answered between it and the point.
        const takenAt = options.clock.now();
        const { sizeBytes, pausedMs } = await connection.request<{ pausedMs: number; sizeBytes: number }>(
          "captureNoted",
        );
        return {
          form: "image",
          takenAt,
          pausedMs,
          parts: [
            {
              name: databaseName,
              sizeBytes,
              open: () => files.read(folder, sizeBytes),
              openReader: () => files.openReader(folder, sizeBytes),
            },
          ],
          finish: async () => void (await connection.request("captureCheck")),
          release: () => Promise.resolve(release(connection)),
        };
      } catch (error) {
        release(connection);
        throw error;
      }
    },

    async stage(g, layers, call) {
      begin(call?.signal);
      const staging = await files.prepare(g);
      try {
        let count = 0;
        for await (const layer of layers) {
          if (count++ > 0) throw corrupt("This engine makes no increments.");
          await stageLayer(staging, layer, call?.signal);
        }
        if (count === 0) throw corrupt("There is no image.");
        begin(call?.signal);
      } catch (error) {
        await rm(staging, { recursive: true, force: true });
        throw error;
      }
      await files.publish(g, staging, () => endOf(g));
    },

    async check(g, call) {
      begin(call?.signal);
      const folder = files.require(g);
      // Ladybug makes a new database of an empty file.
      if ((await files.sizeBytes(g)) === 0) throw corrupt("The database is empty.");
      try {
        const text = "CALL show_tables() RETURN *";
        await pool.request(folder, "query", { text, access: "READ" }, call);
      } catch (error) {
        if (error instanceof EngineError && !statementsOwn.has(error.code)) throw error;
        throw corrupt("The engine does not open the data.", error);
      }
    },

    async holdWrites(g, call) {
      begin(call?.signal);
      const connection = await openOwn(files.require(g), "hold", call);
      let done = false;
      const end = async (op: "resume" | "retire"): Promise<void> => {
        if (done) return;
        await connection.request(op);
        done = true;
        release(connection);
      };
      return { resume: () => end("resume"), retire: () => end("retire") };
    },

    async close() {
      closed = true;
      for (const connection of own) release(connection);
      await Promise.all([pool.close(), makers.close()]);
    },
  };
}
