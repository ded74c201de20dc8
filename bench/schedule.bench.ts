import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type pg from "pg";
import type * as Client from "../src/db/client.ts";
import type * as EmbeddedPostgres from "../src/db/embedded-postgres.ts";
import type * as Migrate from "../src/db/migrate.ts";
import type { EventBus } from "../src/events/event-bus.ts";
import type * as PostgresEventBus from "../src/events/postgres-event-bus.ts";
import type * as Ids from "../src/ids.ts";
import type * as PgBossQueue from "../src/jobs/pg-boss-queue.ts";
import type * as InsertOperations from "../src/operations/insert-operations.ts";
import type * as PurgeArtifacts from "../src/operations/purge-artifacts.ts";
import type * as ScheduleDue from "../src/operations/schedule-due.ts";
import type * as RetentionTable from "../src/snapshots/retention-table.ts";
import type * as Logger from "../src/telemetry/logger.ts";
import { type Bench, type BenchContext, product } from "./bench.ts";
import { onClient } from "./fleet.ts";
import { seedFleet } from "./fleet-seed.ts";
import { median, timed } from "./statistics.ts";

const { connectDatabase } = await product<typeof Client>("db/client.js");
const { startEmbeddedPostgres } = await product<typeof EmbeddedPostgres>("db/embedded-postgres.js");
const { migrateDatabase } = await product<typeof Migrate>("db/migrate.js");
const { createEventBus } = await product<typeof PostgresEventBus>("events/postgres-event-bus.js");
const { createIds } = await product<typeof Ids>("ids.js");
const { createJobQueue } = await product<typeof PgBossQueue>("jobs/pg-boss-queue.js");
const { operationQueue } = await product<typeof InsertOperations>("operations/insert-operations.js");
const { purgeArtifacts } = await product<typeof PurgeArtifacts>("operations/purge-artifacts.js");
const { scheduleDue } = await product<typeof ScheduleDue>("operations/schedule-due.js");
const { defaultRetentionTable } = await product<typeof RetentionTable>("snapshots/retention-table.js");
const { createLogger } = await product<typeof Logger>("telemetry/logger.js");

const now = new Date("2026-07-15T12:30:00.000Z");
const clock = { now: () => now };
const [claimed, expired] = [500, 10_000];

interface Measured {
  readonly tick: number;
  readonly sweep: number;
}

/** The same questions of a fleet of this size; medians in milliseconds. */
async function measure(url: string, { quick, log }: BenchContext): Promise<Measured> {
  const db = connectDatabase({
    url,
    maxConnections: 4,
    applicationName: "bench",
    onIdleError: () => undefined,
  });
  const logger = createLogger({ level: "silent" });
  const events: EventBus = await createEventBus({ url, logger, reconnectDelayMs: 250 });
  const jobs = await createJobQueue({ url, logger, queues: [{ name: operationQueue, attempts: 1 }] });
  const client = await db.$client.connect();
  const rounds = quick ? 3 : 15;

  const schedule = { perLocation: claimed, busyPauseMs: 1000 };
  const context = {
    db,
    clock,
    newId: createIds(clock, randomBytes),
    jobs,
    events,
    policy: defaultRetentionTable,
    schedule,
  };
  const ticks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await oweSlots(client);
    let taken = 0;
    ticks.push(await timed(async () => (taken = await scheduleDue(context))));
    if (taken !== claimed) throw new Error(`the tick took ${taken} slots, not ${claimed}`);
    log(`tick ${round + 1} of ${rounds}: ${ticks.at(-1)?.toFixed(1)} ms`);
  }
  await forgetTicks(client);

  const sweeps: number[] = [];
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    await expire(client, round);
    let gone = 0;
    const artifacts = { remove: async () => undefined };
    const purge = { db, clock, artifacts } as unknown as Parameters<typeof purgeArtifacts>[0];
    sweeps.push(await timed(async () => (gone = await purgeArtifacts(purge, { dueAt: now }))));
    if (gone !== expired) throw new Error(`the sweep removed ${gone} artifacts, not ${expired}`);
    log(`sweep ${round + 1}: ${sweeps.at(-1)?.toFixed(1)} ms`);
  }
  client.release();
  await jobs.stop();
  await events.close();
  await db.$client.end();
  return { tick: median(ticks), sweep: median(sweeps) };
}

/** So many of the fleet are due now, none of them busy; the others within the hours to come. */
async function oweSlots(client: pg.ClientBase): Promise<void> {
  await endOperations(client);
  // The slots of the round before are filled: this one's are others.
  await client.query(
    "update snapshots set slot_at = null where id in (select snapshot_id from operations) and status = 'PENDING'",
  );
  await client.query("delete from slots");
  await client.query(
    `insert into slots (project_id, instance_id, cause, slot_at, due_at, cloud_provider, region)
     select project_id, id, 'CADENCE', at, at, cloud_provider, region from (
       select *, $1::timestamptz + make_interval(secs => row_number() over (order by id) - ${claimed}) as at
       from instances) as due`,
    [now],
  );
  await client.query("analyze slots");
}

const endOperations = (client: pg.ClientBase) =>
  client.query(
    "update operations set status = 'CANCELED', finished_at = created_at where status in ('QUEUED', 'RUNNING', 'CANCELING')",
  );

/** Some hundred of the fleet's instances, others in each round. */
const someInstances = 500;

/** The windows of so many snapshots close now: of whole chains, the oldest of some hundred instances. */
async function expire(client: pg.ClientBase, round: number): Promise<void> {
  const { rowCount } = await client.query(
    `update snapshots set restorable_until = $1::timestamptz, exportable_until = null, purge_check_at = $1::timestamptz
     where id in (
       select id from snapshots where artifact_state = 'PRESENT'
         and instance_id in (select id from instances order by md5(id::text || $2) limit ${someInstances})
       order by chain_root_id, chain_depth desc limit ${expired})`,
    [now, String(round)],
  );
  if (rowCount !== expired) throw new Error(`only ${rowCount} rows are left to expire`);
}

/**
 * What the ticks have begun. Foreign keys are not asked: no index serves the one from snapshots to their base, since the
 * product never deletes a snapshot's row, and each row would read the whole table.
 */
async function forgetTicks(client: pg.ClientBase): Promise<void> {
  await client.query("set session_replication_role = replica");
  await client.query("create temporary table begun as select snapshot_id from operations");
  await client.query("delete from operations");
  await client.query(
    "delete from snapshots where id in (select snapshot_id from begun) and status = 'PENDING'",
  );
  await client.query("set session_replication_role = origin");
}

const sizesOf = (quick: boolean) =>
  quick
    ? ([
        { instances: 1000, snapshotsPerInstance: 60 },
        { instances: 1000, snapshotsPerInstance: 300 },
      ] as const)
    : ([
        { instances: 1000, snapshotsPerInstance: 100 },
        { instances: 10_000, snapshotsPerInstance: 1000 },
      ] as const);
const folderOf = (directory: string, index: number) => join(directory, `postgres-${index}`);

async function prepare({ quick, directory, log }: BenchContext): Promise<void> {
  for (const [index, fleet] of sizesOf(quick).entries()) {
    log(`a fleet of ${fleet.instances} instances with ${fleet.snapshotsPerInstance} snapshots each`);
    const postgres = await startEmbeddedPostgres({ directory: folderOf(directory, index) });
    try {
      await migrateDatabase(postgres.url);
      const onProgress = (rows: number) => log(`${rows.toLocaleString("en")} snapshots are there`);
      await onClient(postgres.url, (client) => seedFleet(client, { ...fleet, now, onProgress }));
    } finally {
      await postgres.stop();
    }
  }
}

async function run(context: BenchContext) {
  const { quick, directory } = context;
  const [small, large] = sizesOf(quick);
  const measured: Measured[] = [];
  for (const index of [0, 1]) {
    const postgres = await startEmbeddedPostgres({ directory: folderOf(directory, index) });
    try {
      measured.push(await measure(postgres.url, context));
    } finally {
      await postgres.stop();
    }
  }
  const [few, many] = measured as [Measured, Measured];
  const row = (what: string, name: keyof Measured) => [
    what,
    `${few[name].toFixed(1)} ms`,
    `${many[name].toFixed(1)} ms`,
    (many[name] / few[name]).toFixed(2),
    "at most 1.5",
  ];
  const rows = (fleet: { readonly instances: number; readonly snapshotsPerInstance: number }) =>
    (fleet.instances * fleet.snapshotsPerInstance).toLocaleString("en");
  return {
    columns: ["median", `${rows(small)} snapshots`, `${rows(large)} snapshots`, "ratio", "must"],
    rows: [
      row(`scheduler's tick: ${claimed} due found and begun`, "tick"),
      row(`sweep of ${expired.toLocaleString("en")} expired`, "sweep"),
    ],
    notes: [
      `The sweep deals with ${Math.round((expired / many.sweep) * 1000).toLocaleString("en")} rows a second at ${rows(large)} snapshots; the store answers at once here.`,
      "One embedded Postgres with its default settings for each size. The tick inserts snapshots, operations and jobs and tells of them.",
    ],
  };
}

const title = "The scheduler and the sweep, by the number of snapshots";
const bench: Bench = { title, prepare, run };
export default bench;
