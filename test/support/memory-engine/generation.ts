import { EngineError, type QueryResult } from "../../../src/engines/engine.js";
import type { Records } from "./records.js";
import type { Command } from "./statements.js";

/** One that waits for the writers' place, or has it until it leaves. */
interface Turn {
  begin(): void;
  /** The service died, in the middle of its turn or before. */
  lose(inTheMiddle: boolean): void;
}

const processGone = (outcomeUnknown: boolean) =>
  new EngineError("UNAVAILABLE", "The engine's process is gone.", { outcomeUnknown });
const canceled = () => new EngineError("CANCELED", "Canceled.");

/** A generation as its engine's process serves it: data that survives a crash, and turns that do not. */
export class MemoryGeneration {
  private current: Turn | undefined;
  private waiting: Turn[] = [];
  private readonly endlessReads = new Set<(error: Error) => void>();
  private retired = false;
  /** Counts the lives of its service. */
  life = 1;

  constructor(
    public records: Records,
    public changedAt: Date,
  ) {}

  /** The process that serves it is gone; the next call starts another. */
  crash(): void {
    const { current, waiting } = this;
    this.life++;
    this.current = undefined;
    this.waiting = [];
    current?.lose(true);
    for (const turn of waiting) turn.lose(false);
    for (const reject of this.endlessReads) reject(processGone(false));
    this.endlessReads.clear();
  }

  /** Puts other data in the place of this. */
  replace(records: Records, at: Date): void {
    this.crash();
    this.changedAt = at;
    this.records = records;
    this.retired = false;
  }

  run(command: Command, maxRows: number, signal?: AbortSignal): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        signal?.removeEventListener("abort", abort);
        this.endlessReads.delete(reject);
        settled();
        this.leave(turn);
      };
      const abort = () => settle(() => reject(canceled()));
      const execute = () => {
        if (!command.run) return;
        try {
          const result = this.execute(command, command.run, maxRows);
          settle(() => resolve(result));
        } catch (error) {
          settle(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      const turn: Turn = {
        begin: () => {
          if (this.retired)
            settle(() => reject(new EngineError("MOVED", "The generation has been retired.")));
          else execute();
        },
        lose: (inTheMiddle) => settle(() => reject(processGone(inTheMiddle))),
      };
      signal?.addEventListener("abort", abort);
      if (command.writes) this.take(turn);
      else if (command.run) execute();
      else this.endlessReads.add(reject);
    });
  }

  /** Has the writers' place until `resume` or `retire`, which throw where the service died meanwhile. */
  hold(): Promise<{ resume(): void; retire(): void; abandon(): void }> {
    return new Promise((resolve, reject) => {
      let lost = false;
      const end = (retired: boolean) => {
        if (lost) throw processGone(false);
        this.retired ||= retired;
        this.leave(turn);
      };
      const turn: Turn = {
        begin: () =>
          resolve({
            resume: () => end(false),
            retire: () => end(true),
            abandon: () => this.leave(turn),
          }),
        lose: () => {
          lost = true;
          reject(processGone(false));
        },
      };
      this.take(turn);
    });
  }

  private take(turn: Turn): void {
    if (this.current) this.waiting.push(turn);
    else {
      this.current = turn;
      turn.begin();
    }
  }

  private leave(turn: Turn): void {
    if (this.current !== turn) {
      this.waiting = this.waiting.filter((other) => other !== turn);
      return;
    }
    this.current = this.waiting.shift();
    this.current?.begin();
  }

  private execute(command: Command, run: NonNullable<Command["run"]>, maxRows: number): QueryResult {
    const before = command.writes && command.fields.length > 0 ? new Map(this.records.numbers) : undefined;
    const values = run(this.records);
    if (values.length > maxRows) {
      if (before) this.records.restore(before);
      throw new EngineError("LIMIT", `The answer has more than ${maxRows} rows.`);
    }
    return { fields: command.fields, values, wrote: command.writes };
  }
}
