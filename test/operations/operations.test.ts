import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exports_, instances, operations, slots, snapshots } from "../../src/db/tables/index.js";
import { runStatement } from "../../src/instances/run-statement.js";
import type { ShownOperation } from "../../src/operations/operations.queries.js";
import { requestCancel } from "../../src/operations/request-cancel.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { type ServiceParts, startServiceParts } from "../support/service-parts.js";

const place = { version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
const people = "MATCH (p:Person) RETURN count(p) AS people";

describe("operations on real parts", () => {
  let parts: ServiceParts;
  beforeAll(async () => {
    parts = await startServiceParts();
  });
  afterAll(() => parts.close());

  const query = async (instanceId: string, text: string) =>
    (
      await runStatement({ db: parts.context.db, engine: () => parts.engine }, parts.viewer, instanceId, {
        text,
      })
    ).values;

  async function createInstance(
    name: string,
    tier: "PROFESSIONAL" | "FREE" = "PROFESSIONAL",
  ): Promise<string> {
    const result = await requestCreateInstance(parts.context, parts.viewer, { ...place, name, tier });
    const states = await parts.follow(result);
    expect(states.at(-1)).toMatchObject({ status: "SUCCEEDED", phase: "DONE", percent: 100 });
    const instanceId = states[0]?.instanceId ?? "";
    await query(instanceId, "CREATE NODE TABLE Person(name STRING PRIMARY KEY)");
    await query(instanceId, "CREATE (:Person {name: 'Ada'})");
    return instanceId;
  }

  async function takeSnapshot(instanceId: string): Promise<{ snapshotId: string; states: ShownOperation[] }> {
    const states = await parts.follow(await requestTakeSnapshot(parts.context, parts.viewer, { instanceId }));
    expect(states.at(-1)?.status).toBe("SUCCEEDED");
    return { snapshotId: states[0]?.snapshotId ?? "", states };
  }

  it("takes a snapshot, restores it and leaves one generation", async () => {
    const instanceId = await createInstance("restore me");
    const { snapshotId, states } = await takeSnapshot(instanceId);
    for (const [index, state] of states.entries()) {
      const before = states[index - 1];
      if (!before) continue;
      expect(state.revision).toBeGreaterThan(before.revision);
      expect(state.percent).toBeGreaterThanOrEqual(before.percent);
    }
    await query(instanceId, "CREATE (:Person {name: 'Grace'})");
    expect(await query(instanceId, people)).toEqual([[2]]);

    const restore = { snapshotId, confirmation: "RESTORE" };
    const restored = await parts.follow(await requestRestore(parts.context, parts.viewer, restore));
    expect(restored.at(-1)?.status).toBe("SUCCEEDED");
    expect(await query(instanceId, people)).toEqual([[1]]);
    const [row] = await parts.context.db.select().from(instances).where(eq(instances.id, instanceId));
    // The old generation goes once the switch has been told.
    const left = async () =>
      (await parts.engine.list()).filter((each) => each.instanceId === instanceId).map((each) => each.number);
    await expect.poll(left).toEqual([row?.generation]);
  });

  it("makes an instance of a snapshot, beside its source", async () => {
    const instanceId = await createInstance("source");
    const { snapshotId } = await takeSnapshot(instanceId);
    const made = await requestCreateFromSnapshot(parts.context, parts.viewer, { snapshotId, name: "copy" });
    const states = await parts.follow(made);
    expect(states.at(-1)?.status).toBe("SUCCEEDED");
    const copyId = states[0]?.instanceId ?? "";
    await query(instanceId, "CREATE (:Person {name: 'Grace'})");
    expect(await query(copyId, people)).toEqual([[1]]);

    // A schedule of its own, counted from its own creation.
    const { db } = parts.context;
    const [copy] = await db.select().from(instances).where(eq(instances.id, copyId));
    const owed = await db.select().from(slots).where(eq(slots.instanceId, copyId));
    expect(new Map(owed.map(({ cause, slotAt }) => [cause, slotAt]))).toEqual(
      new Map([
        ["INSTANCE_CREATED", copy?.createdAt],
        ["CADENCE", copy && new Date(copy.createdAt.getTime() + 24 * 3_600_000)],
      ]),
    );
  });

  it("exports one file whose size and digest are recorded", async () => {
    const { snapshotId } = await takeSnapshot(await createInstance("to export"));
    const states = await parts.follow(await requestExport(parts.context, parts.viewer, { snapshotId }));
    expect(states.at(-1)?.status).toBe("SUCCEEDED");
    const [file] = await parts.context.db
      .select()
      .from(exports_)
      .where(eq(exports_.operationId, states[0]?.id ?? ""));
    expect(file?.fileName).toMatch(/^to-export-.*\.backup$/);
    let bytes = 0;
    if (!file) throw new Error("no export");
    for await (const chunk of await parts.artifacts.openExport({ ...file, key: file.objectKey }))
      bytes += (chunk as Buffer).length;
    expect(bytes).toBe(file.sizeBytes);
  });

  it("answers a repeated idempotency key with the first operation, and another body with a conflict", async () => {
    const instanceId = await createInstance("idempotent");
    const request = () =>
      requestTakeSnapshot(parts.context, parts.viewer, { instanceId, idempotencyKey: "once" });
    const [first, second] = await Promise.all([request(), request()]);
    expect(first.operation?.id).toBe(second.operation?.id);
    expect([first.replayed, second.replayed].sort()).toEqual([false, true]);
    await parts.follow(first);
    const other = { instanceId, name: "other", idempotencyKey: "once" };
    const conflict = await requestTakeSnapshot(parts.context, parts.viewer, other);
    expect(conflict.errors[0]?.kind).toBe("IdempotencyConflict");
  });

  it("refuses bad input and changes nothing", async () => {
    const instanceId = await createInstance("strict", "FREE");
    const { snapshotId } = await takeSnapshot(instanceId);
    const kindOf = async (result: Promise<{ errors: readonly { kind: string }[] }>) =>
      (await result).errors[0]?.kind;
    const { context, viewer } = parts;
    const before = await context.db.$count(operations);
    const create = { ...place, name: "x", tier: "PROFESSIONAL" } as const;
    expect(await kindOf(requestCreateInstance(context, viewer, { ...create, name: "" }))).toBe(
      "InvalidInput",
    );
    expect(await kindOf(requestCreateInstance(context, viewer, { ...create, name: "n".repeat(300) }))).toBe(
      "InvalidInput",
    );
    expect(await kindOf(requestCreateInstance(context, viewer, { ...create, region: "nowhere" }))).toBe(
      "InvalidInput",
    );
    const impossible = { ...create, tier: "BUSINESS_CRITICAL", version: "V4" } as const;
    expect(await kindOf(requestCreateInstance(context, viewer, impossible))).toBe("InvalidInput");
    expect(await kindOf(requestRestore(context, viewer, { snapshotId, confirmation: "restore" }))).toBe(
      "InvalidInput",
    );
    expect(await kindOf(requestDeleteInstance(context, viewer, { instanceId, confirmation: "no" }))).toBe(
      "InvalidInput",
    );
    const foreign = { ...viewer, projectId: context.newId() };
    expect(await kindOf(requestTakeSnapshot(context, foreign, { instanceId }))).toBe("NotFound");
    expect(await kindOf(requestExport(context, foreign, { snapshotId }))).toBe("NotFound");
    expect(await context.db.$count(operations)).toBe(before);
  });

  it("allows one exclusive operation per instance, and undoes a canceled one", async () => {
    const instanceId = await createInstance("busy");
    const { context, viewer } = parts;
    const first = await requestTakeSnapshot(context, viewer, { instanceId });
    const second = await requestTakeSnapshot(context, viewer, { instanceId });
    expect(second.errors[0]?.kind).toBe("InstanceBusy");
    await requestCancel(context, viewer, { operationId: first.operation?.id ?? "" });
    const last = (await parts.follow(first)).at(-1);
    // The cancel may come too late; either way it has ended and nothing is half done.
    const [snapshot] = await context.db
      .select()
      .from(snapshots)
      .where(eq(snapshots.id, last?.snapshotId ?? ""));
    expect([last?.status, snapshot?.status]).toSatisfy(
      ([operation, taken]: string[]) =>
        (operation === "CANCELED" && taken === "CANCELED") ||
        (operation === "SUCCEEDED" && taken === "COMPLETED"),
    );
  });

  it("fails a restore from a damaged artifact and keeps the instance as it was", async () => {
    const instanceId = await createInstance("damaged");
    const { snapshotId } = await takeSnapshot(instanceId);
    const { db } = parts.context;
    const [snapshot] = await db.select().from(snapshots).where(eq(snapshots.id, snapshotId));
    await parts.artifacts.remove(snapshot?.artifactKey ?? "");
    await query(instanceId, "CREATE (:Person {name: 'Grace'})");
    const restore = { snapshotId, confirmation: "RESTORE" };
    const states = await parts.follow(await requestRestore(parts.context, parts.viewer, restore));
    expect(states.at(-1)).toMatchObject({ status: "FAILED", failureCode: "ARTIFACT_DAMAGED" });
    expect(await query(instanceId, people)).toEqual([[2]]);
    const again = await requestRestore(parts.context, parts.viewer, restore);
    expect(again.errors[0]?.kind).toBe("NotEligible");
  });

  it("deletes an instance with its data and artifacts", async () => {
    const instanceId = await createInstance("to delete");
    await takeSnapshot(instanceId);
    const request = { instanceId, confirmation: "to delete" };
    const states = await parts.follow(await requestDeleteInstance(parts.context, parts.viewer, request));
    expect(states.at(-1)?.status).toBe("SUCCEEDED");
    await expect(query(instanceId, people)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await parts.engine.list()).some((generation) => generation.instanceId === instanceId)).toBe(
      false,
    );
  });
});
