import { Readable } from "node:stream";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestExport, requestRestore } from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { createSweeper } from "../../src/operations/sweep.js";
import {
  purgeExports,
  requeueLost,
  sweepGenerations,
  sweepObjects,
} from "../../src/operations/sweep-operations.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestClock } from "../support/clock.js";
import { type ByHand, Gate, startByHand } from "./hand-run.js";

let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

const bytes = () => Readable.from([Buffer.from("left behind")]);

describe("sweeps", () => {
  it("queue an operation again whose job has vanished or ended, and no other", async () => {
    const { context, viewer } = by;
    const ids: string[] = [];
    for (const name of ["vanished", "ended", "alive"]) {
      const instanceId = await by.createInstance(name);
      ids.push(by.idOf(await requestTakeSnapshot(context, viewer, { instanceId })));
    }
    const [vanished, over] = ids;
    await by.work.db.execute(sql`delete from pgboss.job where id = ${vanished}`);
    await by.work.db.execute(sql`update pgboss.job set state = 'failed' where id = ${over}`);
    const states = async () => {
      const { rows } = await by.work.db.execute<{ id: string; state: string }>(
        sql`select id, state from pgboss.job where id = any(${sql.param(ids)}::uuid[])`,
      );
      return ids.map((id) => rows.find((row) => row.id === id)?.state);
    };
    expect(await states()).toEqual([undefined, "failed", "created"]);
    const sweep = requeueLost(by.work, context.jobs);
    // Two processes at once: one of them finds it done.
    const counts = await Promise.all([sweep.run(), sweep.run()]);
    expect(counts.sort()).toEqual([0, 2]);
    expect(await states()).toEqual(["created", "created", "created"]);
    for (const id of ids) await by.attempt(id);
    expect(await sweep.run()).toBe(0);
  });

  it("drop the generations that nothing names, and leave live ones and those at work", async () => {
    const [idle, busy] = [await by.createInstance("idle"), await by.createInstance("busy")];
    const live = (await by.readInstance(idle))?.generation ?? 0;
    await by.engine.create({ instanceId: idle, number: 99, version: "V5" });
    const stranger = { instanceId: by.context.newId(), number: 1, version: "V5" } as const;
    await by.engine.create(stranger);
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
    expect(await sweepGenerations(by.work, [by.engine]).run()).toBe(1);
    expect(await by.generationsOf(idle)).toEqual([live]);
    expect(await by.generationsOf(busy)).toHaveLength(2);
    expect(await by.generationsOf(stranger.instanceId)).toEqual([1]);
    gate.open();
    await attempt;
    expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
    await by.engine.drop(stranger);
  });

  it("remove the objects of ended operations that no row names", async () => {
    const instanceId = await by.createInstance("objects");
    const snapshotId = await by.takeSnapshot(instanceId);
    const exported = await by.run(await requestExport(by.context, by.viewer, { snapshotId }));
    const before = await by.storedKeys();
    const again = (key: string, attempt: number) => key.replace(/-\d+(\/[^/]*)?$/, `-${attempt}$1`);
    const leftovers = before.map((key) => again(key, 7));
    expect(leftovers.some((key) => before.includes(key))).toBe(false);
    const foreign = leftovers[0]!.replace(/[0-9a-f-]{36}-7/, `${by.context.newId()}-7`);
    for (const key of [...leftovers, foreign, "a/note"]) await by.store.put(key, bytes());
    // An artifact is several objects, and one thing to remove.
    const forgotten = new Set(leftovers.map((key) => key.replace(/-7(\/.*)?$/, "")));
    expect(await sweepObjects(by.work, by.store).run()).toBe(forgotten.size);
    expect(await by.storedKeys()).toEqual([...before, foreign, "a/note"].sort());
    expect(before.some((key) => key.includes(exported.id))).toBe(true);
    await by.store.remove(foreign);
    await by.store.remove("a/note");
  });

  it("remove exports once their links have ended", async () => {
    const snapshotId = await by.takeSnapshot(await by.createInstance("exports"));
    const row = await by.run(await requestExport(by.context, by.viewer, { snapshotId }));
    const isStored = async () => (await by.storedKeys()).some((key) => key.includes(row.id));
    const clock = createTestClock(row.finishedAt!);
    const sweep = purgeExports({ ...by.work, clock });
    clock.advance(by.work.exportLifetimeMs - 1);
    await sweep.run();
    expect(await isStored()).toBe(true);
    clock.advance(1);
    expect(await sweep.run()).toBe(1);
    expect(await isStored()).toBe(false);
    expect(await sweep.run()).toBe(0);
  });

  it("run when they are due, and one that fails keeps nobody", async () => {
    const clock = createTestClock(new Date(0));
    const ran: string[] = [];
    const note = (name: string, everyMs: number) => ({
      name,
      everyMs,
      run: () => (ran.push(name), name === "broken" ? Promise.reject(new Error("no")) : Promise.resolve(0)),
    });
    const logger = createLogger({ level: "silent" });
    const sweep = createSweeper([note("broken", 10), note("often", 10), note("seldom", 30)], {
      clock,
      logger,
    });
    await sweep();
    clock.advance(9);
    await sweep();
    clock.advance(1);
    await sweep();
    expect(ran).toEqual(["broken", "often", "seldom", "broken", "often"]);
  });
});
