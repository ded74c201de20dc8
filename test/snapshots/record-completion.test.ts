import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queryable } from "../../src/db/client.js";
import type { MajorVersion, SnapshotKind, Tier } from "../../src/db/enums.js";
import { holds, instances, projects, snapshots } from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { closeWindows } from "../../src/snapshots/close-windows.js";
import { judgeRestorable } from "../../src/snapshots/eligibility.js";
import { loadSlotFacts, type SlotFacts } from "../../src/snapshots/due-slots.queries.js";
import {
  completeSnapshot,
  hasFullOnDay,
  markArtifactDamaged,
} from "../../src/snapshots/record-completion.js";
import { markPurgeable } from "../../src/snapshots/mark-purgeable.js";
import { findRetention } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { createTestDatabase, type TestDatabase, waiting } from "../support/database.js";

let database: TestDatabase;
const projectId = randomUUID();
const start = new Date("2026-06-01T09:00:00.000Z");
const at = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
const written = { sha256: "ab".repeat(32), sizeBytes: 1000, storedBytes: 400 };

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.insert(projects).values({ id: projectId, name: "p", createdAt: start });
});
afterAll(() => database.drop());

interface Home {
  readonly id: string;
  readonly tier: Tier;
  readonly version: MajorVersion;
}

async function addInstance(tier: Tier, version: MajorVersion = "V5"): Promise<Home> {
  const id = randomUUID();
  await database.db.insert(instances).values({
    id,
    projectId,
    name: "i",
    tier,
    version,
    cloudProvider: "AWS",
    region: "eu-west-1",
    status: "RUNNING",
    engine: "test",
    generation: 1,
    createdAt: start,
  });
  return { id, tier, version };
}

async function read(id: string): Promise<SnapshotRow> {
  const [row] = await database.db.select().from(snapshots).where(eq(snapshots.id, id));
  if (!row) throw new Error("no row");
  return row;
}

async function begin(home: Home, kind: SnapshotKind | "ON_DEMAND", base?: SnapshotRow): Promise<SnapshotRow> {
  const id = randomUUID();
  await insertRunning(database.db, home, id, kind, base);
  return read(id);
}
async function insertRunning(
  db: Queryable,
  home: Home,
  id: string,
  kind: SnapshotKind | "ON_DEMAND",
  base?: SnapshotRow,
): Promise<void> {
  await db.insert(snapshots).values({
    id,
    projectId,
    instanceId: home.id,
    type: kind === "ON_DEMAND" ? "ON_DEMAND" : "SCHEDULED",
    kind: kind === "ON_DEMAND" ? "FULL" : kind,
    cause: kind === "ON_DEMAND" ? "ON_DEMAND" : "CADENCE",
    status: "IN_PROGRESS",
    takenAt: start,
    createdAt: start,
    baseId: base?.id ?? null,
    chainRootId: base?.chainRootId ?? id,
    chainDepth: base ? base.chainDepth + 1 : 0,
  });
}

/** Answers the ids of those whose end is news. */
function finish(home: Home, snapshot: SnapshotRow, takenAt: Date): Promise<string[]> {
  const now = new Date(takenAt.getTime() + 60_000);
  const artifactKey = `aws/eu-west-1/${snapshot.id}`;
  const completion = { snapshot, instance: home, written, artifactKey, takenAt, now };
  return database.db.transaction((tx) =>
    completeSnapshot(tx, { ...completion, table: defaultRetentionTable }),
  );
}
async function complete(home: Home, snapshot: SnapshotRow, takenAt: Date): Promise<SnapshotRow> {
  await finish(home, snapshot, takenAt);
  return read(snapshot.id);
}

/** Also of one that failed the row says when it began. */
const fail = ({ id }: SnapshotRow, takenAt: Date) =>
  database.db.update(snapshots).set({ status: "FAILED", takenAt }).where(eq(snapshots.id, id));

/** What would decide the kind of a snapshot in that slot. */
async function factsOf(home: Home, slotAt: Date): Promise<SlotFacts> {
  const row = findRetention(defaultRetentionTable, home.tier, home.version)!;
  const wanted = [{ instanceId: home.id, row, slotAt }];
  const [facts] = await database.db.transaction((tx) => loadSlotFacts(tx, wanted, slotAt));
  return facts!;
}

async function holdForAudit({ id: snapshotId }: SnapshotRow): Promise<void> {
  const id = randomUUID();
  const hold = { id, projectId, snapshotId, reason: "audit", placedBy: "ada", placedAt: start };
  await database.db.insert(holds).values(hold);
  await database.db.update(snapshots).set({ holdId: id }).where(eq(snapshots.id, snapshotId));
}

const take = async (home: Home, kind: SnapshotKind | "ON_DEMAND", takenAt: Date, base?: SnapshotRow) =>
  complete(home, await begin(home, kind, base), takenAt);
const damage = (id: string, now: Date) => database.db.transaction((tx) => markArtifactDamaged(tx, id, now));

test("completion records the artifact and the windows, counted from the consistent point", async () => {
  const home = await addInstance("PROFESSIONAL");
  const row = await take(home, "FULL", at(2));
  expect(row).toMatchObject({
    ...written,
    status: "COMPLETED",
    artifactKey: `aws/eu-west-1/${row.id}`,
    artifactState: "PRESENT",
    takenAt: at(2),
    completedAt: new Date(at(2).getTime() + 60_000),
    policyVersion: defaultRetentionTable.version,
    restorableUntil: at(2 + 30 * 24),
    exportableUntil: at(2 + 7 * 24),
    exportFirstFullOfDayOnly: false,
    firstFullOfDay: true,
    dayStartsAt: new Date("2026-06-01T00:00:00.000Z"),
    supersededAt: null,
  });
});

test("the first full of a UTC day is the first scheduled full that completes in it", async () => {
  const home = await addInstance("VIRTUAL_DEDICATED_CLOUD");
  const other = await addInstance("VIRTUAL_DEDICATED_CLOUD");
  expect((await take(other, "FULL", at(0))).firstFullOfDay).toBe(true);
  expect((await take(home, "ON_DEMAND", at(0))).firstFullOfDay).toBe(false);
  await begin(home, "FULL");
  expect(await hasFullOnDay(database.db, home.id, { hourMs: 3_600_000 }, at(0))).toBe(false);
  const first = await take(home, "FULL", at(2));
  expect(first).toMatchObject({ firstFullOfDay: true, exportFirstFullOfDayOnly: true });
  // Taken earlier, completed later: the day already has its full.
  expect((await take(home, "FULL", at(1))).firstFullOfDay).toBe(false);
  expect((await take(home, "DIFFERENTIAL", at(3), first)).firstFullOfDay).toBe(false);
  const midnight = new Date("2026-06-02T00:00:00.000Z");
  expect(
    await hasFullOnDay(database.db, home.id, { hourMs: 3_600_000 }, new Date(midnight.getTime() - 1)),
  ).toBe(true);
  expect(await hasFullOnDay(database.db, home.id, { hourMs: 3_600_000 }, midnight)).toBe(false);
  expect((await take(home, "FULL", midnight)).firstFullOfDay).toBe(true);
});

test("on the free tier a newer snapshot supersedes the older ones when it completes, not when it starts", async () => {
  const home = await addInstance("FREE");
  const bystander = await take(await addInstance("FREE"), "ON_DEMAND", at(0));
  const first = await take(home, "ON_DEMAND", at(0));
  const second = await begin(home, "ON_DEMAND");
  expect((await read(first.id)).supersededAt).toBeNull();
  const done = await complete(home, second, at(1));
  expect((await read(first.id)).supersededAt).toEqual(done.completedAt);
  await take(home, "ON_DEMAND", at(5));
  expect((await read(first.id)).supersededAt).toEqual(done.completedAt);
  expect((await read(second.id)).supersededAt).toEqual(new Date(at(5).getTime() + 60_000));
  expect((await read(bystander.id)).supersededAt).toBeNull();
});

test("on the free tier what left the list before is not superseded, so that it is told of once", async () => {
  const { db } = database;
  const home = await addInstance("FREE");
  const paid = { ...home, tier: "PROFESSIONAL" } as const;
  const expired = await take(paid, "ON_DEMAND", at(0));
  const held = await take(paid, "ON_DEMAND", at(1));
  await holdForAudit(held);
  const events = { publish: () => Promise.resolve() } as Partial<EventBus> as EventBus;
  const closedAt = at(35 * 24);
  await closeWindows({ db, events, now: closedAt });
  expect(await read(expired.id)).toMatchObject({ supersededAt: null, removalToldAt: closedAt });
  const open = await take(paid, "ON_DEMAND", at(39 * 24));

  const newest = await begin(home, "ON_DEMAND");
  expect(await finish(home, newest, at(40 * 24))).toEqual([open.id]);
  expect(await read(expired.id)).toMatchObject({ supersededAt: null, removalToldAt: closedAt });
  // What is held stays in the list, and is nobody's latest once the hold ends.
  expect((await read(held.id)).supersededAt).not.toBeNull();
});

test("an instance that became free keeps its older snapshots until a new one completes", async () => {
  const home = await addInstance("PROFESSIONAL");
  const scheduled = await take(home, "FULL", at(0));
  const free = { ...home, tier: "FREE" } as const;
  const newer = await begin(free, "ON_DEMAND");
  expect((await read(scheduled.id)).supersededAt).toBeNull();
  await complete(free, newer, at(1));
  expect((await read(scheduled.id)).supersededAt).not.toBeNull();
});

test("what only the superseded needed is looked at by the next sweep too, whose own window has closed before", async () => {
  const paid = await addInstance("BUSINESS_CRITICAL");
  const base = await take(paid, "FULL", at(0));
  await take(paid, "DIFFERENTIAL", at(5), base);
  const closed = at(30 * 24 + 1);
  await markPurgeable(database.db, { dueAt: closed }, { now: closed, limit: 500 });
  expect(await read(base.id)).toMatchObject({ artifactState: "PRESENT", purgeCheckAt: at(30 * 24 + 5) });

  const free = { ...paid, tier: "FREE" } as const;
  const newest = await take(free, "ON_DEMAND", at(30 * 24 + 2));
  const now = newest.completedAt!;
  await markPurgeable(database.db, { dueAt: now }, { now, limit: 500 });
  expect(await read(base.id)).toMatchObject({ artifactState: "PURGED" });
});

test("other tiers supersede nothing", async () => {
  const home = await addInstance("PROFESSIONAL");
  const first = await take(home, "ON_DEMAND", at(0));
  await take(home, "ON_DEMAND", at(1));
  expect((await read(first.id)).supersededAt).toBeNull();
});

test("a snapshot the tier does not keep leaves everything as it was", async () => {
  const home = await addInstance("FREE");
  const kept = await take(home, "ON_DEMAND", at(0));
  const stray = await begin(home, "FULL");
  await expect(complete(home, stray, at(1))).rejects.toThrow(RangeError);
  expect(await read(stray.id)).toEqual(stray);
  expect(await read(kept.id)).toEqual(kept);
});

test("damage breaks the chain above at any distance, running snapshots included, and nothing below", async () => {
  const home = await addInstance("BUSINESS_CRITICAL");
  const root = await take(home, "FULL", at(0));
  const damaged = await take(home, "DIFFERENTIAL", at(1), root);
  const above = await take(home, "DIFFERENTIAL", at(2), damaged);
  const running = await begin(home, "DIFFERENTIAL", above);
  const bystander = await take(await addInstance("BUSINESS_CRITICAL"), "FULL", at(0));
  await damage(damaged.id, at(9));
  expect(await read(root.id)).toEqual(root);
  expect(await read(bystander.id)).toEqual(bystander);
  expect(await read(damaged.id)).toEqual({ ...damaged, artifactState: "DAMAGED" });
  expect(await read(above.id)).toEqual({ ...above, chainBrokenAt: at(9) });
  expect((await read(running.id)).chainBrokenAt).toEqual(at(9));
  const reasonsOf = async ({ id }: SnapshotRow) => judgeRestorable(await read(id), at(9)).reasons;
  expect([await reasonsOf(root), await reasonsOf(damaged)]).toEqual([[], ["ARTIFACT_DAMAGED"]]);
  expect(await reasonsOf(above)).toEqual(["CHAIN_BROKEN"]);
  await damage(root.id, at(10));
  expect((await read(above.id)).chainBrokenAt).toEqual(at(9));
  expect((await read(damaged.id)).chainBrokenAt).toEqual(at(10));
});

test("damage waits for what is being begun on the chain, and breaks that too", async () => {
  const home = await addInstance("BUSINESS_CRITICAL");
  const root = await take(home, "FULL", at(0));
  const base = await take(home, "DIFFERENTIAL", at(1), root);
  const row = findRetention(defaultRetentionTable, home.tier, home.version)!;
  const id = randomUUID();
  let marking: Promise<unknown> | undefined;
  await database.db.transaction(async (tx) => {
    const [facts] = await loadSlotFacts(tx, [{ instanceId: home.id, row, slotAt: at(2) }], at(2));
    expect(facts?.base?.id).toBe(base.id);
    await insertRunning(tx, home, id, "DIFFERENTIAL", base);
    marking = damage(base.id, at(2));
    await Promise.race([marking, waiting(database.db)]);
  });
  await marking;
  expect(await read(id)).toMatchObject({ chainBrokenAt: at(2) });
});

test("the base is the latest completed scheduled snapshot, if it is whole", async () => {
  const home = await addInstance("BUSINESS_CRITICAL");
  const base = async () => (await factsOf(home, at(5))).base?.id;
  expect(await base()).toBeUndefined();
  const root = await take(home, "FULL", at(0));
  const latest = await take(home, "DIFFERENTIAL", at(1), root);
  await take(home, "ON_DEMAND", at(2));
  await begin(home, "DIFFERENTIAL", latest);
  await fail(await begin(home, "FULL"), at(3));
  expect(await base()).toBe(latest.id);
  await damage(root.id, at(3));
  expect(await base()).toBeUndefined();
  const next = await take(home, "FULL", at(4));
  expect(await base()).toBe(next.id);
  await damage(next.id, at(5));
  expect(await base()).toBeUndefined();
});

test("a day has its full once a scheduled one taken in it is completed, and not by any other", async () => {
  const home = await addInstance("BUSINESS_CRITICAL");
  const hasFull = async (slotAt: Date) => (await factsOf(home, slotAt)).hasFullToday;
  await take(await addInstance("BUSINESS_CRITICAL"), "FULL", at(1));
  await take(home, "ON_DEMAND", at(1));
  await begin(home, "FULL");
  await fail(await begin(home, "FULL"), at(2));
  expect(await hasFull(at(3))).toBe(false);
  const midnight = new Date("2026-06-02T00:00:00.000Z");
  const yesterdays = await take(home, "FULL", new Date(midnight.getTime() - 1));
  expect([await hasFull(at(3)), await hasFull(midnight)]).toEqual([true, false]);
  await take(home, "DIFFERENTIAL", midnight, yesterdays);
  expect(await hasFull(midnight)).toBe(false);
  await take(home, "FULL", midnight);
  expect(await hasFull(midnight)).toBe(true);
});
