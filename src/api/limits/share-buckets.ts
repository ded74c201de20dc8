import { sql } from "drizzle-orm";
import type { ServiceDatabase } from "../../db/client.js";
import { rateBuckets } from "../../db/tables/index.js";
import type { Buckets } from "./buckets.js";

/**
 * Adds what this process has poured into its buckets to what all have, and takes the sum over; one statement for
 * all keys. Called every second or so: between two calls each process knows its own share alone, so a key may use
 * that much more than its bucket holds. Where it fails, nothing is lost but the knowledge of others.
 */
export async function shareBuckets(db: ServiceDatabase, buckets: Buckets): Promise<void> {
  const poured = buckets.collect();
  if (poured.size === 0) return;
  const keys = sql.param([...poured.keys()]);
  const points = sql.param([...poured.values()]);
  const { perSecond } = buckets.options;
  const leaked = sql`${perSecond}::float8 * extract(epoch from now() - ${rateBuckets.updatedAt})`;
  // In the order of the keys, so that two processes never wait for each other's rows.
  const { rows } = await db.execute<{ key: string; level: number }>(sql`
    insert into ${rateBuckets} (key, level, updated_at)
    select key, points, now()
    from unnest(${keys}::text[], ${points}::float8[]) as poured(key, points) order by key
    on conflict (key) do update set
      level = greatest(0, greatest(0, ${rateBuckets.level} - ${leaked}) + excluded.level),
      updated_at = now()
    returning key, level`);
  for (const { key, level } of rows) buckets.correct(key, level);
}

/** Deletes buckets that have run empty. */
export const sweepBuckets = (db: ServiceDatabase, buckets: Buckets) => ({
  name: "rate buckets that ran empty",
  everyMs: 60_000,
  async run(): Promise<number> {
    const { capacity, perSecond } = buckets.options;
    const emptyAfter = sql`make_interval(secs => ${Math.ceil(capacity / perSecond)}::float8)`;
    const { rowCount } = await db
      .delete(rateBuckets)
      .where(sql`${rateBuckets.updatedAt} < now() - ${emptyAfter}`);
    return rowCount ?? 0;
  },
});
