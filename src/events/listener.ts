import type { BusMessage, DomainEvent } from "./event-bus.js";

type Next = IteratorResult<BusMessage, undefined>;

const finished: Next = { done: true, value: undefined };

/** One reader's messages, kept until asked for: of each object the last, in the order of the first notice. */
export class Listener implements AsyncIterableIterator<BusMessage> {
  ended = false;
  private readonly pending = new Map<string, BusMessage>();
  private readonly waiting: ((next: Next) => void)[] = [];
  private readonly onAbort = (): void => this.end();

  constructor(
    private readonly filter: (event: DomainEvent) => boolean,
    private readonly onEnd: () => void,
    private readonly signal?: AbortSignal,
  ) {
    if (signal?.aborted) this.ended = true;
    else signal?.addEventListener("abort", this.onAbort, { once: true });
  }

  push(message: BusMessage): void {
    if (this.ended || (message.topic !== "RESYNC" && !this.filter(message))) return;
    const waiting = this.waiting.shift();
    if (waiting !== undefined) return waiting({ done: false, value: message });
    const key = message.topic === "RESYNC" ? message.topic : `${message.topic}:${message.id}`;
    this.pending.set(key, merge(this.pending.get(key), message));
  }

  /** Ends for good: what was kept is dropped, and who waits is told. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.signal?.removeEventListener("abort", this.onAbort);
    this.pending.clear();
    for (const resolve of this.waiting.splice(0)) resolve(finished);
    this.onEnd();
  }

  next(): Promise<Next> {
    if (this.ended) return Promise.resolve(finished);
    const [first] = this.pending;
    if (first === undefined) return new Promise((resolve) => this.waiting.push(resolve));
    const [key, message] = first;
    this.pending.delete(key);
    return Promise.resolve({ done: false, value: message });
  }

  return(): Promise<Next> {
    this.end();
    return Promise.resolve(finished);
  }

  throw(error: unknown): Promise<Next> {
    this.end();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The later wins, but who has not heard of a snapshot yet must still hear that it is new. */
function merge(earlier: BusMessage | undefined, later: BusMessage): BusMessage {
  const stillNew =
    earlier?.topic === "snapshot" &&
    later.topic === "snapshot" &&
    earlier.change === "ADDED" &&
    later.change === "UPDATED";
  return stillNew ? earlier : later;
}
