import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../engine.js";
import type { ChildConnection } from "./child-connection.js";
import type { Seat } from "./seats.js";

/** How long a process may take to leave before it is killed. */
const leaveMs = 15_000;
/** How often a process is asked whether it is alive. */
const pingEveryMs = 2_500;
/** What is waited for an exit that a closed socket has announced. */
const exitMs = 2_000;

/**
 * One process's time at a folder: from before its start until it has left. It is never begun anew; who comes when it is over
 * gets another one, so whoever waits for this one's end waits for nothing that may wait for it.
 */
export class Tenure {
  readonly ready: Promise<ChildConnection>;
  connection: ChildConnection | undefined;
  seat: Seat | undefined;
  /** Requests, captures and holds of this process that need it open. */
  users = 0;
  /** Of these, captures and holds: they end with the process and may take long, so it is not taken from them. */
  pins = 0;
  lastUse = 0;
  /** When the last of its users left. */
  idleSince = 0;
  /** Nobody new may come in: it fails, leaves, or is to leave when its users have left. */
  over = false;
  /** It is being asked whether another process of the service is at work there. */
  asked = false;
  /** Another process of the service was, until then at least. */
  busyElsewhereUntil = 0;

  private child: ChildProcess | undefined;
  private exited: Promise<unknown> = Promise.resolve();
  private dismissed = false;
  /** Its end is of our making, not its own. */
  private told = false;
  private silenced = false;
  private readonly waiting = new AbortController();

  constructor(
    readonly folder: string,
    public party: string,
    start: (tenure: Tenure, signal: AbortSignal) => Promise<ChildConnection>,
  ) {
    this.ready = start(this, this.waiting.signal).then((connection) => (this.connection = connection));
    this.ready.catch(() => undefined);
  }

  /** A process of ours that has not exited. */
  get alive(): boolean {
    const { child } = this;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Ends the wait for its start, which nobody wants any more. */
  abandon(reason: Error): void {
    this.waiting.abort(reason);
  }

  employ(child: ChildProcess): void {
    this.child = child;
    child.on("error", () => undefined);
    // Without an id it was never there.
    this.exited = child.pid === undefined ? Promise.resolve() : once(child, "exit");
  }

  kill(): void {
    if (this.alive) this.child?.kill("SIGKILL");
  }

  /** Resolves when no process of ours is there. */
  get gone(): Promise<unknown> {
    return this.exited;
  }

  /** Tells it to leave. It is killed at once with `SIGKILL`, else where it takes too long. */
  dismiss(signal?: "SIGKILL"): void {
    this.over = true;
    const { child } = this;
    if (!child || !this.alive) return;
    this.told ||= !this.connection?.closed;
    if (signal) child.kill(signal);
    if (this.dismissed) return;
    this.dismissed = true;
    child.stdin?.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), leaveMs);
    void this.exited.then(() => {
      clearTimeout(timer);
      this.connection?.close();
    });
  }

  /**
   * Kills the process where it has answered no ping for `silentMs`: whatever its main thread is at, no time limit of the engine's
   * ends it. Told by pings, not by the clock: this process itself may have stood still.
   */
  watch(silentMs: number): void {
    const { child, connection } = this;
    if (!child || !connection) return;
    let unanswered = 0;
    const timer = setInterval(() => {
      if (unanswered === 0)
        connection.request("ping").then(
          () => (unanswered = 0),
          () => undefined,
        );
      if (++unanswered * pingEveryMs <= silentMs) return;
      this.silenced = true;
      child.kill("SIGKILL");
    }, pingEveryMs).unref();
    void this.exited.then(() => clearInterval(timer));
  }

  /** How it ended, where nobody told it to; its own farewell counts as told. */
  async death(): Promise<string | undefined> {
    const { child, connection } = this;
    if (!child || !connection) return undefined;
    await Promise.race([
      Promise.all([this.exited, connection.lost]),
      delay(exitMs, undefined, { ref: false }),
    ]);
    if (this.alive || this.told || connection.foretold) return undefined;
    return this.silenced ? "silence" : (child.signalCode ?? `code ${String(child.exitCode)}`);
  }

  /** Whether it was ended for what it never came to an end with: by us for its silence, or by itself for its overtime. */
  async wasEndless(): Promise<boolean> {
    const death = await this.death();
    return death === "silence" || death === "SIGABRT";
  }

  /** Its connection, once it has one, or CANCELED as soon as the signal says so. */
  async whenReady(signal?: AbortSignal): Promise<ChildConnection> {
    if (!signal) return await this.ready;
    let abort = (): void => undefined;
    const canceled = new Promise<never>((_, reject) => {
      abort = () => reject(new EngineError("CANCELED", "Canceled before it began."));
      signal.addEventListener("abort", abort, { once: true });
    });
    try {
      if (signal.aborted) abort();
      return await Promise.race([this.ready, canceled]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}
