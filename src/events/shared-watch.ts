import { setImmediate } from "node:timers/promises";
import type { News, Watch, WatchSource } from "./watch.js";

/** Who follows a shared watch. */
export interface Reader {
  tell(text: string): void;
  /** Called once, whoever ended it. */
  end(error?: unknown): void;
  /** The latest that it has been told of. */
  revision: number;
}

export interface SharedWatchOptions {
  /** Asked for all who have just come: what they follow, or else what they are told in place of it. */
  readonly open: () => Promise<Watch<unknown> | string>;
  /** Called once for each thing that is told, however many are told it. */
  readonly write: (value: unknown) => Promise<string>;
  /** Called once for what keeps all from going on. */
  readonly explain: (error: unknown) => unknown;
  /** The last reader has gone; nobody may join any more. */
  readonly onEmpty: () => void;
}

/** So many are told before others have their turn: each is a system call. */
const toldAtOnce = 200;

/**
 * One watch and any number of readers, who share what is read and what is written of it. Whatever happens takes its turn:
 * a notice, or the arrival of readers, who are let in by the same question as the first and told how things
 * stand by a read that began after they had come. So each hears the current state first, then every change, in order,
 * nothing lost and nothing twice.
 */
export class SharedWatch {
  /** Who has not left, and whether it has been let in. */
  private readonly readers = new Map<Reader, boolean>();
  private arriving: Reader[] = [];
  private source: WatchSource<unknown> | undefined;
  private turns: Promise<void> = Promise.resolve();
  private readonly stop = new AbortController();

  constructor(private readonly options: SharedWatchOptions) {}

  join(reader: Reader): void {
    this.readers.set(reader, false);
    this.arriving.push(reader);
    if (this.arriving.length === 1) void this.takeTurn(() => this.letIn());
  }

  leave(reader: Reader, error?: unknown): void {
    if (!this.readers.delete(reader)) return;
    reader.end(error);
    if (this.readers.size > 0) return;
    this.stop.abort();
    this.options.onEmpty();
  }

  private takeTurn(turn: () => Promise<void>): Promise<void> {
    this.turns = this.turns
      .then(() => (this.stop.signal.aborted ? undefined : turn()))
      .catch((error: unknown) => this.end([...this.readers.keys()], this.options.explain(error)));
    return this.turns;
  }

  private async letIn(): Promise<void> {
    // Who comes from now on waits for the next turn: what is read in this one may be older than its arrival.
    const newcomers = this.arriving;
    this.arriving = [];
    let news: News<unknown>;
    try {
      const opened = await this.options.open();
      if (typeof opened === "string") {
        for (const reader of newcomers) if (this.readers.has(reader)) reader.tell(opened);
        return this.end(newcomers);
      }
      if (!this.source) void this.follow((this.source = opened.source));
      news = await this.source.standing();
    } catch (error) {
      // Nobody else had asked.
      return this.end(newcomers, this.options.explain(error));
    }
    for (const reader of newcomers) if (this.readers.has(reader)) this.readers.set(reader, true);
    await this.spread(news, newcomers);
  }

  private async follow(source: WatchSource<unknown>): Promise<void> {
    for await (const message of source.listen(this.stop.signal))
      await this.takeTurn(async () => this.spread(await source.after(message)));
    this.end([...this.readers.keys()]);
  }

  /** What has no revision is for the given readers alone. */
  private async spread({ told, over }: News<unknown>, newcomers?: readonly Reader[]): Promise<void> {
    for (const { value, revision } of told) {
      const all = revision === undefined && newcomers ? newcomers : this.readers.keys();
      await this.tell(value, revision, [...all]);
    }
    if (over) this.end([...this.readers].flatMap(([reader, letIn]) => (letIn ? [reader] : [])));
  }

  private async tell(value: unknown, revision: number | undefined, all: readonly Reader[]): Promise<void> {
    const isDue = (reader: Reader) =>
      this.readers.get(reader) && (revision === undefined || revision > reader.revision);
    const due = all.filter(isDue);
    if (due.length === 0) return;
    const text = await this.options.write(value);
    for (const [index, reader] of due.entries()) {
      if (index > 0 && index % toldAtOnce === 0) await setImmediate();
      if (!this.readers.has(reader)) continue;
      reader.revision = revision ?? reader.revision;
      reader.tell(text);
    }
  }

  private end(readers: readonly Reader[], error?: unknown): void {
    for (const reader of readers) this.leave(reader, error);
  }
}
