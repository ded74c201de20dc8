import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../engine.js";
import { ChildConnection, ConnectionLost } from "./child-connection.js";
import type { ChildRequest, ChildSettings } from "./frames.js";
import { OwnConnection } from "./own-connection.js";
import { openSocketFolder, socketIn } from "./socket-folder.js";
import { answers, spawnChild, startFailure } from "./spawn-child.js";

/** How long a process may take to start, and to leave. */
const startMs = 30_000;
const leaveMs = 15_000;

const unavailable = (message: string, outcomeUnknown = false): EngineError =>
  new EngineError("UNAVAILABLE", message, { outcomeUnknown });

interface Place {
  connection?: Promise<ChildConnection>;
  /** Where this process has started it; another process of the service may have. */
  child?: ChildProcess;
  /** Requests, captures and holds of this process that need it open. */
  users: number;
  lastUse: number;
}

export interface ChildPoolOptions {
  readonly root: string;
  readonly settings: ChildSettings;
  readonly nodeBinary: string;
  readonly maxChildren: number;
  readonly logger?: { warn(fields: object, message: string): void } | undefined;
}

/**
 * The engine's processes, one for each open generation. Whichever process of the service gets Ladybug's lock on the
 * file starts it; the others connect to its socket. Of those started here no more than `maxChildren` run at a time:
 * the one that has been idle for the longest makes room, and where none is idle, one waits.
 */
export class ChildPool {
  private readonly places = new Map<string, Place>();
  private readonly freed = new Set<() => void>();
  private socketFolder: Promise<string> | undefined;
  private uses = 0;
  private making: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: ChildPoolOptions) {}

  /** Runs the request on whichever process serves the folder, again where it is known not to have run. */
  async request<T>(
    folder: string,
    op: ChildRequest["op"],
    fields: Partial<ChildRequest>,
    signal?: AbortSignal,
  ): Promise<T> {
    const repeatable = !fields.mayWrite;
    return await this.using(folder, async () => {
      for (let attempt = 0; ; attempt++) {
        const connection = await this.connect(folder);
        try {
          return await connection.request<T>(op, fields, signal);
        } catch (error) {
          if (!(error instanceof ConnectionLost)) throw error;
          if (this.closed) throw unavailable("The engine is closed.", error.ran === "unknown" && !repeatable);
          if (attempt < 3 && (error.ran === "no" || (repeatable && attempt === 0))) continue;
          throw unavailable(error.message, error.ran === "unknown" && !repeatable);
        }
      }
    });
  }

  /** A connection of one's own: what is open on it ends with it, also when this process dies. `close` it. */
  async open(folder: string): Promise<OwnConnection> {
    const place = this.enter(folder);
    const leave = () => this.leave(place);
    try {
      for (let attempt = 0; ; attempt++) {
        await this.connect(folder);
        const path = socketIn(await this.sockets(), folder);
        const connection = await ChildConnection.open(path).catch(() => undefined);
        if (connection) return new OwnConnection(connection, leave);
        if (attempt === 3) throw unavailable("The engine's process is gone.");
        (await place.connection?.catch(() => undefined))?.close();
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Ends whichever process serves the folder, at once, also one that another process of the service has started. */
  async end(folder: string): Promise<void> {
    const path = socketIn(await this.sockets(), folder);
    const owner = await ChildConnection.open(path).catch(() => undefined);
    await owner?.request("end").catch(() => undefined);
    owner?.close();
    await this.shut(folder, "SIGKILL");
    await rm(path, { force: true });
    if (this.places.get(folder)?.users === 0) this.places.delete(folder);
  }

  /** Lets the folder's process leave, if it is one of ours. */
  async shut(folder: string, signal?: "SIGKILL"): Promise<void> {
    const place = this.places.get(folder);
    const { child } = place ?? {};
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      if (signal) child.kill(signal);
      child.stdin?.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), leaveMs);
      await ended;
      clearTimeout(timer);
    }
    (await place?.connection?.catch(() => undefined))?.close();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const wake of this.freed) wake();
    await Promise.all([...this.places.keys()].map((folder) => this.shut(folder)));
  }

  private sockets(): Promise<string> {
    this.socketFolder ??= openSocketFolder(this.options.root);
    this.socketFolder.catch(() => (this.socketFolder = undefined));
    return this.socketFolder;
  }

  private enter(folder: string): Place {
    const place = this.places.get(folder) ?? { users: 0, lastUse: 0 };
    this.places.set(folder, place);
    place.users++;
    return place;
  }

  private leave(place: Place): void {
    place.users--;
    place.lastUse = ++this.uses;
    for (const wake of this.freed) wake();
  }

  private async using<T>(folder: string, task: () => Promise<T>): Promise<T> {
    const place = this.enter(folder);
    try {
      return await task();
    } finally {
      this.leave(place);
    }
  }

  private async connect(folder: string): Promise<ChildConnection> {
    const place = this.places.get(folder) ?? this.enter(folder);
    for (;;) {
      if (this.closed) throw unavailable("The engine is closed.");
      const { connection } = place;
      const known = await connection?.catch(() => undefined);
      if (known && !known.closed) return known;
      // Another caller may have begun anew while this one waited.
      if (place.connection === connection) return await (place.connection = this.start(folder, place));
    }
  }

  private async start(folder: string, place: Place): Promise<ChildConnection> {
    const path = socketIn(await this.sockets(), folder);
    let lockedSince: number | undefined;
    for (let starts = 0; ;) {
      if (!existsSync(folder)) throw new EngineError("NOT_FOUND", "No such generation.");
      const connection = await ChildConnection.open(path).catch(() => undefined);
      if (connection && (await answers(connection))) return connection;
      connection?.close();
      const reason = await this.spawn(folder, path, place);
      if (reason.startsWith("ready")) {
        if (reason.includes("torn log"))
          this.options.logger?.warn({ folder }, "dropped the end of a log that was never written as a whole");
        if (++starts > 3) throw unavailable("The engine starts, and does not answer.");
        continue;
      }
      if (!/lock/i.test(reason)) throw startFailure(folder, reason);
      // Another process of the service is just opening or closing it.
      lockedSince ??= performance.now();
      if (performance.now() - lockedSince > startMs)
        throw unavailable("Another process has the data open, and does not answer.");
      await delay(50);
    }
  }

  private async spawn(folder: string, path: string, place: Place): Promise<string> {
    const room = this.making.then(() => this.waitForRoom());
    this.making = room.catch(() => undefined);
    await room;
    const { nodeBinary, settings } = this.options;
    const { child, said } = spawnChild(nodeBinary, folder, path, settings, startMs);
    place.child = child;
    const gone = () => {
      if (place.child !== child) return;
      delete place.child;
      for (const wake of this.freed) wake();
    };
    child.once("exit", gone).once("error", gone);
    return await said;
  }

  private async waitForRoom(): Promise<void> {
    const last = performance.now() + startMs;
    for (;;) {
      const running = [...this.places].filter(([, place]) => place.child);
      if (running.length < this.options.maxChildren) return;
      if (this.closed) throw unavailable("The engine is closed.");
      const idle = running
        .filter(([, place]) => place.users === 0)
        .sort(([, a], [, b]) => a.lastUse - b.lastUse);
      for (const [folder, place] of idle) {
        const connection = await place.connection?.catch(() => undefined);
        // Another process of the service may be at work there.
        const leaves = await connection?.request<boolean>("leaveIfIdle").catch(() => true);
        if (leaves === false) continue;
        await this.shut(folder);
        return;
      }
      if (performance.now() > last) throw unavailable("Too many instances are at work; retry.");
      await Promise.race([
        new Promise<void>((resolve) => {
          const wake = () => {
            this.freed.delete(wake);
            resolve();
          };
          this.freed.add(wake);
        }),
        delay(1000),
      ]);
    }
  }
}
