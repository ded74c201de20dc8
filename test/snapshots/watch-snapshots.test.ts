import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";

import { afterAll, beforeAll, expect, test } from "vitest";
import { instances, projects, snapshots } from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { followAlone } from "../../src/events/watch.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { closeWindows } from "../../src/snapshots/close-windows.js";
import { watchSnapshots } from "../../src/snapshots/watch-snapshots.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { snapshotRow } from "./rows.js";

let database: TestDatabase;
let events: EventBus;
const projectId = randomUUID();
const start = new Date("2026-06-01T09:00:00.000Z");

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.insert(projects).values({ id: projectId, name: "p", createdAt: start });
  const logger = createLogger({ level: "silent" });
  events = await createEventBus({ url: database.url, logger, reconnectDelayMs: 1 });
});
afterAll(async () => {
  await events.close();
  await database.drop();
});

async function addInstance(): Promise<string> {
  const id = randomUUID();
  await database.db.insert(instances).values({
    id,
    projectId,
    name: "i",
    tier: "FREE",
    version: "V5",
    cloudProvider: "AWS",
    region: "eu-west-1",
    status: "CREATING",
    engine: "test",
    createdAt: start,
  });
  return id;
}

async function add(instanceId: string, told = true): Promise<string> {
  const id = randomUUID();
  await database.db.transaction(async (tx) => {
    await tx.insert(snapshots).values({
      id,
      projectId,
      instanceId,
      type: "ON_DEMAND",
      kind: "FULL",
      cause: "ON_DEMAND",
      status: "PENDING",
      takenAt: start,
      createdAt: start,
      chainRootId: id,
      chainDepth: 0,
    });
    if (told) await events.publish(tx, { topic: "snapshot", id, instanceId, change: "ADDED" });
  });
  return id;
}

async function rename(instanceId: string, id: string, name: string, told = true): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.update(snapshots).set({ name }).where(eq(snapshots.id, id));
    if (told) await events.publish(tx, { topic: "snapshot", id, instanceId, change: "UPDATED" });
  });
}

const loseConnection = () =>
  database.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'daguerre-events' and datname = current_database()`,
  );

function watch(instanceId: string, scope = { projectId }, clock = createTestClock(start)) {
  const stop = new AbortController();
  const { source } = watchSnapshots({ db: database.db, events, clock }, scope, instanceId);
  const iterator = followAlone(source, stop.signal);
  const next = async () => {
    const result = await iterator.next();
    if (result.done) return undefined;
    const { change, snapshot } = result.value;
    return [change, snapshot.id, snapshot.name];
  };
  return { next, iterator, stop, clock };
}

test("tells what changes from the moment it is asked, and of that instance alone", async () => {
  const instanceId = await addInstance();
  const before = await add(instanceId, false);
  const { next, iterator } = watch(instanceId);
  await add(await addInstance());
  const added = await add(instanceId);
  expect(await next()).toEqual(["ADDED", added, null]);
  await rename(instanceId, before, "old");
  expect(await next()).toEqual(["UPDATED", before, "old"]);
  await iterator.return?.();
});

test("tells after a lost connection what differs from what was seen, and only that", async () => {
  const instanceId = await addInstance();
  const untouched = await add(instanceId, false);
  const changed = await add(instanceId, false);
  const { next, iterator } = watch(instanceId);
  const seen = await add(instanceId);
  expect(await next()).toEqual(["ADDED", seen, null]);
  await rename(instanceId, changed, "changed", false);
  const missed = await add(instanceId, false);
  await loseConnection();
  const told = [await next(), await next()];
  expect(told).toEqual(
    expect.arrayContaining([
      ["ADDED", missed, null],
      ["UPDATED", changed, "changed"],
    ]),
  );
  await rename(instanceId, untouched, "touched");
  expect(await next()).toEqual(["UPDATED", untouched, "touched"]);
  await iterator.return?.();
});

test("tells after a lost connection also what has left the list behind the latest hundred, once", async () => {
  const instanceId = await addInstance();
  const hour = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
  const rows = Array.from({ length: 103 }, (_, age) =>
    snapshotRow({ projectId }, instanceId, { takenAt: hour(-age), restorableUntil: hour(1000 - age) }),
  );
  await database.db.insert(snapshots).values(rows);
  const [newest, gone, told] = [rows[0]!.id, rows[101]!.id, rows[102]!.id];
  const clock = createTestClock(hour(897.5));
  const { next, iterator } = watch(instanceId, { projectId }, clock);
  const first = next();
  await rename(instanceId, newest, "a", true);
  expect(await first).toEqual(["UPDATED", newest, "a"]);

  clock.advance(1_800_000);
  await closeWindows({ db: database.db, events, now: clock.now() });
  expect(await next()).toEqual(["REMOVED", told, null]);
  clock.advance(3_600_000);
  const unheard = { publish: () => Promise.resolve() } as Partial<EventBus> as EventBus;
  await closeWindows({ db: database.db, events: unheard, now: clock.now() });
  await loseConnection();
  expect(await next()).toEqual(["REMOVED", gone, null]);
  await rename(instanceId, newest, "b", false);
  await loseConnection();
  expect(await next()).toEqual(["UPDATED", newest, "b"]);
  await iterator.return?.();
});

test("tells nothing of an instance of another project", async () => {
  const instanceId = await addInstance();
  const foreign = watch(instanceId, { projectId: randomUUID() });
  const own = watch(instanceId);
  const pending = foreign.next();
  const added = await add(instanceId);
  expect(await own.next()).toEqual(["ADDED", added, null]);
  foreign.stop.abort();
  expect(await pending).toBeUndefined();
  own.stop.abort();
});

test("ends at once when it is aborted or closed, also while it waits", async () => {
  const instanceId = await addInstance();
  const aborted = watch(instanceId);
  const first = aborted.next();
  aborted.stop.abort();
  expect(await first).toBeUndefined();
  const closed = watch(instanceId);
  const second = closed.next();
  await closed.iterator.return?.();
  expect(await second).toBeUndefined();
});
