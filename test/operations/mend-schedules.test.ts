import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Tier } from "../../src/db/enums.js";
import { instances, slots } from "../../src/db/tables/index.js";
import type { InstanceRow } from "../../src/instances/instances.queries.js";
import { scheduleDue } from "../../src/operations/schedule-due.js";
import { mendSchedulesSweep } from "../../src/operations/sweep-operations.js";
import type { RetentionRow, RetentionTable } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { at, type ScheduleParts, startScheduleParts } from "./schedule-parts.js";

let parts: ScheduleParts;
beforeAll(async () => {
  parts = await startScheduleParts();
});
afterAll(() => parts.close());
beforeEach(() => parts.forgetFleet());

const withRows = (changes: Partial<Record<Tier, Partial<RetentionRow>>>): RetentionTable => ({
  version: "another",
  rows: defaultRetentionTable.rows.map((row) => ({ ...row, ...changes[row.tier] })),
});
const none = { cadenceHours: null, scheduledPerDay: {} };
const daily = defaultRetentionTable.rows.find((row) => row.tier === "PROFESSIONAL")!;
/** FREE has the cadence of PROFESSIONAL, and PROFESSIONAL none. */
const swapped = withRows({
  PROFESSIONAL: none,
  FREE: { cadenceHours: 24, scheduledPerDay: daily.scheduledPerDay, windows: daily.windows },
});

/** PROFESSIONAL takes a FULL every hour. */
const hourly = withRows({ PROFESSIONAL: { cadenceHours: 1, scheduledPerDay: { FULL: 24 } } });

const mend = (hours: number, policy = defaultRetentionTable) =>
  mendSchedulesSweep({ ...parts.contextAt(createTestClock(at(hours))), policy }).run();
const tick = (hours: number, policy: RetentionTable) =>
  scheduleDue({ ...parts.contextAt(createTestClock(at(hours))), policy });
const owed = async (instance: InstanceRow) =>
  (await parts.owed(instance)).map(({ cause, slotAt }) => [cause, slotAt]);
const said = async ({ id }: InstanceRow) =>
  (await parts.db.select().from(instances).where(eq(instances.id, id)))[0]?.nextScheduledSnapshotAt;
/** As an instance stands that was there before there were schedules. */
async function forget(instance: InstanceRow) {
  await parts.db.delete(slots).where(eq(slots.instanceId, instance.id));
  await parts.db
    .update(instances)
    .set({ nextScheduledSnapshotAt: null })
    .where(eq(instances.id, instance.id));
  return instance;
}

test("a policy that gives a tier a cadence and takes it from another reaches those that are there, both ways", async () => {
  const free = await parts.addInstance("FREE");
  const daily = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  await parts.end(daily, at(0));
  expect(await mend(1)).toBe(0);

  expect(await mend(30, swapped)).toBe(2);
  expect(await mend(30, swapped)).toBe(0);
  expect([await owed(free), await said(free)]).toEqual([[["CADENCE", at(48)]], at(48)]);
  expect([await owed(daily), await said(daily)]).toEqual([[], null]);
  expect(await tick(48, swapped)).toBe(1);
  expect(await parts.taken(free)).toMatchObject([{ cause: "CADENCE", kind: "FULL", slotAt: at(48) }]);

  expect(await mend(50)).toBe(2);
  expect(await mend(50)).toBe(0);
  expect([await owed(free), await said(free)]).toEqual([[], null]);
  expect([await owed(daily), await said(daily)]).toEqual([[["CADENCE", at(72)]], at(72)]);
  expect(await parts.tickAt(at(72))).toBe(1);
});

test("a policy that makes a cadence shorter reaches those whose slot is put off, each once", async () => {
  const daily = await parts.addInstance("PROFESSIONAL");
  const soon = await parts.addInstance("PROFESSIONAL", "V5", { createdAt: at(-22.5) });
  await parts.tickAt(at(0));
  for (const instance of [daily, soon]) await parts.end(instance, at(0));

  expect(await mend(0.75, hourly)).toBe(1);
  expect(await mend(0.75, hourly)).toBe(0);
  expect([await owed(daily), await said(daily)]).toEqual([[["CADENCE", at(1)]], at(1)]);
  expect([await owed(soon), await said(soon)]).toEqual([[["CADENCE", at(1.5)]], at(1.5)]);
  for (let each = 1; each <= 3; each++) {
    await tick(each + 0.5, hourly);
    for (const instance of [daily, soon]) await parts.end(instance, at(each + 0.5));
  }
  const slotsOf = async (instance: InstanceRow) => (await parts.taken(instance)).map((row) => row.slotAt);
  expect(await slotsOf(daily)).toEqual([at(0), at(1), at(2), at(3)]);
  expect(await slotsOf(soon)).toEqual([at(-22.5), at(1.5), at(2.5), at(3.5)]);
});

test("a policy that makes a cadence longer has it go on from its own next slot", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  await mend(0.5, hourly);
  for (const hours of [1, 24, 25]) {
    expect(await tick(hours, hourly)).toBe(1);
    await parts.end(instance, at(hours));
  }
  expect(await mend(25.5)).toBe(0);
  expect(await tick(26, defaultRetentionTable)).toBe(0);
  expect([await owed(instance), await said(instance)]).toEqual([[["CADENCE", at(48)]], at(48)]);
});

test("processes with a longer and a shorter cadence do not undo each other's work while both are there", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  expect([await mend(0.5, hourly), await mend(0.5), await mend(0.5, hourly)]).toEqual([1, 0, 0]);
  // The slot is taken by the one that will be gone soon, which follows it up as it knows.
  expect(await tick(1, defaultRetentionTable)).toBe(0);
  expect(await said(instance)).toEqual(at(24));
  expect([await mend(1.5, hourly), await mend(1.5), await mend(1.5, hourly)]).toEqual([1, 0, 0]);
  expect(await tick(2, hourly)).toBe(1);
});

test("a clock that is a little behind takes no slot for one that is put off", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  await parts.tickAt(at(24));
  await parts.end(instance, at(24));
  expect(await mend(24 - 1 / 60)).toBe(0);
  expect(await owed(instance)).toEqual([["CADENCE", at(48)]]);
});

test("a slot at work that a clock far behind owes again gives way to its next try, and the cadence goes on", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  await parts.tickAt(at(1));
  expect(await mend(0.95)).toBe(1);
  expect(await owed(instance)).toEqual([["CADENCE", at(1)]]);

  const failed = await parts.end(instance, at(0.96), "fail");
  expect(failed?.status).toBe("PENDING");
  expect(await parts.owed(instance)).toMatchObject([{ slotAt: at(1), snapshotId: failed?.id }]);
  expect(await parts.tickAt(at(1))).toBe(1);
  await parts.end(instance, at(1));
  expect(await mend(1.01)).toBe(1);
  await parts.tickAt(at(2));
  await parts.end(instance, at(2));
  const taken = (await parts.taken(instance)).map((row) => [row.slotAt, row.kind, row.status]);
  expect(taken).toEqual([
    [at(0), "FULL", "COMPLETED"],
    [at(1), "DIFFERENTIAL", "COMPLETED"],
    [at(2), "DIFFERENTIAL", "COMPLETED"],
  ]);
});

test("a slot that the scheduler dropped for want of a cadence comes back with it", async () => {
  const instance = await forget(await parts.addInstance("PROFESSIONAL"));
  await mend(1);
  expect(await tick(24, swapped)).toBe(0);
  expect([await owed(instance), await said(instance)]).toEqual([[], at(24)]);
  expect(await mend(25)).toBe(1);
  expect([await owed(instance), await said(instance)]).toEqual([[["CADENCE", at(48)]], at(48)]);
});

test("an instance from before there were schedules gets its next slot, and no other", async () => {
  const instance = await forget(await parts.addInstance("BUSINESS_CRITICAL"));
  expect(await mend(100.5)).toBe(1);
  expect([await owed(instance), await said(instance)]).toEqual([[["CADENCE", at(101)]], at(101)]);
});

test("a slot that waits for the scheduler stays as it is, however long it is due", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  const before = await parts.owed(instance);
  expect(before.map((slot) => slot.cause)).toEqual(["INSTANCE_CREATED", "CADENCE"]);
  expect(await mend(100)).toBe(0);
  expect(await parts.owed(instance)).toEqual(before);
});

test("a slot that is being tried again outlives the cadence's end, for the scheduler to deal with", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  await parts.tickAt(at(24));
  expect(await parts.end(instance, at(24), "fail")).toMatchObject({ status: "PENDING" });
  const retried = (await parts.owed(instance)).filter((slot) => slot.snapshotId !== null);
  expect(retried).toHaveLength(1);
  expect(await mend(24, swapped)).toBe(1);
  expect(await parts.owed(instance)).toEqual(retried);
});

test("what is being made, deleted or restored, has failed or has gone gets none", async () => {
  const changes = [
    ...(["CREATING", "DELETING", "RESTORING", "FAILED"] as const).map((status) => ({ status })),
    { deletedAt: start },
  ];
  for (const change of changes) await forget(await parts.addInstance("PROFESSIONAL", "V5", change));
  expect(await mend(30)).toBe(0);
  expect(await parts.db.$count(slots)).toBe(0);
});

test("two processes at once give each instance one slot, however many there are", async () => {
  const home = await forget(await parts.addInstance("PROFESSIONAL"));
  const more = Array.from({ length: 599 }, () => ({
    ...home,
    nextScheduledSnapshotAt: null,
    id: randomUUID(),
  }));
  await parts.db.insert(instances).values(more);
  const counts = await Promise.all([mend(30), mend(30)]);
  // Where one met the other's locks it leaves the rest to the next sweep.
  const left = await mend(30);
  expect(counts[0] + counts[1] + left).toBe(600);
  expect(await parts.db.$count(slots, eq(slots.slotAt, at(48)))).toBe(600);
});
