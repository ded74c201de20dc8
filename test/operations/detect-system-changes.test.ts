import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { instances, slots } from "../../src/db/tables/index.js";
import type { Engine } from "../../src/engines/engine.js";
import type { InstanceRow } from "../../src/instances/instances.queries.js";
import { detectSystemChanges } from "../../src/operations/detect-system-changes.js";
import { start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { at, type ScheduleParts, startScheduleParts } from "./schedule-parts.js";

let parts: ScheduleParts;
beforeAll(async () => {
  parts = await startScheduleParts();
});
afterAll(() => parts.close());
beforeEach(() => parts.forgetFleet());

/** A process that has just started, with its engine at this version. */
function startProcess(version: string, now = at(1)) {
  const engine = {
    name: "ladybug",
    traits: { versions: ["V4", "V5"] },
    version: () => Promise.resolve(version),
  };
  return detectSystemChanges(parts.contextAt(createTestClock(now)), [engine as unknown as Engine]);
}
const versionOf = async ({ id }: InstanceRow) =>
  (await parts.db.select().from(instances).where(eq(instances.id, id)))[0]?.engineVersion;
const changesOwed = async (instance: InstanceRow) =>
  (await parts.owed(instance)).filter((slot) => slot.cause === "SYSTEM_CHANGE").length;
const add = (engineVersion: string | null, changes: Partial<InstanceRow> = {}) =>
  parts.addInstance("PROFESSIONAL", "V5", { ...changes, engineVersion });

test("a newer version is recorded, and a FULL owed for it once", async () => {
  const instance = await add("1.9.0");
  await parts.tickAt(at(0));
  await parts.end(instance, at(0));
  const process = startProcess("1.10.0");
  expect(await process.run()).toBe(1);
  expect(await process.run()).toBe(0);
  expect(await startProcess("1.10.0").run()).toBe(0);
  expect(await versionOf(instance)).toBe("1.10.0");
  expect(await changesOwed(instance)).toBe(1);
  expect(await parts.tickAt(at(1))).toBe(1);
  expect(await parts.taken(instance)).toMatchObject([
    { cause: "INSTANCE_CREATED" },
    { cause: "SYSTEM_CHANGE", kind: "FULL" },
  ]);
});

test("an instance that an older process makes after the newer one has looked is found all the same", async () => {
  const newer = startProcess("1.10.0");
  await newer.run();
  const late = await add("1.9.0");
  expect(await startProcess("1.9.0").run()).toBe(0);
  expect(await newer.run()).toBe(1);
  expect(await versionOf(late)).toBe("1.10.0");
  expect(await changesOwed(late)).toBe(1);
});

test("an older process that restarts changes nothing, and owes nobody anything", async () => {
  const instance = await add("1.9.0");
  await startProcess("1.10.0").run();
  await parts.db.delete(slots);
  const older = startProcess("1.9.0");
  expect([await older.run(), await older.run()]).toEqual([0, 0]);
  expect(await versionOf(instance)).toBe("1.10.0");
  expect(await parts.owed(instance)).toEqual([]);
});

test("on FREE the version is recorded and nothing is owed", async () => {
  const instance = await parts.addInstance("FREE", "V4", { engineVersion: "1.9.0" });
  expect(await startProcess("1.10.0").run()).toBe(1);
  expect(await versionOf(instance)).toBe("1.10.0");
  expect(await parts.owed(instance)).toEqual([]);
});

test("what is being made, what has gone and what another engine serves is left alone", async () => {
  const others = [
    await add(null, { status: "CREATING", generation: 0 }),
    await add("1.9.0", { deletedAt: start }),
    await add("1.9.0", { engine: "memory" }),
  ];
  expect(await startProcess("1.10.0").run()).toBe(0);
  expect(await Promise.all(others.map(versionOf))).toEqual([null, "1.9.0", "1.9.0"]);
});

test("two processes at once owe each instance one FULL, however many there are", async () => {
  const home = await add("1.9.0");
  const more = Array.from({ length: 599 }, () => ({ ...home, id: randomUUID() }));
  await parts.db.insert(instances).values(more);
  const counts = await Promise.all([startProcess("2.0.0").run(), startProcess("2.0.0").run()]);
  // Where one met the other's locks it leaves the rest to the next sweep.
  const left = await startProcess("2.0.0").run();
  expect(counts[0] + counts[1] + left).toBe(600);
  expect(await parts.db.$count(slots, eq(slots.cause, "SYSTEM_CHANGE"))).toBe(600);
  expect(await parts.db.$count(instances, eq(instances.engineVersion, "2.0.0"))).toBe(600);
});
