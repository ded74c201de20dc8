import { sql } from "drizzle-orm";
import { Gauge, type Registry } from "prom-client";
import { type Clock, hasPassed } from "../clock.js";
import type { Database } from "../db/client.js";
import { toGlobalId } from "../ids.js";

/** Instances that are told one by one: those whose newest snapshot is the oldest. */
const toldInstances = 100;
/** A scrape within this time of the last reads nothing anew: several scrapers cost as much as one. */
const keptMs = 5_000;

/** What all processes share, read from the database when somebody asks. */
export function createFleetMetrics(parts: { db: Database; registry: Registry; clock: Clock }): {
  /** Brings the gauges up to date; rejects where the database does not answer. */
  refresh(): Promise<void>;
} {
  const { db, registry, clock } = parts;
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `daguerre_${name}`, help, labelNames, registers: [registry] });

  const waiting = gauge("queue_jobs", "Jobs of a queue that wait for a worker or run.", "queue", "state");
  const oldest = gauge(
    "queue_oldest_seconds",
    "How long the oldest due job has waited for a worker.",
    "queue",
  );
  const unfinished = gauge("operations_unfinished", "Operations that have not ended.", "kind", "status");
  const instances = gauge("instances", "Instances that are not deleted.");
  const age = gauge(
    "snapshot_age_seconds",
    `Age of the newest completed snapshot; of the ${toldInstances} instances where it is oldest.`,
    "instance",
  );
  const without = gauge("instances_without_snapshot", "Instances that have no completed snapshot.");
  const stored = gauge("stored_bytes", "Bytes that snapshots take in the store.", "kind");

  async function read(): Promise<void> {
    const jobs = await db.execute<{ queue: string; state: string; count: number; oldest: number | null }>(sql`
      select name as queue, case when state = 'active' then 'active' else 'waiting' end as state, count(*)::int as count,
        extract(epoch from now() - min(greatest(created_on, start_after)) filter (where state < 'active' and start_after <= now()))::float8 as oldest
      from pgboss.job where state <= 'active' group by 1, 2`);
    const queues = await db.execute<{ name: string }>(sql`select name from pgboss.queue`);
    waiting.reset();
    oldest.reset();
    for (const { name } of queues.rows) {
      oldest.set({ queue: name }, 0);
      for (const state of ["waiting", "active"]) waiting.set({ queue: name, state }, 0);
    }
    for (const row of jobs.rows) {
      waiting.set({ queue: row.queue, state: row.state }, row.count);
      if (row.oldest !== null) oldest.set({ queue: row.queue }, row.oldest);
    }

    const working = await db.execute<{ kind: string; status: string; count: number }>(sql`
      select kind, status, count(*)::int as count from operations
      where status in ('QUEUED', 'RUNNING', 'CANCELING') group by 1, 2`);
    unfinished.reset();
    for (const { kind, status, count } of working.rows) unfinished.set({ kind, status }, count);

    const now = clock.now().toISOString();
    const newest = await db.execute<{ id: string; age: number | null }>(sql`
      select i.id, extract(epoch from ${now}::timestamptz - s.taken_at)::float8 as age
      from instances i left join lateral (
        select taken_at from snapshots where instance_id = i.id and status = 'COMPLETED'
        order by taken_at desc limit 1) s on true
      where i.deleted_at is null order by age desc nulls first`);
    instances.set(newest.rows.length);
    const told = newest.rows.filter((row) => row.age !== null);
    without.set(newest.rows.length - told.length);
    age.reset();
    for (const row of told.slice(0, toldInstances))
      age.set({ instance: toGlobalId("instance", row.id) }, Math.max(0, row.age ?? 0));

    const bytes = await db.execute<{ kind: string; bytes: number }>(sql`
      select kind, sum(stored_bytes)::float8 as bytes from snapshots
      where artifact_state not in ('NONE', 'PURGED') group by 1`);
    stored.reset();
    for (const row of bytes.rows) stored.set({ kind: row.kind }, row.bytes);
  }

  let reading: Promise<void> | undefined;
  let readAt = -Infinity;
  return {
    refresh() {
      if (!reading && !hasPassed(keptMs, readAt, clock.now().getTime())) return Promise.resolve();
      reading ??= read()
        .then(() => void (readAt = clock.now().getTime()))
        .finally(() => (reading = undefined));
      return reading;
    },
  };
}
