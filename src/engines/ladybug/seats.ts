/** A place taken, and for whom: who is served there may change. `free` gives it back, once. */
export interface Seat {
  party: string;
  readonly free: () => void;
}

interface Waiter {
  readonly party: string;
  readonly grant: (seat: Seat) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A fixed number of places for parties that know nothing of each other. Who waits is served by how little it has already,
 * and among equals in the order of arrival; so whoever has much waits for whoever has little, never the other way round.
 * Every wait ends: with a place, by the signal, or by its time. Nothing here waits for anything but a place that is given back.
 */
export class Seats {
  private readonly taken = new Set<Seat>();
  private readonly waiting: Waiter[] = [];

  /** `mostOfParty`: what one has at most, however many are free. */
  constructor(
    private readonly most: number,
    private readonly mostOfParty = most,
  ) {}

  heldBy(party: string): number {
    let count = 0;
    for (const seat of this.taken) if (seat.party === party) count++;
    return count;
  }

  /** The parties of those who wait. */
  get short(): string[] {
    return this.waiting.map(({ party }) => party);
  }

  /** Rejects with the signal's reason, or with `late` after `waitMs`, for each whole round of places that are waited for before. */
  async take(party: string, waitMs: number, late: Error, signal: AbortSignal): Promise<Seat> {
    signal.throwIfAborted();
    let waiter: Waiter | undefined;
    const granted = new Promise<Seat>((grant, refuse) => {
      waiter = { party, grant, refuse };
      this.waiting.push(waiter);
    });
    const refuse = (error: Error) => {
      const at = this.waiting.findIndex((one) => one === waiter);
      if (at < 0) return;
      this.waiting.splice(at, 1);
      waiter?.refuse(error);
    };
    const abort = () => refuse(signal.reason as Error);
    const timer = setTimeout(() => refuse(late), waitMs * Math.ceil(this.waiting.length / this.most));
    signal.addEventListener("abort", abort, { once: true });
    this.serve();
    try {
      return await granted;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  private serve(): void {
    while (this.taken.size < this.most && this.waiting.length > 0) {
      const held = this.waiting.map(({ party }) => this.heldBy(party));
      const least = Math.min(...held);
      if (least >= this.mostOfParty) return;
      const [next] = this.waiting.splice(held.indexOf(least), 1);
      next?.grant(this.seat(next.party));
    }
  }

  private seat(party: string): Seat {
    const seat: Seat = {
      party,
      free: () => {
        if (this.taken.delete(seat)) this.serve();
      },
    };
    this.taken.add(seat);
    return seat;
  }
}
