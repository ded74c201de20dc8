import type pg from "pg";

interface Lane {
  readonly client: Promise<pg.PoolClient>;
  /** Statements on it that have no answer yet. */
  waiting: number;
  broken: boolean;
}

/**
 * Connections that short statements share: each is sent at once, behind those that have no answer yet (pg's pipeline), so
 * that a few connections carry what is under way in the whole process, and no round trip is waited for. A slow statement holds up
 * what is behind it: a transaction, or whatever is not over in milliseconds, has no business here. The pool must
 * have `pipeline` on and belong to the lanes alone.
 */
export class Lanes {
  private readonly open = new Set<Lane>();

  constructor(private readonly pool: pg.Pool) {}

  /** `work` sends its statements in one go; what it sends later comes behind anybody's. A rejection with `Broken` ends the connection. */
  async run<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const lane = this.choose();
    lane.waiting++;
    try {
      return await work(await lane.client);
    } catch (error) {
      if (error instanceof Broken) this.leave(lane);
      throw error;
    } finally {
      // Given back when nobody is on it, so that the pool sees to idle connections as it always does.
      if (--lane.waiting === 0) this.giveBack(lane);
    }
  }

  private choose(): Lane {
    let best: Lane | undefined;
    for (const lane of this.open) if (!best || lane.waiting < best.waiting) best = lane;
    if (best && this.open.size >= this.pool.options.max) return best;
    const lane: Lane = { client: this.pool.connect(), waiting: 0, broken: false };
    this.open.add(lane);
    return lane;
  }

  /** Nobody gets on it any more; those who are on it learn by their own statements. */
  private leave(lane: Lane): void {
    lane.broken = true;
    this.open.delete(lane);
  }

  private giveBack(lane: Lane): void {
    this.open.delete(lane);
    void lane.client.then(
      (client) => client.release(lane.broken),
      () => undefined, // It never connected, which its statements have been told.
    );
  }
}

/** The connection itself can be trusted no longer. */
export class Broken extends Error {
  override readonly name = "Broken";
}
