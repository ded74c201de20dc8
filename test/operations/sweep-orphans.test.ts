import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instances } from "../../src/db/tables/index.js";
import type { OrphanSource } from "../../src/operations/orphan.js";
import { orphanGenerations } from "../../src/operations/orphan-generations.js";
import { orphanObjects } from "../../src/operations/orphan-objects.js";
import { requestExport, requestRestore } from "../../src/operations/request-from-snapshot.js";
import { sweepOrphans } from "../../src/operations/sweep-orphans.js";
import { createMetrics, type Metrics } from "../../src/telemetry/metrics.js";
import { createTestClock, type TestClock } from "../support/clock.js";
import { type ByHand, Gate, startByHand } from "./hand-run.js";

const graceMs = 86_400_000;
let by: ByHand;
let clock: TestClock;
let metrics: Metrics;
let warned: unknown[];
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());
beforeEach(() => {
  clock = createTestClock(new Date());
  metrics = createMetrics();
  warned = [];
});

const bytes = () => Readable.from([Buffer.from("left behind")]);
const objects = () => orphanObjects(by.work);
const generations = () => orphanGenerations(by.work, [by.engine]);

async function namesOf(source: OrphanSource, origin: "FORGOTTEN" | "UNKNOWN"): Promise<string[]> {
  const names: string[] = [];
  for await (const orphan of source.find()) if (orphan.origin === origin) names.push(orphan.name);
  return names;
}
function sweepOf(source: OrphanSource) {
  const logger = {
    ...by.logger,
    info: () => undefined,
    warn: (told: object) => void warned.push(told),
  } as unknown as typeof by.logger;
  return sweepOrphans(source, {
    ...{ name: "orphans", everyMs: 0, clock, logger, graceMs },
    onSwept: metrics.orphans,
  });
}
async function readMetric(name: string, labels: Record<string, string>): Promise<number | undefined> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  return found?.values.find((value) =>
    Object.entries(labels).every(([key, text]) => value.labels[key] === text),
  )?.value;
}

describe("objects that no row names", () => {
  it("are found and told of, and go when their grace is over and not a millisecond before", async () => {
    const instanceId = await by.createInstance("objects");
    const snapshotId = await by.takeSnapshot(instanceId);
    const exported = await by.run(await requestExport(by.context, by.viewer, { snapshotId }));
    const before = await by.storedKeys();
    expect(before.some((key) => key.includes(exported.id))).toBe(true);
    const leftovers = before.map((key) => key.replace(/-\d+(\/[^/]*)?$/, "-7$1"));
    expect(leftovers.some((key) => before.includes(key))).toBe(false);
    for (const key of leftovers) await by.store.put(key, bytes());
    let youngest = 0;
    for await (const { key, modifiedAt } of by.store.list(""))
      if (leftovers.includes(key)) youngest = Math.max(youngest, modifiedAt.getTime());
    // An artifact is several objects, and one thing to remove.
    const forgotten = [...new Set(leftovers.map((key) => key.replace(/-7\/.*$/, "-7/")))].sort();
    expect(await namesOf(objects(), "FORGOTTEN")).toEqual(forgotten);

    const sweep = sweepOf(objects());
    // Written last, so none is younger.
    const last = leftovers.at(-1)!.replace(/-7\/.*$/, "-7/");
    clock.set(new Date(youngest + graceMs - 1));
    await sweep.run();
    expect(await namesOf(objects(), "FORGOTTEN")).toContain(last);
    expect(await readMetric("daguerre_orphans", { kind: "ARTIFACT", origin: "UNKNOWN" })).toBe(0);
    expect(warned.length).toBe(1);
    clock.set(new Date(youngest + graceMs));
    await sweep.run();
    expect(await by.storedKeys()).toEqual(before);
    expect(await readMetric("daguerre_orphans", { kind: "EXPORT", origin: "FORGOTTEN" })).toBe(0);
    expect(await readMetric("daguerre_orphans_removed_total", { kind: "EXPORT" })).toBe(1);
    expect(await readMetric("daguerre_orphans_removed_total", { kind: "ARTIFACT" })).toBe(1);
  });

  it("are the database's own business: what it has never heard of is told of and stays", async () => {
    const before = await by.storedKeys();
    const artifact = before.find((key) => key.includes("/snapshots/"))!;
    const foreign = artifact.replace(/[0-9a-f-]{36}-\d+\//, `${by.context.newId()}-1/`);
    for (const key of [foreign, "a/note"]) await by.store.put(key, bytes());
    const folder = foreign.slice(0, foreign.lastIndexOf("/") + 1);
    expect(await namesOf(objects(), "UNKNOWN")).toEqual(["a/note", folder]);
    const sweep = sweepOf(objects());
    clock.advance(100 * graceMs);
    expect(await sweep.run()).toBe(0);
    expect(await sweep.run()).toBe(0);
    expect(await by.storedKeys()).toEqual([...before, foreign, "a/note"].sort());
    expect(await readMetric("daguerre_orphans", { kind: "ARTIFACT", origin: "UNKNOWN" })).toBe(1);
    expect(await readMetric("daguerre_orphans", { kind: "OTHER", origin: "UNKNOWN" })).toBe(1);
    expect(await readMetric("daguerre_orphan_bytes", { kind: "OTHER", origin: "UNKNOWN" })).toBe(11);
    // Told once, and again when it changes.
    expect(warned).toEqual([
      { orphans: expect.arrayContaining([expect.objectContaining({ kind: "OTHER", count: 1 })]) as unknown },
    ]);
    await by.store.removeAll(folder);
    await by.store.remove("a/note");
  });

  it("are those too whose row says that they have gone", async () => {
    const snapshotId = await by.takeSnapshot(await by.createInstance("again"));
    const row = await by.run(await requestExport(by.context, by.viewer, { snapshotId }));
    const key = (await by.storedKeys()).find((each) => each.includes(row.id))!;
    expect(await namesOf(objects(), "FORGOTTEN")).toEqual([]);
    await by.markExportPurged(row.id);
    expect(await namesOf(objects(), "FORGOTTEN")).toEqual([key]);
    clock.advance(2 * graceMs);
    expect(await sweepOf(objects()).run()).toBe(1);
  });

  it("that cannot be removed keep no other from going", async () => {
    const gone: string[] = [];
    const at = new Date(clock.now().getTime() - graceMs);
    const orphan = (name: string) => ({
      ...({ kind: "ARTIFACT", origin: "FORGOTTEN", name, sizeBytes: 1, changedAt: at } as const),
      remove: () =>
        name === "stuck" ? Promise.reject(new Error("stuck")) : Promise.resolve(void gone.push(name)),
    });
    const source: OrphanSource = {
      kinds: ["ARTIFACT"],
      async *find() {
        yield* [orphan("stuck"), orphan("free")];
      },
    };
    await expect(sweepOf(source).run()).rejects.toThrow("stuck");
    expect(gone).toEqual(["free"]);
    expect(await readMetric("daguerre_orphans", { kind: "ARTIFACT", origin: "FORGOTTEN" })).toBe(1);
  });
});

describe("generations that no row names", () => {
  it("go when their grace is over; live ones, those at work and strangers stay", async () => {
    const [idle, busy] = [await by.createInstance("idle"), await by.createInstance("busy")];
    const live = (await by.readInstance(idle))?.generation ?? 0;
    await by.work.db.update(instances).set({ lastGeneration: 9 }).where(eq(instances.id, idle));
    const [leftover, notYetGiven, stranger] = [
      { instanceId: idle, number: 9, version: "V5" },
      { instanceId: idle, number: 10, version: "V5" },
      { instanceId: by.context.newId(), number: 1, version: "V5" },
    ] as const;
    for (const each of [leftover, notYetGiven, stranger]) await by.engine.create(each);
    const snapshotId = await by.takeSnapshot(busy);
    const restore = { snapshotId, confirmation: "RESTORE" };
    const id = by.idOf(await requestRestore(by.context, by.viewer, restore));
    const gate = new Gate();
    const engine = {
      ...by.engine,
      async check(...args: Parameters<typeof by.engine.check>) {
        await gate.pass();
        return by.engine.check(...args);
      },
    };
    const attempt = by.attempt(id, { engine: () => engine });
    await gate.whenReached();

    const nameOf = (each: { instanceId: string; number: number }) =>
      `ladybug/${each.instanceId}/${each.number}`;
    expect(await namesOf(generations(), "FORGOTTEN")).toEqual([nameOf(leftover)]);
    expect((await namesOf(generations(), "UNKNOWN")).sort()).toEqual(
      [notYetGiven, stranger].map(nameOf).sort(),
    );
    const sweep = sweepOf(generations());
    const { changedAt } = (await by.engine.inspect(leftover))!;
    clock.set(new Date(changedAt.getTime() + graceMs - 1));
    expect(await sweep.run()).toBe(0);
    clock.advance(1);
    expect(await sweep.run()).toBe(1);
    expect(await by.generationsOf(idle)).toEqual([live, 10]);
    expect(await by.generationsOf(busy)).toHaveLength(2);
    expect(await by.generationsOf(stranger.instanceId)).toEqual([1]);
    expect(await readMetric("daguerre_orphans", { kind: "GENERATION", origin: "UNKNOWN" })).toBe(2);
    gate.open();
    await attempt;
    expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
    for (const each of [notYetGiven, stranger]) await by.engine.drop(each);
  });
});
