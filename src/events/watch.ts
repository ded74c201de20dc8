import type { BusMessage } from "./event-bus.js";

export interface Told<Value> {
  readonly value: Value;
  /** Grows with every change. Where there is one, who has been told of it, or of a later one, is not told again. */
  readonly revision?: number;
}

export interface News<Value> {
  readonly told: readonly Told<Value>[];
  /** Nothing will come after this. */
  readonly over?: boolean;
}

/** Listens first and reads afterwards. Its reads are never asked for while another is under way. */
export interface WatchSource<Value> {
  /** Whatever may change what is watched, from the moment this returns until the signal aborts. */
  listen(signal: AbortSignal): AsyncIterable<BusMessage>;
  /** How things stand now, for those who have just come. */
  standing(): Promise<News<Value>>;
  /** What a notice means, for all. */
  after(message: BusMessage): Promise<News<Value>>;
}

/** What a subscription follows. Any number of readers can share one: see `SharedWatch`; iterating it is to follow alone. */
export class Watch<Value> implements AsyncIterable<Value> {
  constructor(readonly source: WatchSource<Value>) {}

  [Symbol.asyncIterator](): AsyncIterableIterator<Value> {
    return followAlone(this.source);
  }
}

/** Listens from now on. Ends with the signal, with the iterator's return, or when nothing will come any more. */
export function followAlone<Value>(
  source: WatchSource<Value>,
  signal?: AbortSignal,
): AsyncIterableIterator<Value> {
  const stop = new AbortController();
  const messages = source.listen(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal);
  const values = tellAlone(source, messages);
  const iterator: AsyncIterableIterator<Value> = {
    next: () => values.next(),
    // A generator that waits for a notice would leave its own `return` waiting with it.
    async return() {
      stop.abort();
      await values.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

async function* tellAlone<Value>(
  source: WatchSource<Value>,
  messages: AsyncIterable<BusMessage>,
): AsyncGenerator<Value, void, void> {
  let latest = -Infinity;
  function* unheard({ told }: News<Value>): Generator<Value, void, void> {
    for (const { value, revision } of told) {
      if (revision !== undefined && revision <= latest) continue;
      latest = revision ?? latest;
      yield value;
    }
  }
  const first = await source.standing();
  yield* unheard(first);
  if (first.over) return;
  for await (const message of messages) {
    const news = await source.after(message);
    yield* unheard(news);
    if (news.over) return;
  }
}
