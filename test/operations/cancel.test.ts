import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActionResult } from "../../src/operations/action.js";
import { requestCancel } from "../../src/operations/request-cancel.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import { type ByHand, Gate, startByHand } from "./hand-run.js";

const people = "MATCH (p:Person) RETURN count(p) AS people";
let by: ByHand;
let instanceId: string;
let snapshotId: string;
beforeAll(async () => {
  by = await startByHand();
  instanceId = await by.createInstance("graph");
  snapshotId = await by.takeSnapshot(instanceId);
});
afterAll(() => by.close());

const cancel = (operationId: string) => requestCancel(by.context, by.viewer, { operationId });

/** Surroundings in which the work waits where it copies, checks or writes, heeding its signal alone. */
function surroundings(gate: Gate): Partial<WorkContext> {
  const wait = async (options?: { signal?: AbortSignal }) => {
    const { signal } = options ?? {};
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
    );
    await Promise.race([gate.pass(), aborted]);
  };
  return {
    engine: () => ({
      ...by.engine,
      check: async (generation, options) => {
        await wait(options);
        return by.engine.check(generation, options);
      },
    }),
    artifacts: {
      ...by.artifacts,
      verify: async (ref, options) => {
        await wait(options);
        return by.artifacts.verify(ref, options);
      },
      writeExport: async (request, options) => {
        const written = await by.artifacts.writeExport(request, options);
        await wait(options);
        return written;
      },
    },
  };
}

const place = { tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
const requests: Record<string, () => Promise<ActionResult>> = {
  createInstance: () => requestCreateInstance(by.context, by.viewer, { ...place, name: "made" }),
  createInstanceFromSnapshot: () =>
    requestCreateFromSnapshot(by.context, by.viewer, { snapshotId, name: "copy" }),
  takeSnapshot: () => requestTakeSnapshot(by.context, by.viewer, { instanceId }),
  restoreSnapshot: () => requestRestore(by.context, by.viewer, { snapshotId, confirmation: "RESTORE" }),
  exportSnapshot: () => requestExport(by.context, by.viewer, { snapshotId }),
};

describe.each(Object.entries(requests))("cancelling %s", (_, request) => {
  it("before a worker has it undoes it", async () => {
    const id = by.idOf(await request());
    expect(await cancel(id)).toMatchObject({ operation: { status: "CANCELING" }, replayed: false });
    expect(await cancel(id)).toMatchObject({ operation: { status: "CANCELING" }, replayed: true });
    await by.attempt(id);
    expect(await by.read(id)).toMatchObject({ status: "CANCELED" });
  });

  it("in the middle stops the step at hand, and leaves nothing", async () => {
    const look = async () => ({
      keys: await by.storedKeys(),
      generations: await by.engine.list(),
      // On FREE a newer one supersedes it, if it completes.
      earlier: await by.readSnapshot(snapshotId),
    });
    const before = await look();
    expect(before.earlier).toMatchObject({ status: "COMPLETED", supersededAt: null });
    const id = by.idOf(await request());
    const gate = new Gate();
    const attempt = by.attempt(id, surroundings(gate));
    await gate.whenReached();
    await cancel(id);
    // Nobody opens the gate: the cancel itself reaches the step.
    await attempt;
    const row = await by.read(id);
    expect(row).toMatchObject({ status: "CANCELED", failureCode: null });
    expect(row.percent).toBeLessThan(100);
    expect(await look()).toEqual(before);
    expect(await by.readInstance(instanceId)).toMatchObject({ status: "RUNNING" });
    expect(await by.query(instanceId, people)).toEqual([[1]]);
    if (row.snapshotId) expect(await by.readSnapshot(row.snapshotId)).toMatchObject({ status: "CANCELED" });
    if (row.kind === "CREATE_INSTANCE")
      expect((await by.readInstance(row.instanceId))?.deletedAt).toEqual(row.finishedAt);
  });

  it("after it has ended is refused", async () => {
    const row = await by.run(await request());
    expect(row.status).toBe("SUCCEEDED");
    const [error] = (await cancel(row.id)).errors;
    expect(error).toMatchObject({ kind: "InvalidInput", path: ["input", "operationId"] });
    expect(error?.message).toContain("SUCCEEDED");
    // Where it took a snapshot, that is now the one that a FREE instance keeps.
    if (row.snapshotId) snapshotId = row.snapshotId;
  });
});

describe("cancelling", () => {
  it("a restore that switches is refused, and the switch comes to pass", async () => {
    const id = by.idOf(await requests["restoreSnapshot"]!());
    const gate = new Gate();
    const engine = {
      ...by.engine,
      async holdWrites(...args: Parameters<typeof by.engine.holdWrites>) {
        await gate.pass();
        return by.engine.holdWrites(...args);
      },
    };
    const attempt = by.attempt(id, { engine: () => engine });
    await gate.whenReached();
    expect((await cancel(id)).errors[0]?.message).toContain("SWITCHING");
    gate.open();
    await attempt;
    expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("a deletion is possible until a worker has it", async () => {
    const doomed = await by.createInstance("doomed");
    const ask = () =>
      requestDeleteInstance(by.context, by.viewer, { instanceId: doomed, confirmation: "doomed" });
    const first = by.idOf(await ask());
    await cancel(first);
    await by.attempt(first);
    expect(await by.readInstance(doomed)).toMatchObject({ status: "RUNNING", deletedAt: null });
    expect(await by.query(doomed, people)).toEqual([[1]]);

    const second = by.idOf(await ask());
    const gate = new Gate();
    const engine = {
      ...by.engine,
      async list() {
        await gate.pass();
        return by.engine.list();
      },
    };
    const attempt = by.attempt(second, { engine: () => engine });
    await gate.whenReached();
    expect((await cancel(second)).errors[0]?.kind).toBe("InvalidInput");
    gate.open();
    await attempt;
    expect(await by.read(second)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("an unknown or foreign operation is refused", async () => {
    const foreign = { ...by.viewer, projectId: by.context.newId() };
    const row = await by.run(await requests["exportSnapshot"]!());
    for (const [viewer, operationId] of [
      [by.viewer, by.context.newId()],
      [foreign, row.id],
    ] as const)
      expect((await requestCancel(by.context, viewer, { operationId })).errors[0]?.kind).toBe("NotFound");
  });
});
