import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, EngineError } from "../engine.js";
import { ChildConnection, ConnectionLost } from "./child-connection.js";
import type { ChildRequest, ChildSettings } from "./frames.js";
import { OwnConnection } from "./own-connection.js";
import type { Program } from "./program.js";
import { Room } from "./room.js";
import { openSocketFolder, socketIn } from "./socket-folder.js";
import { answers, spawnChild, startFailure } from "./spawn-child.js";
import { Suspects } from "./suspects.js";
import { Tenure } from "./tenure.js";
import { within } from "./within.js";

/** How long a process may take to start, and how long one waits for a place. */
const startMs = 30_000;
/** How long a process may take to end. */
const replyMs = 5_000;
/** What a process may be silent for beyond the time limit of a statement. */
const silenceGraceMs = 5_000;

const unavailable = (message: string, outcomeUnknown = false) =>
  new EngineError("UNAVAILABLE", message, { outcomeUnknown });

export interface ChildPoolOptions {
  readonly root: string;
  readonly settings: ChildSettings;
  readonly nodeBinary: string;
  readonly maxChildren: number;
  /** Of its processes, as the operating system has it: 0 is the service's own. */
  readonly niceness: number;
  /** Is told what the processes show of it. */
  readonly program: Program;
  readonly logger?: { warn(fields: object, message: string): void } | undefined;
}

/**
 * The engine's processes, one for each open generation. Whichever process of the service gets Ladybug's lock on the
 * file starts it; the others connect to its socket. Of those started here no more than `maxChildren` run at a time.
 */
export class ChildPool {
  /** Who comes now is served by these. */
  private readonly current = new Map<string, Tenure>();
  /** All whose process, started here, has not exited; also those that are over. */
  private readonly running = new Set<Tenure>();
  private readonly suspects = new Suspects(startMs);
  private readonly room: Room;
  private socketFolder: Promise<string> | undefined;
  private uses = 0;
  private closed = false;

  constructor(private readonly options: ChildPoolOptions) {
    this.room = new Room(options.maxChildren, this.running, (tenure) => this.retire(tenure));
  }

  /** Runs the request on whichever process serves the folder, again where it is known not to have run. */
  async request<T>(
    folder: string,
    op: ChildRequest["op"],
    fields: Partial<ChildRequest>,
    options: CallOptions = {},
  ): Promise<T> {
    const repeatable = !fields.mayWrite;
    const attempt = () => this.attempt<T>(folder, op, fields, options);
    let deaths = 0;
    for (let begun = 1; ; begun++) {
      const outcome = await (deaths > 0 ? this.suspects.run(folder, attempt) : attempt());
      if (outcome === undefined) throw unavailable("The engine's process is gone.");
      if ("value" in outcome) return outcome.value;
      const { lost, endless } = outcome;
      const outcomeUnknown = lost.ran === "unknown" && !repeatable;
      if (options.signal?.aborted) throw new EngineError("CANCELED", "Canceled.", { outcomeUnknown });
      if (this.closed) throw unavailable("The engine is closed.", outcomeUnknown);
      if (lost.ran === "unknown") deaths++;
      // One that died once may have died of what ran beside it, a checkpoint for one; what never ends is not asked for again.
      if (repeatable && lost.statements === 1 && (endless || deaths > 1))
        throw new EngineError("CRASHED", "The engine's process ended while it ran this statement alone.");
      if (outcomeUnknown || deaths > 1 || begun > 3) throw unavailable(lost.message, outcomeUnknown);
    }
  }

  private async attempt<T>(
    folder: string,
    op: ChildRequest["op"],
    fields: Partial<ChildRequest>,
    options: CallOptions,
  ): Promise<{ value: T } | { lost: ConnectionLost; endless: boolean }> {
    const { tenure, connection } = await this.enter(folder, options);
    try {
      return { value: await connection.request<T>(op, fields, options.signal) };
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return { lost: error, endless: error.ran === "unknown" && (await tenure.wasEndless()) };
    } finally {
      this.leave(tenure);
    }
  }

  /** A connection of one's own: what is open on it ends with it, also when this process dies. `close` it. */
  async open(folder: string, options: CallOptions = {}): Promise<OwnConnection> {
    for (let attempt = 0; ; attempt++) {
      const { tenure, connection: shared } = await this.enter(folder, options);
      tenure.pins++;
      const leave = () => {
        tenure.pins--;
        this.leave(tenure);
      };
      try {
        const connection = await ChildConnection.open(socketIn(await this.sockets(), folder)).catch(
          () => undefined,
        );
        if (connection) return new OwnConnection(connection, leave);
        if (attempt === 3) throw unavailable("The engine's process is gone.");
        shared.close();
      } catch (error) {
        leave();
        throw error;
      }
      leave();
    }
  }

  /** Ends whichever process serves the folder, at once, also one that another process of the service has started. */
  async end(folder: string): Promise<void> {
    const path = socketIn(await this.sockets(), folder);
    const owner = await ChildConnection.open(path).catch(() => undefined);
    if (owner) await within(replyMs, owner.request<unknown>("end"), undefined);
    owner?.close();
    await this.shut(folder, "SIGKILL");
    await rm(path, { force: true });
  }

  /** Lets the folder's process leave, if it is one of ours. What begins meanwhile is not waited for. */
  async shut(folder: string, signal?: "SIGKILL"): Promise<void> {
    const leaving = [...this.running].filter((tenure) => tenure.folder === folder);
    const current = this.current.get(folder);
    if (current?.connection) this.retire(current);
    for (const tenure of leaving) {
      this.retire(tenure);
      tenure.dismiss(signal);
    }
    await Promise.all(leaving.map((tenure) => tenure.gone));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.room.close();
    for (const tenure of this.current.values()) tenure.abandon(unavailable("The engine is closed."));
    const leaving = [...this.running];
    for (const tenure of leaving) tenure.dismiss();
    await Promise.all(leaving.map((tenure) => tenure.gone));
    for (const { connection } of this.current.values()) connection?.close();
  }

  private sockets(): Promise<string> {
    this.socketFolder ??= openSocketFolder(this.options.root);
    this.socketFolder.catch(() => (this.socketFolder = undefined));
    return this.socketFolder;
  }

  /** `leave` it. */
  private async enter(
    folder: string,
    { party = folder, signal }: CallOptions,
  ): Promise<{ tenure: Tenure; connection: ChildConnection }> {
    for (;;) {
      if (this.closed) throw unavailable("The engine is closed.");
      const tenure = this.tenureOf(folder, party);
      tenure.users++;
      try {
        const connection = await tenure.whenReady(signal);
        if (!tenure.over && !connection.closed) return { tenure, connection };
        this.retire(tenure);
      } catch (error) {
        this.leave(tenure);
        throw error;
      }
      this.leave(tenure);
    }
  }

  private leave(tenure: Tenure): void {
    tenure.users--;
    tenure.lastUse = ++this.uses;
    if (tenure.users > 0) return;
    tenure.idleSince = performance.now();
    if (tenure.over) tenure.dismiss();
    else if (!tenure.connection && !tenure.seat) {
      this.retire(tenure);
      tenure.abandon(new EngineError("CANCELED", "Canceled before it began."));
    }
    this.room.make();
  }

  private tenureOf(folder: string, party: string): Tenure {
    const known = this.current.get(folder);
    if (known && !known.over) {
      known.party = party;
      if (known.seat) known.seat.party = party;
      return known;
    }
    const tenure = new Tenure(folder, party, (mine, signal) => this.start(mine, signal));
    this.current.set(folder, tenure);
    const settle = () => {
      if (!tenure.alive) tenure.seat?.free();
      this.room.make();
    };
    tenure.ready.then(
      (connection) => {
        void connection.lost.then(() => this.retire(tenure));
        tenure.watch(this.options.settings.queryTimeoutMs + silenceGraceMs);
        void this.tellOfDeath(tenure);
        settle();
      },
      () => {
        this.retire(tenure);
        tenure.dismiss();
        settle();
      },
    );
    return tenure;
  }

  /** Takes nobody new; who comes gets another tenure. */
  private retire(tenure: Tenure): void {
    tenure.over = true;
    if (this.current.get(tenure.folder) === tenure) this.current.delete(tenure.folder);
    if (tenure.users === 0) tenure.dismiss();
  }

  private async tellOfDeath(tenure: Tenure): Promise<void> {
    await Promise.all([tenure.gone, tenure.connection?.lost]);
    const end = await tenure.death();
    if (end === undefined) return;
    const { root, logger } = this.options;
    logger?.warn({ generation: relative(root, tenure.folder), end }, "an engine's process ended by itself");
  }

  private async start(tenure: Tenure, signal: AbortSignal): Promise<ChildConnection> {
    const { folder } = tenure;
    const path = socketIn(await this.sockets(), folder);
    await this.awaitFormer(tenure);
    let lockedSince: number | undefined;
    for (let starts = 0; ;) {
      signal.throwIfAborted();
      if (!existsSync(folder)) throw new EngineError("NOT_FOUND", "No such generation.");
      const connection = await ChildConnection.open(path).catch(() => undefined);
      if (connection && (await answers(connection))) {
        this.options.program.answered();
        return connection;
      }
      connection?.close();
      const reason = await this.spawn(tenure, path, signal);
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

  /** It has the data open until it has left, and does so when its statements have ended. */
  private async awaitFormer(tenure: Tenure): Promise<void> {
    const former = [...this.running].filter(({ folder, pins }) => folder === tenure.folder && pins === 0);
    const left = Promise.all(former.map(({ gone }) => gone)).then(() => true);
    if (!(await within(startMs, left, false)))
      throw unavailable("The instance's former process still has statements to end; retry.");
  }

  private async spawn(tenure: Tenure, path: string, signal: AbortSignal): Promise<string> {
    if (!tenure.seat) await this.room.admit(tenure, startMs, signal);
    return await this.room.start(tenure.party, startMs, signal, () => this.launch(tenure, path, signal));
  }

  private async launch(tenure: Tenure, path: string, signal: AbortSignal): Promise<string> {
    tenure.kill();
    await tenure.gone;
    signal.throwIfAborted();
    if (this.closed) throw unavailable("The engine is closed.");
    const heard = this.options.program.begin();
    const { child, said } = spawnChild(tenure.folder, path, startMs, this.options);
    tenure.employ(child);
    this.running.add(tenure);
    void tenure.gone.then(() => {
      if (tenure.alive) return;
      this.running.delete(tenure);
      // A start that has not succeeded may go on with another process.
      if (!tenure.connection && !tenure.over) return;
      this.retire(tenure);
      tenure.seat?.free();
      this.room.make();
    });
    void said.then(heard);
    return await said;
  }
}
