import { availableParallelism } from "node:os";
import { EngineError } from "../engine.js";
import { giveWay } from "./give-way.js";
import { Seats } from "./seats.js";
import type { Tenure } from "./tenure.js";
import { within } from "./within.js";

/** How long a process may take to say whether it is idle. */
const replyMs = 5_000;
/** After this, who is waited for is looked at again: other processes of the service tell nobody when they are done. */
const lookAgainMs = 1_000;

/** Starts at a time. */
const mostStarts = Math.max(2, availableParallelism());

const late = () => new EngineError("UNAVAILABLE", "Too many instances are at work; retry.");

/**
 * The places of a pool. Where there is no room, who has little of it goes first, and room is made by whoever has most: the
 * process that has been idle for the longest, else one that takes nobody new until its statements have ended.
 */
export class Room {
  private readonly seats: Seats;
  private readonly starts = new Seats(mostStarts, Math.floor(mostStarts / 2));
  private lookAgain: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    places: number,
    private readonly running: ReadonlySet<Tenure>,
    private readonly retire: (tenure: Tenure) => void,
  ) {
    this.seats = new Seats(places);
  }

  /** Once there is a place for it, which it keeps. Rejects with the signal's reason, or UNAVAILABLE after `waitMs`. */
  async admit(tenure: Tenure, waitMs: number, signal: AbortSignal): Promise<void> {
    const seat = this.seats.take(tenure.party, waitMs, late(), signal);
    this.make();
    tenure.seat = await seat;
  }

  /**
   * Runs a start in its turn. More at a time than there are processors would each take the longer, and this process, which
   * stands still while one forks, with them; so who starts one process goes before who starts many, and nobody has more than
   * half of the turns: a start may take seconds, by what is in its instance's log.
   */
  async start<T>(party: string, waitMs: number, signal: AbortSignal, launch: () => Promise<T>): Promise<T> {
    const turn = await this.starts.take(party, waitMs, late(), signal);
    try {
      return await launch();
    } finally {
      turn.free();
    }
  }

  /** For each who waits and for whom nobody is leaving already. Decides at once and waits for nothing. */
  make(): void {
    clearTimeout(this.lookAgain);
    const waiting = this.seats.short;
    if (waiting.length === 0 || this.closed) return;
    giveWay(waiting, {
      tenures: [...this.running],
      heldBy: (party) => this.seats.heldBy(party),
      now: performance.now(),
      askToLeave: (tenure) => void this.askToLeave(tenure),
      retire: this.retire,
    });
    this.lookAgain = setTimeout(() => this.make(), lookAgainMs).unref();
  }

  /** Nobody is asked to make room any more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.lookAgain);
  }

  private async askToLeave(tenure: Tenure): Promise<void> {
    const { connection } = tenure;
    if (!connection) return;
    tenure.asked = true;
    // Another process of the service may be at work there.
    const leaves = await within(replyMs, connection.request<boolean>("leaveIfIdle"), true);
    tenure.asked = false;
    if (leaves) this.retire(tenure);
    else tenure.busyElsewhereUntil = performance.now() + lookAgainMs;
    this.make();
  }
}
