import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Tier } from "../../src/db/enums.js";
import { instances, operations, slots, snapshots } from "../../src/db/tables/index.js";
import type { InstanceRow } from "../../src/instances/instances.queries.js";
import { scheduleDue } from "../../src/operations/schedule-due.js";
import { changeTier } from "../../src/snapshots/change-tier.js";
import { endSchedule } from "../../src/snapshots/slots.queries.js";
import { asAdmin, snapshotRow } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { at, hour, type ScheduleParts, startScheduleParts } from "./schedule-parts.js";

let parts: ScheduleParts;
beforeAll(async () => {
  parts = await startScheduleParts();
});
afterAll(() => parts.close());
beforeEach(() => parts.forgetOwed());

/** As a user's request and its job leave it. */
const takeOnDemand = ({ projectId, id }: InstanceRow, takenAt: Date) =>
  parts.db
    .insert(snapshots)
    .values(snapshotRow({ projectId }, id, { takenAt, createdAt: takenAt, restorableUntil: at(800) }));

test("a new instance gets a FULL at once and its next slot one interval later", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  expect(await parts.tickAt(at(0))).toBe(1);
  expect(await parts.facts(instance)).toEqual([["INSTANCE_CREATED", "FULL", at(0), "PENDING"]]);
  const [operation] = await parts.db.select().from(operations).where(eq(operations.instanceId, instance.id));
  expect(operation).toMatchObject({ kind: "SNAPSHOT", status: "QUEUED", exclusive: true, requestedBy: null });
  const { rows } = await parts.db.execute(sql`select id from pgboss.job where id = ${operation?.id}`);
  expect(rows).toHaveLength(1);
  await parts.end(instance, at(0));
  expect(await parts.tickAt(new Date(at(24).getTime() - 1))).toBe(0);
  expect(await parts.tickAt(at(24))).toBe(1);
  const [row] = await parts.db.select().from(instances).where(eq(instances.id, instance.id));
  expect(row?.nextScheduledSnapshotAt).toEqual(at(48));
});

test("a FREE instance is owed nothing", async () => {
  const instance = await parts.addInstance("FREE");
  expect(await parts.owed(instance)).toEqual([]);
  expect(await parts.tickAt(at(1000))).toBe(0);
});

test("each tier takes its kinds: one FULL a day, then short ones, differentials, or nothing", async () => {
  const hourly = await parts.addInstance("BUSINESS_CRITICAL");
  const short = await parts.addInstance("VIRTUAL_DEDICATED_CLOUD", "V4");
  const daily = await parts.addInstance("DS_ENTERPRISE");
  for (let each = 0; each < 48; each++) {
    await parts.tickAt(at(each));
    for (const instance of [hourly, short, daily]) await parts.end(instance, at(each));
  }
  const kinds = async (instance: InstanceRow) => (await parts.taken(instance)).map((row) => row.kind);
  const day = ["FULL", ...Array.from({ length: 23 }, () => "DIFFERENTIAL")];
  expect(await kinds(hourly)).toEqual([...day, ...day]);
  const shortDay = ["FULL", ...Array.from({ length: 3 }, () => "SHORT_RETENTION")];
  expect(await kinds(short)).toEqual([...shortDay, ...shortDay]);
  expect(await kinds(daily)).toEqual(["FULL", "FULL"]);
  const [first, ...rest] = await parts.taken(hourly);
  let below = first;
  for (const each of rest.slice(0, 23)) {
    expect(each).toMatchObject({ baseId: below?.id, chainRootId: first?.id });
    below = each;
  }
});

test("what a user took is no day's full and no slot's base, and neither is a FULL that failed", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await takeOnDemand(instance, at(0.5));
  await parts.live(instance, 1);
  await takeOnDemand(instance, at(1.5));
  await parts.live(instance, 2);
  await takeOnDemand(instance, at(24));
  await parts.tickAt(at(24));
  await parts.end(instance, at(24.99), "fail");
  await parts.live(instance, 25, 26);
  const scheduled = (await parts.taken(instance)).filter((row) => row.type === "SCHEDULED");
  const [first, second, , , nextDays] = scheduled;
  expect(scheduled.map((row) => [row.kind, row.status, row.baseId])).toEqual([
    ["FULL", "COMPLETED", null],
    ["DIFFERENTIAL", "COMPLETED", first?.id],
    ["DIFFERENTIAL", "COMPLETED", second?.id],
    ["FULL", "FAILED", null],
    ["FULL", "COMPLETED", null],
    ["DIFFERENTIAL", "COMPLETED", nextDays?.id],
  ]);
});

test("a differential whose base is damaged, broken, purged or expired becomes a FULL", async () => {
  const changes = [
    { artifactState: "DAMAGED" },
    { chainBrokenAt: at(2) },
    { artifactState: "PURGED" },
  ] as const;
  for (const change of [...changes, { restorableUntil: at(1), exportableUntil: null }]) {
    const instance = await parts.addInstance("BUSINESS_CRITICAL");
    await parts.live(instance, 0, 1);
    const [, latest] = await parts.taken(instance);
    expect(latest?.kind).toBe("DIFFERENTIAL");
    await parts.db
      .update(snapshots)
      .set(change)
      .where(eq(snapshots.id, latest?.id ?? ""));
    await parts.live(instance, 2, 3);
    expect((await parts.taken(instance)).slice(2).map((row) => row.kind)).toEqual(["FULL", "DIFFERENTIAL"]);
  }
});

test("missed slots are one snapshot on return, in the latest slot, and the cadence goes on", async () => {
  const instance = await parts.addInstance("VIRTUAL_DEDICATED_CLOUD", "V4");
  await parts.live(instance, 0, 6, 50);
  expect(await parts.tickAt(at(50))).toBe(0);
  await parts.live(instance, 54);
  expect(await parts.facts(instance)).toEqual([
    ["INSTANCE_CREATED", "FULL", at(0), "COMPLETED"],
    ["CADENCE", "SHORT_RETENTION", at(6), "COMPLETED"],
    ["CADENCE", "FULL", at(48), "COMPLETED"],
    ["CADENCE", "SHORT_RETENTION", at(54), "COMPLETED"],
  ]);
});

test("a clock that steps back takes no slot twice, and no slot is taken twice whatever is owed", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0, 1, 2);
  expect(await parts.tickAt(at(1))).toBe(0);
  // The change of tier counts the slots anew, from the clock that stepped back.
  const now = at(1.5);
  const surroundings = { ...parts.contextAt(createTestClock(now)), now };
  const input = { instanceId: instance.id, tier: "VIRTUAL_DEDICATED_CLOUD", applyToExisting: false } as const;
  await changeTier(surroundings, asAdmin(parts.scope), input);
  expect((await parts.owed(instance)).map((slot) => slot.slotAt)).toEqual([at(2)]);
  await parts.live(instance, 2, 3);
  const slotsTaken = (await parts.taken(instance)).map((row) => row.slotAt);
  expect(slotsTaken).toEqual([at(0), at(1), at(2), at(3)]);
});

test("after a clock that stepped back differentials go on from the end of the chain", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0, 1);
  await parts.tickAt(at(2));
  const late = await parts.end(instance, at(1.2));
  await parts.live(instance, 3);
  expect((await parts.taken(instance)).at(-1)?.baseId).toBe(late?.id);
});

describe("a slot whose time has come while nobody could take it, and a change of tier:", () => {
  const changeAt = async (instance: InstanceRow, tier: Tier, now: Date) => {
    const input = { instanceId: instance.id, tier, applyToExisting: false };
    const surroundings = { ...parts.contextAt(createTestClock(now)), now };
    return changeTier(surroundings, asAdmin(parts.scope), input);
  };
  const slotsOwed = async (instance: InstanceRow) =>
    (await parts.owed(instance)).map((slot) => [slot.slotAt, slot.dueAt]);

  test("it is taken in the new tier, and the cadence goes on from it", async () => {
    for (const [tier, slotAt, next] of [
      ["DS_ENTERPRISE", at(24), at(48)],
      ["BUSINESS_CRITICAL", at(25), at(26)],
    ] as const) {
      const instance = await parts.addInstance("PROFESSIONAL");
      await parts.live(instance, 0);
      expect(await parts.tickAt(at(24), 0)).toBe(0);
      const changed = await changeAt(instance, tier, at(24.5));
      expect(changed).toHaveProperty("instance.nextScheduledSnapshotAt", at(24));
      expect(await slotsOwed(instance)).toEqual([[at(24), at(24)]]);
      await parts.live(instance, 25.25);
      expect((await parts.facts(instance)).at(-1)).toEqual(["CADENCE", "FULL", slotAt, "COMPLETED"]);
      expect(await slotsOwed(instance)).toEqual([[next, next]]);
    }
  });

  test("the pause of a busy or FAILED instance is kept with it", async () => {
    const instance = await parts.addInstance("PROFESSIONAL");
    await parts.live(instance, 0);
    await parts.db.update(instances).set({ status: "FAILED" }).where(eq(instances.id, instance.id));
    await parts.tickAt(at(24));
    await changeAt(instance, "DS_ENTERPRISE", at(24.1));
    expect(await slotsOwed(instance)).toEqual([[at(24), at(24.25)]]);
  });

  test("a cadence that has no slot yet, or none at all, owes nothing for it", async () => {
    const daily = await parts.addInstance("BUSINESS_CRITICAL");
    const none = await parts.addInstance("BUSINESS_CRITICAL");
    for (const instance of [daily, none]) await parts.live(instance, 0);
    await changeAt(daily, "PROFESSIONAL", at(1.5));
    await changeAt(none, "FREE", at(1.5));
    expect(await parts.tickAt(at(1.6))).toBe(0);
    expect(await slotsOwed(daily)).toEqual([[at(24), at(24)]]);
    expect(await slotsOwed(none)).toEqual([]);
  });
});

test("a place takes no more than it has room for, the longest due first, and others do not wait for it", async () => {
  const crowd = [];
  for (let each = 0; each < 5; each++) {
    const createdAt = new Date(at(0).getTime() - each);
    crowd.push(await parts.addInstance("PROFESSIONAL", "V5", { createdAt }));
  }
  const elsewhere = await parts.addInstance("PROFESSIONAL", "V5", { region: "us-east-1" });
  expect(await parts.tickAt(at(500), 2)).toBe(3);
  expect(await parts.tickAt(at(500), 2)).toBe(0);
  expect(await parts.taken(elsewhere)).toHaveLength(1);
  expect(await parts.taken(crowd[4] as InstanceRow)).toHaveLength(1);
  await parts.end(crowd[4] as InstanceRow, at(500));
  expect(await parts.tickAt(at(500), 2)).toBe(1);
});

test("schedulers that tick together take each slot once", async () => {
  const crowd = [];
  for (let each = 0; each < 20; each++) crowd.push(await parts.addInstance("PROFESSIONAL"));
  const counts = await Promise.all(Array.from({ length: 4 }, () => parts.tickAt(at(0))));
  expect(counts.reduce((sum, count) => sum + count)).toBe(20);
  for (const instance of crowd) expect(await parts.taken(instance)).toHaveLength(1);
});

test("a scheduler that dies in the middle has taken nothing, and another takes it all", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  const dying = { ...parts.contextAt(createTestClock(at(0))) };
  const jobs = { ...dying.jobs, enqueue: () => Promise.reject(new Error("killed")) };
  await expect(scheduleDue({ ...dying, jobs })).rejects.toThrow("killed");
  expect(await parts.taken(instance)).toEqual([]);
  expect(await parts.tickAt(at(0))).toBe(1);
});

test("an instance that a user's request holds is passed over", async () => {
  const held = await parts.addInstance("PROFESSIONAL");
  const other = await parts.addInstance("PROFESSIONAL");
  await parts.db.transaction(async (tx) => {
    await tx.select().from(instances).where(eq(instances.id, held.id)).for("update");
    expect(await parts.tickAt(at(0))).toBe(1);
  });
  expect(await parts.taken(other)).toHaveLength(1);
  expect(await parts.tickAt(at(0))).toBe(1);
});

test("nothing is owed to a deleted instance or to a tier without a schedule, and what waited is CANCELED", async () => {
  const { db } = parts;
  const deleted = await parts.addInstance("PROFESSIONAL");
  const lowered = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  for (const instance of [deleted, lowered]) await parts.end(instance, at(0), "fail");
  await db.transaction((tx) => endSchedule(tx, deleted.id));
  const now = at(0.001);
  const input = { instanceId: lowered.id, tier: "FREE", applyToExisting: false } as const;
  await changeTier({ ...parts.contextAt(createTestClock(now)), now }, asAdmin(parts.scope), input);
  expect(await parts.tickAt(at(hour))).toBe(0);
  expect(await db.$count(slots)).toBe(0);
  for (const instance of [deleted, lowered])
    expect((await parts.facts(instance)).map(([, , , status]) => status)).toEqual(["CANCELED"]);
});
