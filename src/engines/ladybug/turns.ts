/** Work of one request, which can be called off until it takes effect. */
export class Turn {
  private stop: (() => void) | undefined;
  private settled = false;
  canceled = false;
  /** When the engine began to work on it. */
  begunAt: number | undefined;

  begin(): void {
    this.begunAt = performance.now();
  }

  /** It waits again. */
  rest(): void {
    this.begunAt = undefined;
  }

  /** For how long the engine has worked on it, unless it only takes effect yet. */
  get workedMs(): number {
    return this.begunAt === undefined || this.settled ? 0 : performance.now() - this.begunAt;
  }

  /** From here on it takes effect, whoever calls it off. Throws where it was called off before. */
  settle(): void {
    if (this.canceled) throw canceled();
    this.settled = true;
  }

  cancel(): void {
    if (this.settled || this.canceled) return;
    this.canceled = true;
    this.stop?.();
  }

  /** The task's result, or CANCELED as soon as it is called off, whatever becomes of the task. */
  async race<T>(task: Promise<T>): Promise<T> {
    if (this.canceled) {
      task.catch(() => undefined);
      throw canceled();
    }
    return await Promise.race([
      task,
      new Promise<never>((_, reject) => {
        this.stop = () => reject(canceled());
      }),
    ]);
  }
}

export const failure = (code: string, message: string, outcomeUnknown = false): Error =>
  Object.assign(new Error(message), { code, outcomeUnknown });
const canceled = () => failure("CANCELED", "Canceled.");

/** Runs tasks one at a time, in the order of their arrival. */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();
  private readonly whenIdle: () => void;

  constructor(whenIdle: () => void = () => undefined) {
    this.whenIdle = whenIdle;
  }

  /** What runs now; settled where nothing does. */
  running: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const run = this.last.then(() => {
      const begun = task();
      this.running = begun;
      return begun;
    });
    const last = run
      .catch(() => undefined)
      .then(() => {
        if (this.last === last) this.whenIdle();
      });
    this.last = last;
    return run;
  }
}

/**
 * Lends connections to reads. One that is called off gives its place up at once, though its connection comes back, and the
 * call ends, only when the engine has ended it, by its time limit at the latest; until then another takes the place.
 */
export class Lending<T> {
  private readonly idle: T[] = [];
  private readonly waiting: (() => void)[] = [];
  private lent = 0;
  private abandoned = 0;

  private readonly open: () => Promise<T>;
  private readonly closeOne: (one: T) => Promise<void>;
  private readonly most: { readonly lent: number; readonly abandoned: number };

  constructor(
    open: () => Promise<T>,
    closeOne: (one: T) => Promise<void>,
    most: { readonly lent: number; readonly abandoned: number },
  ) {
    this.open = open;
    this.closeOne = closeOne;
    this.most = most;
  }

  async use<R>(turn: Turn, task: (one: T) => Promise<R>): Promise<R> {
    while (this.lent >= this.most.lent || this.abandoned >= this.most.abandoned) {
      await turn.race(new Promise<void>((resolve) => this.waiting.push(resolve)));
    }
    this.lent++;
    let mine = true;
    const giveUp = () => {
      if (!mine) return;
      mine = false;
      this.lent--;
      this.next();
    };
    turn.begin();
    const running = (async () => {
      let one: T | undefined;
      try {
        one = this.idle.pop() ?? (await this.open());
        return await task(one);
      } finally {
        turn.rest();
        if (mine && one) this.idle.push(one);
        if (!mine) {
          this.abandoned--;
          if (one) void this.closeOne(one).catch(() => undefined);
          this.next();
        }
        giveUp();
      }
    })();
    try {
      return await turn.race(running);
    } finally {
      if (mine && turn.canceled) this.abandoned++;
      giveUp();
      await running.catch(() => undefined);
    }
  }

  private next(): void {
    // All of them: the first may have been called off.
    for (const wake of this.waiting.splice(0)) wake();
  }
}
