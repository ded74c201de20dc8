import type { Clock } from "../../clock.js";

export interface BucketOptions {
  readonly clock: Clock;
  /** What a bucket holds. */
  readonly capacity: number;
  /** What runs out of it each second. */
  readonly perSecond: number;
}

export interface BucketState {
  readonly allowed: boolean;
  /** What it would still take now. */
  readonly remaining: number;
  /** Seconds until it would take what was refused; 0 where nothing was. */
  readonly retryAfter: number;
  /** Seconds until it is empty, and so at its full use again. */
  readonly emptyAfter: number;
}

interface Bucket {
  level: number;
  at: number;
  /** What has been poured in since it was last shared. */
  unshared: number;
}

/** Beyond this many, buckets that have run empty are forgotten, the longest unused first. */
const keptBuckets = 10_000;

/**
 * Leaky buckets, one for each key: each request pours its cost in, and what would overflow is refused. They are kept
 * in memory, so that no request waits for them; `share` puts together what several processes have poured in.
 */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(readonly options: BucketOptions) {}

  /** Pours in what the request costs, if that fits. What costs more than a bucket holds fits an empty one. */
  take(key: string, cost: number): BucketState {
    const { capacity, perSecond } = this.options;
    const bucket = this.open(key);
    const poured = Math.min(cost, capacity);
    const over = bucket.level + poured - capacity;
    if (over > 0) return this.describe(bucket, false, Math.ceil(over / perSecond));
    bucket.level += poured;
    bucket.unshared += poured;
    return this.describe(bucket, true, 0);
  }

  /** Corrects an earlier `take` by what it was wrong; never refuses. */
  settle(key: string, difference: number): BucketState {
    const bucket = this.open(key);
    const before = bucket.level;
    bucket.level = Math.max(0, bucket.level + difference);
    bucket.unshared += bucket.level - before;
    return this.describe(bucket, true, 0);
  }

  /** Takes what this process has poured in since the last call, to be added to what others have. */
  collect(): Map<string, number> {
    const unshared = new Map<string, number>();
    for (const [key, bucket] of this.buckets) {
      if (bucket.unshared === 0) continue;
      unshared.set(key, bucket.unshared);
      bucket.unshared = 0;
    }
    return unshared;
  }

  /** Puts the level of all processes together in place of this one's, which may have gone on meanwhile. */
  correct(key: string, level: number): void {
    const bucket = this.open(key);
    bucket.level = Math.max(0, level + bucket.unshared);
  }

  private open(key: string): Bucket {
    const now = this.options.clock.now().getTime();
    const known = this.buckets.get(key);
    if (known) {
      // A clock that steps back fills no bucket.
      const passedMs = Math.max(0, now - known.at);
      known.level = Math.max(0, known.level - (passedMs / 1000) * this.options.perSecond);
      known.at = now;
      // Last used, last in order.
      this.buckets.delete(key);
      this.buckets.set(key, known);
      return known;
    }
    const bucket: Bucket = { level: 0, at: now, unshared: 0 };
    this.buckets.set(key, bucket);
    if (this.buckets.size > keptBuckets) this.forgetOne(now);
    return bucket;
  }

  /** Of those that hold something, most have been used lately: few are passed over. */
  private forgetOne(now: number): void {
    for (const [key, { level, at }] of this.buckets) {
      if (level > ((now - at) / 1000) * this.options.perSecond) continue;
      this.buckets.delete(key);
      return;
    }
  }

  private describe(bucket: Bucket, allowed: boolean, retryAfter: number): BucketState {
    const { capacity, perSecond } = this.options;
    return {
      allowed,
      remaining: Math.max(0, Math.floor(capacity - bucket.level)),
      retryAfter,
      emptyAfter: Math.ceil(bucket.level / perSecond),
    };
  }
}
