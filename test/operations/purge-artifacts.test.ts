import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, isNotNull } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { holds, operations, snapshots } from "../../src/db/tables/index.js";
import type { DomainEvent, EventBus } from "../../src/events/event-bus.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import type { Scope } from "../../src/projects/viewer.js";
import { closeAllWindows, closeWindows } from "../../src/snapshots/close-windows.js";
import { isListed } from "../../src/snapshots/eligibility.js";
import { releaseSnapshot } from "../../src/snapshots/hold-snapshot.js";
import { lookAtAll } from "../../src/snapshots/mark-purgeable.js";
import {
  listSnapshotPages,
  type SnapshotListFilter,
  type SnapshotRow,
} from "../../src/snapshots/snapshots.queries.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { asAdmin, insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { createMemoryStore, type MemoryStore, type StoreCall } from "../support/memory-store.js";

let database: TestDatabase;
let scope: Scope;
let bus: EventBus;
let store: MemoryStore;
let fault: (call: StoreCall) => void;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
  const logger = createLogger({ level: "silent" });
  bus = await createEventBus({ url: database.url, logger, reconnectDelayMs: 50 });
});
afterAll(async () => {
  await bus.close();
  await database.drop();
});
beforeEach(async () => {
  const { db } = database;
  await db.delete(operations);
  await db.update(snapshots).set({ holdId: null });
  await db.delete(holds);
  await db.delete(snapshots);
  fault = () => undefined;
  store = createMemoryStore({ clock: createTestClock(start), fault: (call) => fault(call) });
});

const wrapper = createKeyWrapper(createFileKeyring(randomBytes(32)));
const purgeAt = (now: Date, ofInstance?: string) => {
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  const context = { db: database.db, clock: createTestClock(now), artifacts };
  return purgeArtifacts(context, ofInstance === undefined ? { dueAt: now } : { instanceId: ofInstance });
};
async function* bytes() {
  yield Buffer.from("sealed");
}

/** Completed, with its artifact in the store, restorable for 10 s unless said otherwise. */
async function add(instanceId: string, changes: Partial<SnapshotRow> = {}): Promise<SnapshotRow> {
  const row = snapshotRow(scope, instanceId, { exportableUntil: null, ...changes });
  const artifactKey = `aws/${row.id}/`;
  const values = { ...row, artifactKey, purgeCheckAt: row.restorableUntil };
  if (row.status === "COMPLETED") await store.put(`${artifactKey}data`, bytes());
  const incomplete = { ...row, artifactKey: null };
  const [added] = await database.db
    .insert(snapshots)
    .values(row.status === "COMPLETED" ? values : incomplete)
    .returning();
  return added as SnapshotRow;
}
const above = (base: SnapshotRow, changes: Partial<SnapshotRow> = {}) =>
  add(base.instanceId, {
    type: "SCHEDULED",
    kind: "DIFFERENTIAL",
    baseId: base.id,
    chainRootId: base.chainRootId,
    chainDepth: base.chainDepth + 1,
    ...changes,
  });
const stored = (...rows: SnapshotRow[]) => rows.map((row) => store.keys().includes(`aws/${row.id}/data`));
const read = async (row: SnapshotRow) =>
  (await database.db.select().from(snapshots).where(eq(snapshots.id, row.id)))[0];

test("an artifact goes when its window closes, and not before", async () => {
  const snapshot = await add(await insertInstance(database.db, scope));
  expect(await purgeAt(later(9_999))).toBe(0);
  expect(stored(snapshot)).toEqual([true]);
  expect(await purgeAt(later(10_000))).toBe(1);
  expect(stored(snapshot)).toEqual([false]);
  expect(await read(snapshot)).toMatchObject({ artifactState: "PURGED", artifactRemovedAt: later(10_000) });
  expect(await purgeAt(later(20_000))).toBe(0);
});

test("what has been purged comes back into no list where a clock steps back", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const gone = await add(instanceId);
  const open = await add(instanceId, { restorableUntil: later(20_000) });
  expect(await purgeAt(later(10_000))).toBe(1);
  const page = { from: "start", limit: 9 } as const;
  const list = async (filter: SnapshotListFilter) => {
    const pages = await listSnapshotPages(database.db, scope, [instanceId], page, filter, later(9_999));
    return pages.get(instanceId)?.rows.map((row) => row.id);
  };
  expect(await list({})).toEqual([open.id]);
  expect(isListed((await read(gone))!, later(9_999))).toBe(false);
  expect((await list({ includeExpired: true }))?.toSorted()).toEqual([gone.id, open.id].toSorted());
});

test("a base stays until the last of those that build on it has expired", async () => {
  const base = await add(await insertInstance(database.db, scope));
  const middle = await above(base, { restorableUntil: later(12_000) });
  const last = await above(middle, { restorableUntil: later(14_000) });
  for (const ms of [10_000, 12_000, 13_999]) expect(await purgeAt(later(ms))).toBe(0);
  const removed: string[] = [];
  fault = ({ verb, key, moment }) => void (verb === "removeAll" && moment === "begin" && removed.push(key));
  expect(await purgeAt(later(14_000))).toBe(3);
  expect(removed).toEqual([last, middle, base].map((row) => `aws/${row.id}/`));
});

test("what is above goes before its base where it expires earlier", async () => {
  const base = await add(await insertInstance(database.db, scope));
  const short = await above(base, { restorableUntil: later(5_000) });
  expect(await purgeAt(later(5_000))).toBe(1);
  expect(stored(base, short)).toEqual([true, false]);
});

test("what is above goes with its base where it would have been looked at later", async () => {
  const base = await add(await insertInstance(database.db, scope));
  const last = await above(base);
  // As an operation leaves it that has read it and has ended.
  await database.db
    .update(snapshots)
    .set({ purgeCheckAt: later(70_000) })
    .where(eq(snapshots.id, last.id));
  expect(await purgeAt(later(10_000))).toBe(2);
  expect(stored(base, last)).toEqual([false, false]);
});

test("an artifact stays while a snapshot on it is being taken, or an operation reads it", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const base = await add(instanceId);
  const taking = await above(base, { status: "IN_PROGRESS" });
  const source = await add(instanceId);
  const id = randomUUID();
  await database.db.insert(operations).values({
    ...{ id, projectId: scope.projectId, instanceId, kind: "EXPORT", exclusive: false },
    ...{ status: "RUNNING", phase: "COPYING", sourceSnapshotId: source.id, createdAt: start },
  });
  expect(await purgeAt(later(10_000))).toBe(0);
  await database.db.update(snapshots).set({ status: "FAILED" }).where(eq(snapshots.id, taking.id));
  await database.db
    .update(operations)
    .set({ status: "CANCELED", finishedAt: start })
    .where(eq(operations.id, id));
  expect(await purgeAt(later(69_999))).toBe(0);
  expect(await purgeAt(later(70_000))).toBe(2);
});

test("a held snapshot and what it builds on stay until the first sweep after its release", async () => {
  const base = await add(await insertInstance(database.db, scope));
  const held = await above(base);
  const beyond = await above(held);
  const id = randomUUID();
  const hold = { id, projectId: scope.projectId, snapshotId: held.id, reason: "audit" };
  await database.db.insert(holds).values({ ...hold, placedBy: "me", placedAt: start });
  await database.db.update(snapshots).set({ holdId: id }).where(eq(snapshots.id, held.id));
  expect(await purgeAt(later(10_000))).toBe(1);
  expect(stored(base, held, beyond)).toEqual([true, true, false]);
  const context = { db: database.db, clock: createTestClock(later(10_001)), events: bus };
  await releaseSnapshot(context, asAdmin(scope), { snapshotId: held.id });
  expect(await purgeAt(later(10_001))).toBe(2);
});

test("interrupted at any call it leaves nothing listed without its artifact, and the next sweep goes on", async () => {
  const instanceId = await insertInstance(database.db, scope);
  for (const moment of ["begin", "end"] as const) {
    const rows = [await add(instanceId), await add(instanceId)];
    const open = await add(instanceId, { restorableUntil: later(90_000) });
    fault = (call) => {
      if (call.verb === "removeAll" && call.moment === moment) throw new Error("killed");
    };
    await expect(purgeAt(later(10_000))).rejects.toThrow("killed");
    for (const row of rows)
      expect(await read(row)).toMatchObject({ artifactState: "PURGED", artifactRemovedAt: null });
    fault = () => undefined;
    expect(await purgeAt(later(10_000))).toBe(2);
    expect(stored(...rows, open)).toEqual([false, false, true]);
  }
});

test("what cannot be removed keeps nothing else from going", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const stuck = await add(instanceId);
  const others = [await add(instanceId), await add(instanceId)];
  fault = ({ verb, key }) => {
    if (verb === "removeAll" && key === `aws/${stuck.id}/`) throw new Error("stuck");
  };
  await expect(purgeAt(later(10_000))).rejects.toThrow("stuck");
  expect(stored(stuck, ...others)).toEqual([true, false, false]);
  const newcomer = await add(instanceId);
  await expect(purgeAt(later(10_000))).rejects.toThrow("stuck");
  expect(stored(stuck, newcomer)).toEqual([true, false]);
});

test("a store that is down keeps nothing of another from going, however much is stuck in it", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const purgedIn = (cloud: string) => {
    const row = snapshotRow(scope, instanceId, { exportableUntil: null, purgeCheckAt: later(10_000) });
    return { ...row, artifactState: "PURGED" as const, artifactKey: `${cloud}/${row.id}/` };
  };
  const stuck = Array.from({ length: 600 }, () => purgedIn("azure"));
  const left = Array.from({ length: 100 }, () => purgedIn("aws"));
  await database.db.insert(snapshots).values([...stuck, ...left]);
  const due = await add(instanceId);
  fault = ({ verb, key }) => {
    if (verb === "removeAll" && key.startsWith("azure/")) throw new Error("down");
  };
  await expect(purgeAt(later(10_000))).rejects.toThrow("down");
  expect(stored(due)).toEqual([false]);
  expect(await database.db.$count(snapshots, isNotNull(snapshots.artifactRemovedAt))).toBe(101);
  fault = () => undefined;
  expect(await purgeAt(later(10_000))).toBe(600);
});

test("sweeps at once remove each artifact, and more than one batch of them", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const rows = Array.from({ length: 1100 }, () => {
    const row = snapshotRow(scope, instanceId);
    return { ...row, purgeCheckAt: row.restorableUntil };
  });
  await database.db.insert(snapshots).values(rows);
  await Promise.all([purgeAt(later(10_000)), purgeAt(later(10_000))]);
  await purgeAt(later(10_000));
  const gone = and(eq(snapshots.instanceId, instanceId), eq(snapshots.artifactState, "PURGED"));
  expect(await database.db.$count(snapshots, gone)).toBe(1100);
});

test("a chain that a request has locked is left for the next sweep", async () => {
  const base = await add(await insertInstance(database.db, scope));
  const last = await above(base);
  await database.db.transaction(async (tx) => {
    await tx.select().from(snapshots).where(eq(snapshots.id, base.id)).for("share");
    expect(await purgeAt(later(10_000))).toBe(0);
  });
  expect(await purgeAt(later(10_000))).toBe(2);
  expect(stored(base, last)).toEqual([false, false]);
});

test("one instance's artifacts can be purged apart, once its windows are closed", async () => {
  const [own, other] = [await insertInstance(database.db, scope), await insertInstance(database.db, scope)];
  const rows = [await add(own, { restorableUntil: start }), await add(other, { restorableUntil: start })];
  expect(await purgeAt(later(1), own)).toBe(1);
  expect(stored(...rows)).toEqual([false, true]);
});

test("windows that were cut short are looked at by the next sweep", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const snapshot = await add(instanceId);
  await database.db
    .update(snapshots)
    .set({ supersededAt: later(1) })
    .where(eq(snapshots.id, snapshot.id));
  await database.db.transaction((tx) => lookAtAll(tx, instanceId, later(2)));
  expect(await purgeAt(later(2))).toBe(1);
});

test("all windows of an instance are closed at once, and each is told that was not told before", async () => {
  const instanceId = await insertInstance(database.db, scope);
  const superseded = await add(instanceId, { supersededAt: later(1), removalToldAt: later(1) });
  const latest = await add(instanceId, { exportableUntil: later(5_000) });
  const expired = await add(instanceId, { restorableUntil: later(2), removalToldAt: later(2) });
  const told: DomainEvent[] = [];
  const events = { publish: async (_: unknown, ...all: DomainEvent[]) => void told.push(...all) };
  await database.db.transaction((tx) => closeAllWindows(tx, events as never, instanceId, later(3)));
  expect(told).toEqual([{ topic: "snapshot", id: latest.id, instanceId, change: "REMOVED" }]);
  expect(await read(superseded)).toMatchObject({ restorableUntil: later(3), removalToldAt: later(1) });
  expect(await read(latest)).toMatchObject({
    ...{ restorableUntil: later(3), exportableUntil: later(3), removalToldAt: later(3) },
  });
  expect(await read(expired)).toEqual(expired);
  expect(await closeWindows({ db: database.db, events: events as never, now: later(20_000) })).toBe(0);
});

test("a closed window is told once, at or after its instant, and not while the snapshot is held", async () => {
  const { db } = database;
  const instanceId = await insertInstance(db, scope);
  const snapshot = await add(instanceId);
  const held = await add(instanceId);
  const id = randomUUID();
  const hold = { id, projectId: scope.projectId, snapshotId: held.id, reason: "audit" };
  await db.insert(holds).values({ ...hold, placedBy: "me", placedAt: start });
  await db.update(snapshots).set({ holdId: id }).where(eq(snapshots.id, held.id));
  const heard: DomainEvent[] = [];
  const stop = new AbortController();
  const notices = bus.listen((event) => event.topic === "snapshot", stop.signal);
  const tell = (ms: number) => closeWindows({ db, events: bus, now: later(ms) });
  expect(await tell(9_999)).toBe(0);
  expect(await Promise.all([tell(10_000), tell(10_000)])).toEqual(expect.arrayContaining([1, 0]));
  expect(await tell(10_001)).toBe(0);
  heard.push((await notices.next()).value as DomainEvent);
  stop.abort();
  const { projectId } = scope;
  expect(heard).toEqual([{ topic: "snapshot", id: snapshot.id, instanceId, change: "REMOVED", projectId }]);
});
