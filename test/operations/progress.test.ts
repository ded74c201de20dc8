import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeProgress } from "../../src/operations/progress.js";
import { requestExport } from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { watchOperation } from "../../src/operations/watch-operation.js";
import { createTestClock, seededRandom } from "../support/clock.js";
import { type ByHand, startByHand } from "./hand-run.js";

describe("described progress", () => {
  const at = (bytesDone: number, bytesTotal: number | null, nowMs: number) =>
    describeProgress({ bytesDone, bytesTotal, startedAtMs: 1000, nowMs });

  it("says nothing of what it does not know", () => {
    expect(at(500, null, 3000)).toEqual({ percent: 0, etaSeconds: null });
    expect(at(0, 0, 3000)).toEqual({ percent: 0, etaSeconds: null });
    expect(at(0, 1000, 3000)).toEqual({ percent: 0, etaSeconds: null });
  });
  it("reckons what is left by the pace so far", () => {
    expect(at(250, 1000, 11_000)).toEqual({ percent: 24.75, etaSeconds: 30 });
  });
  it("never reaches 100, however much was copied", () => {
    expect(at(5000, 1000, 11_000)).toEqual({ percent: 99, etaSeconds: 0 });
  });
});

describe("stored progress", () => {
  let by: ByHand;
  beforeAll(async () => {
    by = await startByHand();
  });
  afterAll(() => by.close());

  it("is monotonic over two attempts, and no second sees more than ten changes", async () => {
    const clock = createTestClock(by.work.clock.now());
    const random = seededRandom(7);
    const storedAt: number[] = [];
    const events = {
      ...by.work.events,
      listen: by.work.events.listen.bind(by.work.events),
      publish: async (...[tx, ...all]: Parameters<typeof by.work.events.publish>) => {
        if (all.some((event) => event.topic === "operation")) storedAt.push(clock.now().getTime());
        await by.work.events.publish(tx, ...all);
      },
    };
    const instanceId = await by.createInstance("progress");
    const id = by.idOf(
      await requestTakeSnapshot({ ...by.context, clock, events }, by.viewer, { instanceId }),
    );
    const states: { percent: number; bytesDone: number; revision: number; status: string }[] = [];
    const copying = (bytes: number): typeof by.artifacts => ({
      ...by.artifacts,
      async write(request, options) {
        for (let done = 0; done <= bytes; done += 1000) {
          clock.advance(Math.floor(random() * 40));
          options?.onProgress?.(done);
          states.push(await by.read(id));
        }
        if (bytes < 200_000) throw Object.assign(new Error("away"), { code: "57P01" });
        return by.artifacts.write(request, options);
      },
    });
    await expect(by.attempt(id, { clock, events, artifacts: copying(100_000) })).rejects.toThrow("away");
    await by.attempt(id, { clock, events, artifacts: copying(200_000) });
    states.push(await by.read(id));

    expect(states.at(-1)).toMatchObject({ status: "SUCCEEDED", percent: 100, revision: storedAt.length });
    for (const [index, state] of states.entries()) {
      expect(state.percent === 100).toBe(state.status === "SUCCEEDED");
      const before = states[index - 1];
      if (!before) continue;
      expect(state.percent).toBeGreaterThanOrEqual(before.percent);
      expect(state.bytesDone).toBeGreaterThanOrEqual(before.bytesDone);
      expect(state.revision).toBeGreaterThanOrEqual(before.revision);
    }
    expect(storedAt.length).toBeGreaterThan(12);
    // A window begins at each change; the two attempts are counted apart, the queue pauses between them.
    for (const [index, first] of storedAt.entries()) {
      const within = storedAt.slice(index).filter((each) => each - first < 1000);
      expect(within.length).toBeLessThanOrEqual(10);
    }
  });

  it("is told from where the caller left off, and ends also for one ahead of it", async () => {
    const snapshotId = await by.takeSnapshot(await by.createInstance("seen"));
    const asked = await requestExport(by.context, by.viewer, { snapshotId });
    const id = by.idOf(asked);
    const scope = { projectId: by.viewer.projectId };
    const watch = async (afterRevision?: number) => {
      const revisions: number[] = [];
      for await (const row of watchOperation(by.work, scope, id, afterRevision)) revisions.push(row.revision);
      return revisions;
    };
    const during = [watch(), watch(2), watch(1_000_000)];
    await by.attempt(id);
    const last = (await by.read(id)).revision;
    const [all, some, none] = await Promise.all(during);
    expect(all?.[0]).toBe(1);
    expect(all?.at(-1)).toBe(last);
    expect(some?.every((revision) => revision > 2)).toBe(true);
    expect(some?.at(-1)).toBe(last);
    expect(none).toEqual([]);
    expect(await watch(last - 1)).toEqual([last]);
    expect(await watch(last)).toEqual([]);
    expect(await watch(-5)).toEqual([last]);
  });
});
