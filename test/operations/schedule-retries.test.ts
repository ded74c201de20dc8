import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { instances, operations } from "../../src/db/tables/index.js";
import { markArtifactDamaged } from "../../src/snapshots/record-completion.js";
import { at, type ScheduleParts, startScheduleParts } from "./schedule-parts.js";

let parts: ScheduleParts;
beforeAll(async () => {
  parts = await startScheduleParts();
});
afterAll(() => parts.close());
beforeEach(() => parts.forgetOwed());

test("a busy instance is looked at again soon, and its slot is taken when it is free", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.tickAt(at(0));
  expect(await parts.tickAt(at(25))).toBe(0);
  await parts.end(instance, at(25));
  expect(await parts.tickAt(at(25))).toBe(0);
  expect(await parts.tickAt(new Date(at(25).getTime() + 10_000))).toBe(1);
  expect((await parts.facts(instance)).at(-1)).toEqual(["CADENCE", "FULL", at(24), "PENDING"]);
});

test("an instance that is not RUNNING waits", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.db.update(instances).set({ status: "RESTORING" }).where(eq(instances.id, instance.id));
  expect(await parts.tickAt(at(0))).toBe(0);
  await parts.db.update(instances).set({ status: "RUNNING" }).where(eq(instances.id, instance.id));
  expect(await parts.tickAt(at(1))).toBe(1);
});

test("the slot of a FAILED instance is kept, and seldom looked at", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  const become = (status: "FAILED" | "RUNNING") =>
    parts.db.update(instances).set({ status }).where(eq(instances.id, instance.id));
  await become("FAILED");
  expect(await parts.tickAt(at(0))).toBe(0);
  expect((await parts.owed(instance))[0]?.dueAt).toEqual(at(0.25));
  await become("RUNNING");
  expect(await parts.tickAt(at(0.25))).toBe(1);
});

test("a failed slot is tried again with growing pauses, an hour at most, until the next one, and is FAILED then", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  let now = at(0);
  const pauses = [];
  await parts.tickAt(now);
  while ((await parts.end(instance, now, "fail"))?.status === "PENDING") {
    const dueAt = (await parts.owed(instance))[0]?.dueAt ?? now;
    pauses.push((dueAt.getTime() - now.getTime()) / 60_000);
    expect(await parts.tickAt(new Date(dueAt.getTime() - 1))).toBe(0);
    expect(await parts.tickAt(dueAt)).toBe(1);
    now = dueAt;
  }
  expect(pauses).toEqual([1, 3, 9, 27, ...Array.from({ length: 23 }, () => 60)]);
  expect(now).toEqual(at(23 + 40 / 60));
  expect(await parts.db.$count(operations, eq(operations.instanceId, instance.id))).toBe(28);
  expect(await parts.taken(instance)).toHaveLength(1);
  await parts.live(instance, 24);
  expect((await parts.facts(instance)).map(([, , , status]) => status)).toEqual(["FAILED", "COMPLETED"]);
});

test("an outage of half a day costs a daily tier nothing: its slot is taken when it is over", async () => {
  const instance = await parts.addInstance("PROFESSIONAL");
  await parts.live(instance, 0);
  let now = at(24);
  for (await parts.tickAt(now); now < at(36); await parts.tickAt(now)) {
    await parts.end(instance, now, "fail");
    now = (await parts.owed(instance))[0]?.dueAt ?? now;
  }
  await parts.end(instance, now);
  expect((await parts.facts(instance)).at(-1)).toEqual(["CADENCE", "FULL", at(24), "COMPLETED"]);
  expect((await parts.owed(instance)).map((slot) => slot.slotAt)).toEqual([at(48)]);
});

test("tries end with the slot: none is planned beyond the next one, and a planned one that comes late is FAILED", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.tickAt(at(1));
  expect((await parts.end(instance, at(1.99), "fail"))?.status).toBe("FAILED");
  await parts.tickAt(at(2));
  expect((await parts.end(instance, at(2), "fail"))?.status).toBe("PENDING");
  await parts.live(instance, 3.5);
  expect((await parts.facts(instance)).map(([, , slotAt, status]) => [slotAt, status])).toEqual([
    [at(0), "COMPLETED"],
    [at(1), "FAILED"],
    [at(2), "FAILED"],
    [at(3), "COMPLETED"],
  ]);
});

test("another try decides the kind anew: what failed on a damaged base is taken as a FULL", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.tickAt(at(1));
  const failed = await parts.end(instance, at(1), "fail");
  expect(failed?.kind).toBe("DIFFERENTIAL");
  await parts.db.transaction((tx) => markArtifactDamaged(tx, failed?.baseId ?? "", at(1)));
  await parts.live(instance, 1.1);
  const [, again] = await parts.taken(instance);
  expect(again).toMatchObject({ kind: "FULL", status: "COMPLETED", baseId: null, chainBrokenAt: null });
});
