import { randomBytes } from "node:crypto";
import pg from "pg";
import { drizzle } from "drizzle-orm/node-postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedFleet } from "../../bench/fleet-seed.js";
import type { ServiceDatabase } from "../../src/db/client.js";
import * as tables from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { createIds } from "../../src/ids.js";
import type { JobQueue } from "../../src/jobs/job-queue.js";
import type { Engine } from "../../src/engines/engine.js";
import { detectSystemChanges } from "../../src/operations/detect-system-changes.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import { scheduleDue } from "../../src/operations/schedule-due.js";
import { closeWindows } from "../../src/snapshots/close-windows.js";
import { mendSchedules } from "../../src/snapshots/mend-schedules.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const now = new Date("2026-07-15T12:00:00.000Z");
const clock = createTestClock(now);
let database: TestDatabase;
let db: ServiceDatabase;
/** What the server says of each statement that has run, by the server's own module for it. */
let plans: Plan[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const client = await database.db.$client.connect();
  await seedFleet(client, { instances: 20_000, snapshotsPerInstance: 3, now });
  await client.query(
    `insert into slots (project_id, instance_id, cause, slot_at, due_at, cloud_provider, region)
     select project_id, id, 'CADENCE', $1::timestamptz + make_interval(secs => (row_number() over () - 100) / 10.0), $1::timestamptz
       + make_interval(secs => (row_number() over () - 100) / 10.0), cloud_provider, region from instances`,
    [now],
  );
  await client.query(
    `update instances set engine_version = '1.0.0', next_scheduled_snapshot_at = slots.slot_at
     from slots where slots.instance_id = instances.id`,
  );
  await client.query(
    `insert into operations (id, project_id, instance_id, kind, status, phase, percent, exclusive, snapshot_id, created_at, finished_at)
     select gen_random_uuid(), project_id, instance_id, 'SNAPSHOT', 'SUCCEEDED', 'DONE', 100, true, id, taken_at, taken_at
     from snapshots`,
  );
  // Some hundred windows have just closed, of chains that are over.
  await client.query(
    `update snapshots set restorable_until = $1::timestamptz, exportable_until = null, purge_check_at = $1::timestamptz
     where instance_id in (select id from instances order by id limit 200)`,
    [now],
  );
  await client.query("vacuum analyze");
  client.release();
  const options =
    "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_format=json" +
    " -c auto_explain.log_level=notice -c client_min_messages=notice";
  const pool = new pg.Pool({ connectionString: database.url, max: 1, options });
  pool.on("connect", (connection) =>
    connection.on("notice", ({ message = "" }) => {
      const plan = message.slice(message.indexOf("{"));
      if (plan.startsWith("{")) plans.push(...nodesOf((JSON.parse(plan) as { Plan: Plan }).Plan));
    }),
  );
  db = drizzle<typeof tables, pg.Pool>({ client: pool, schema: tables });
}, 120_000);
afterAll(async () => {
  await db.$client.end();
  await database.drop();
});

const events = { publish: async () => undefined } as Partial<EventBus> as EventBus;
const jobs = { enqueue: async () => undefined } as Partial<JobQueue> as JobQueue;
const big = ["snapshots", "instances", "slots", "operations"];

/** The tables that a statement has read from end to end, and the indexes that were used. */
async function watch(act: () => Promise<unknown>) {
  plans = [];
  await act();
  expect(plans.length).toBeGreaterThan(0);
  const scanned = plans.filter(
    (node) => node["Node Type"] === "Seq Scan" && big.includes(node["Relation Name"] ?? ""),
  );
  return {
    scanned: scanned.map((node) => node["Relation Name"]),
    indexes: new Set(plans.flatMap((node) => node["Index Name"] ?? [])),
  };
}

test("the tick finds what is due, and what decides its kind, by indexes alone", async () => {
  const newId = createIds(clock, randomBytes);
  const schedule = { perLocation: 50, busyPauseMs: 1000 };
  const context = { db, clock, newId, jobs, events, policy: defaultRetentionTable, schedule };
  let taken = 0;
  const { scanned, indexes } = await watch(async () => (taken = await scheduleDue(context)));
  expect(taken).toBe(50);
  expect(scanned).toEqual([]);
  expect(indexes).toContain("slots_due");
});

test("the sweeps find what has expired, and who needs it, by indexes alone", async () => {
  const closing = await watch(() => closeWindows({ db, events, now }));
  expect(closing.scanned).toEqual([]);
  expect(closing.indexes).toContain("snapshots_to_close");
  let gone = 0;
  const artifacts = { remove: async () => undefined };
  const context = { db, clock, artifacts } as unknown as Parameters<typeof purgeArtifacts>[0];
  const purging = await watch(async () => (gone = await purgeArtifacts(context, { dueAt: now })));
  expect(gone).toBe(600);
  expect(purging.scanned).toEqual([]);
  expect(purging.indexes).toContain("snapshots_to_purge");
  expect(purging.indexes).toContain("snapshots_to_remove");
});

test("the sweeps find whose schedule or engine's version is behind by indexes alone", async () => {
  const behind = `id in (select id from instances order by id limit 3)`;
  const policy = defaultRetentionTable;
  await db.execute(`delete from slots where instance_${behind}`);
  await db.execute(
    `update instances set next_scheduled_snapshot_at = null, engine_version = '0.9.0' where ${behind}`,
  );
  const putOff = `id in (select id from instances order by id offset 3 limit 4)`;
  await db.execute(`update slots set slot_at = slot_at + interval '3 days' where instance_${putOff}`);
  await db.execute(
    `update instances set next_scheduled_snapshot_at = next_scheduled_snapshot_at + interval '3 days' where ${putOff}`,
  );
  const mending = await watch(async () => expect(await mendSchedules({ db, policy, now })).toBe(7));
  expect(mending.scanned).toEqual([]);
  expect(mending.indexes).toContain("instances_by_schedule");

  const engine = { name: "ladybug", traits: { versions: ["V5"] }, version: () => Promise.resolve("1.0.0") };
  const sweep = detectSystemChanges({ db, clock, policy }, [engine as unknown as Engine]);
  const detecting = await watch(async () => expect(await sweep.run()).toBe(3));
  expect(detecting.scanned).toEqual([]);
  expect(detecting.indexes).toContain("instances_by_engine_version");
});
