import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestExport } from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { createSweeper } from "../../src/operations/sweep.js";
import { purgeExports, requeueLost } from "../../src/operations/sweep-operations.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestClock } from "../support/clock.js";
import { type ByHand, startByHand } from "./hand-run.js";

let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

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

  it("remove exports beside one that cannot be removed", async () => {
    const snapshotId = await by.takeSnapshot(await by.createInstance("stuck"));
    const ids: string[] = [];
    for (let each = 0; each < 3; each++)
      ids.push((await by.run(await requestExport(by.context, by.viewer, { snapshotId }))).id);
    const stored = async () => {
      const keys = await by.storedKeys();
      return ids.map((id) => keys.some((key) => key.includes(id)));
    };
    const clock = createTestClock(new Date(by.work.clock.now().getTime() + by.work.exportLifetimeMs));
    const remove = (key: string) =>
      key.includes(ids[0]!) ? Promise.reject(new Error("stuck")) : by.artifacts.remove(key);
    const sweep = purgeExports({ ...by.work, clock, artifacts: { ...by.artifacts, remove } });
    await expect(sweep.run()).rejects.toThrow("stuck");
    expect(await stored()).toEqual([true, false, false]);
    expect(await purgeExports({ ...by.work, clock }).run()).toBe(1);
    expect(await stored()).toEqual([false, false, false]);
  });

  const note = (ran: string[], name: string, everyMs: number) => ({
    name,
    everyMs,
    run: () => (ran.push(name), name === "broken" ? Promise.reject(new Error("no")) : Promise.resolve(0)),
  });
  const logger = createLogger({ level: "silent" });

  it("run when they are due, and one that fails keeps nobody", async () => {
    const clock = createTestClock(new Date(0));
    const ran: string[] = [];
    const sweeps = [note(ran, "broken", 10), note(ran, "often", 10), note(ran, "seldom", 30)];
    const sweep = createSweeper(sweeps, { clock, logger });
    await sweep();
    clock.advance(9);
    await sweep();
    clock.advance(1);
    await sweep();
    expect(ran).toEqual(["broken", "often", "seldom", "broken", "often"]);
  });

  it("go on at once when the clock steps back, and in their intervals after it", async () => {
    const clock = createTestClock(new Date(1_000_000));
    const ran: string[] = [];
    const sweep = createSweeper([note(ran, "tick", 0), note(ran, "seldom", 30)], { clock, logger });
    await sweep();
    clock.advance(-500_000);
    await sweep();
    expect(ran).toEqual(["tick", "seldom", "tick", "seldom"]);
    clock.advance(29);
    await sweep();
    clock.advance(1);
    await sweep();
    expect(ran.slice(4)).toEqual(["tick", "tick", "seldom"]);
  });
});
