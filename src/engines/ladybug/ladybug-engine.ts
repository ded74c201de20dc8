import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import lbug from "@ladybugdb/core";
import type { Clock } from "../../clock.js";
import { EngineError, type Engine, type Generation, type GenerationId, type QueryResult } from "../engine.js";
import { ChildConnection, ConnectionLost, engineError } from "./child-connection.js";
import { guardStatement } from "./statement-guard.js";

export interface LadybugOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger?: { warn(o: object, m: string): void };
  readonly idleAfterMs?: number;
  readonly maxDbSizeBytes?: number;
  readonly checkpointWalBytes?: number;
  readonly queryTimeoutMs?: number;
  readonly maxResultRows?: number;
  readonly nodeBinary?: string;
}

// Node strips the types of child.ts by itself, so tests run it without a build.
const childFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url),
);
const unavailable = (message: string, outcomeUnknown = false): EngineError =>
  new EngineError("UNAVAILABLE", message, { outcomeUnknown });

/** Ladybug, one child process per open generation; see child.ts. Several service processes may share `directory`. */
export function createLadybugEngine(options: LadybugOptions): Engine {
  const root = resolve(options.directory);
  const connections = new Map<string, Promise<ChildConnection>>();
  const children = new Map<string, ChildProcess>();
  const settings = JSON.stringify({
    idleAfterMs: options.idleAfterMs ?? 300_000,
    maxDbSizeBytes: options.maxDbSizeBytes ?? 4 * 2 ** 30,
    checkpointWalBytes: options.checkpointWalBytes ?? 64 * 2 ** 20,
    queryTimeoutMs: options.queryTimeoutMs ?? 30_000,
    maxResultRows: options.maxResultRows ?? 100_000,
  });
  const folderOf = (g: GenerationId): string => join(root, g.instanceId, String(g.number));
  const fileOf = (g: GenerationId): string => join(folderOf(g), "graph.lbug");

  async function socketPath(folder: string): Promise<string> {
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 20);
    const parent = join(tmpdir(), `dag-${hash(root)}`);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return join(parent, hash(folder));
  }

  /** Whoever gets Ladybug's file lock serves; the others connect to the winner's socket. */
  async function start(folder: string): Promise<ChildConnection> {
    const path = await socketPath(folder);
    let reason = "";
    for (let attempt = 0; attempt < 100; attempt++) {
      const connection = await ChildConnection.open(path).catch(() => undefined);
      if (
        connection &&
        (await connection.request("ping").then(
          () => true,
          () => false,
        ))
      )
        return connection;
      const child = spawn(options.nodeBinary ?? process.execPath, [childFile, folder, path, settings], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      const [line] = (await Promise.race([
        once(child.stdout, "data"),
        once(child, "exit").then(() => ["failed: it ended"]),
        once(child, "error").then(([error]) => [`failed: ${String(error)}`]),
      ])) as [unknown];
      reason = String(line);
      if (reason.startsWith("ready")) {
        children.set(folder, child);
        child.once("exit", () => children.get(folder) === child && children.delete(folder));
      } else if (!/lock/i.test(reason)) throw engineError({ message: reason });
      else await delay(50);
    }
    throw unavailable(`The engine did not start in time: ${reason}`);
  }

  async function connectionOf(g: GenerationId): Promise<ChildConnection> {
    const folder = folderOf(g);
    const known = await connections.get(folder)?.catch(() => undefined);
    if (known && !known.closed) return known;
    if (!existsSync(fileOf(g))) throw new EngineError("NOT_FOUND", "No such generation.");
    const current = connections.get(folder);
    const again = current && (await current.catch(() => undefined));
    if (again && !again.closed) return again;
    if (connections.get(folder) !== current) return connectionOf(g);
    const fresh = start(folder);
    connections.set(folder, fresh);
    return fresh;
  }

  async function request<T>(g: GenerationId, op: string, fields: object, repeatable: boolean): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const connection = await connectionOf(g);
      try {
        return await connection.request<T>(op, fields);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        if (attempt < 3 && (error.ran === "no" || (repeatable && attempt === 0))) continue;
        throw unavailable(error.message, error.ran === "unknown" && !repeatable);
      }
    }
  }

  async function shut(folder: string): Promise<void> {
    const connection = connections.get(folder);
    connections.delete(folder);
    (await connection?.catch(() => undefined))?.close();
    const child = children.get(folder);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.stdin?.end();
    await ended;
  }

  /** Ends whichever process serves the generation, also one that another service process started. */
  async function end(folder: string): Promise<void> {
    const owner = await ChildConnection.open(await socketPath(folder)).catch(() => undefined);
    await owner?.request("end").catch(() => undefined);
    owner?.close();
    await shut(folder);
  }

  async function sync(path: string): Promise<void> {
    const handle = await open(path, "r");
    await handle.sync().finally(() => handle.close());
  }

  const engine: Engine = {
    name: "ladybug",
    traits: { consistentPoint: "online", increments: false, versions: ["V4", "V5"] },
    version: () => Promise.resolve(lbug.Database.getVersion()),
    async create(g, call) {
      call?.signal?.throwIfAborted();
      if (existsSync(fileOf(g))) return;
      const staging = `${folderOf(g)}.staging`;
      await rm(staging, { recursive: true, force: true });
      await mkdir(staging, { recursive: true });
      (await start(staging)).close();
      await shut(staging);
      await sync(join(staging, "graph.lbug"));
      await rm(folderOf(g), { recursive: true, force: true });
      await rename(staging, folderOf(g));
      await sync(join(root, g.instanceId));
    },
    async drop(g) {
      await end(folderOf(g));
      await end(`${folderOf(g)}.staging`);
      await rm(folderOf(g), { recursive: true, force: true });
      await rm(`${folderOf(g)}.staging`, { recursive: true, force: true });
    },
    async list() {
      const found = new Map<string, GenerationId>();
      for (const instanceId of await readdir(root).catch(() => [])) {
        for (const name of await readdir(join(root, instanceId)).catch(() => [])) {
          const number = Number.parseInt(name, 10);
          if (number > 0) found.set(`${instanceId}/${number}`, { instanceId, number });
        }
      }
      return [...found.values()];
    },
    async query(g, statement, call) {
      guardStatement(statement.text);
      const { signal } = call ?? {};
      if (signal?.aborted) throw new EngineError("CANCELED", "Canceled before it began.");
      const { text, parameters, access } = statement;
      const answer = request<QueryResult>(g, "query", { text, parameters, access }, access === "READ");
      if (!signal) return answer;
      // The engine cannot be told to stop: the caller goes on, and a write may still come to pass.
      return new Promise((resolve, reject) => {
        const cancel = (): void =>
          reject(new EngineError("CANCELED", "Canceled.", { outcomeUnknown: access !== "READ" }));
        signal.addEventListener("abort", cancel, { once: true });
        void answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
      });
    },
    async sizeBytes(g) {
      const names = await readdir(folderOf(g)).catch(() => {
        throw new EngineError("NOT_FOUND", "No such generation.");
      });
      const sizes = names.map((name) =>
        stat(join(folderOf(g), name)).then(
          (s) => s.size,
          () => 0,
        ),
      );
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
    async capture(g, call) {
      call?.signal?.throwIfAborted();
      await connectionOf(g);
      // A connection of its own: its end frees the point, also when this process dies.
      const own = await ChildConnection.open(await socketPath(folderOf(g)));
      const point = await own.request<{ pausedMs: number; sizeBytes: number }>("capture");
      const takenAt = options.clock.now();
      const { sizeBytes, pausedMs } = point;
      return {
        form: "image",
        takenAt,
        pausedMs,
        parts: [
          {
            name: "graph.lbug",
            sizeBytes,
            open: () => createReadStream(fileOf(g), { start: 0, end: sizeBytes - 1 }),
          },
        ],
        finish: () =>
          own.request<undefined>("captureCheck").catch(() => {
            throw unavailable("The consistent point is lost.");
          }),
        release: () => Promise.resolve(own.close()),
      };
    },
    async stage(g, layers, call) {
      const staging = `${folderOf(g)}.staging`;
      await rm(staging, { recursive: true, force: true });
      await mkdir(staging, { recursive: true });
      for await (const layer of layers) {
        if (layer.form !== "image") throw new EngineError("CORRUPT", "This engine makes no increments.");
        for await (const part of layer.parts) {
          if (part.name !== "graph.lbug") throw new EngineError("CORRUPT", `Unknown part ${part.name}.`);
          const handle = await open(join(staging, part.name), "w");
          await pipeline(part.open(), handle.createWriteStream({ flush: true }), { signal: call?.signal });
        }
      }
      await end(folderOf(g));
      await rm(folderOf(g), { recursive: true, force: true });
      await rename(staging, folderOf(g));
      await sync(join(root, g.instanceId));
    },
    async check(g: Generation) {
      try {
        await request(g, "query", { text: "CALL show_tables() RETURN *", access: "READ" }, true);
      } catch (error) {
        if (error instanceof EngineError && ["NOT_FOUND", "UNAVAILABLE"].includes(error.code)) throw error;
        throw new EngineError("CORRUPT", "The engine does not open the data.", { cause: error });
      }
    },
    async holdWrites(g) {
      await connectionOf(g);
      const own = await ChildConnection.open(await socketPath(folderOf(g)));
      await own.request("hold");
      let done = false;
      const end = async (op: "resume" | "retire"): Promise<void> => {
        if (done) return;
        await own.request(op).catch((error: unknown) => {
          throw error instanceof ConnectionLost ? unavailable(error.message) : error;
        });
        done = true;
        own.close();
      };
      return { resume: () => end("resume"), retire: () => end("retire") };
    },
    async close() {
      await Promise.all([...new Set([...connections.keys(), ...children.keys()])].map(shut));
    },
  };
  return engine;
}
