import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exports_, instances, snapshots } from "../../src/db/tables/index.js";
import { listInstances } from "../../src/instances/instances.queries.js";
import { runStatement } from "../../src/instances/run-statement.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { holdSnapshot, releaseSnapshot } from "../../src/snapshots/hold-snapshot.js";
import { findSnapshot } from "../../src/snapshots/snapshots.queries.js";
import { type ServiceParts, startServiceParts } from "../support/service-parts.js";

const place = { tier: "PROFESSIONAL", version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;

describe("snapshots that are retained beyond their instance", () => {
  let parts: ServiceParts;
  let instanceId: string;
  let snapshotId: string;
  const query = async (id: string, text: string) =>
    (await runStatement({ db: parts.context.db, engine: () => parts.engine }, parts.viewer, id, { text }))
      .values;

  beforeAll(async () => {
    parts = await startServiceParts();
    const { context, viewer } = parts;
    const made = await parts.follow(
      await requestCreateInstance(context, viewer, { ...place, name: "short-lived" }),
    );
    instanceId = made[0]!.instanceId;
    await query(instanceId, "CREATE NODE TABLE Person(name STRING PRIMARY KEY)");
    await query(instanceId, "CREATE (:Person {name: 'Ada'})");
    const taken = await parts.follow(await requestTakeSnapshot(context, viewer, { instanceId }));
    snapshotId = taken[0]!.snapshotId!;
  });
  afterAll(() => parts.close());

  it("keep their instance from being deleted without them while they are held", async () => {
    const { context, viewer } = parts;
    await holdSnapshot({ ...context, maxHolds: 1 }, viewer, { snapshotId, reason: "audit" });
    const request = { instanceId, confirmation: "short-lived" };
    const refused = await requestDeleteInstance(context, viewer, request);
    expect(refused.errors).toMatchObject([{ kind: "InvalidInput", path: ["input", "retainSnapshots"] }]);
    await releaseSnapshot(context, viewer, { snapshotId });
  });

  it("can be exported and cloned after it has gone, and are found by it", async () => {
    const { context, viewer, work } = parts;
    const request = { instanceId, confirmation: "short-lived", retainSnapshots: true };
    const deleted = await parts.follow(await requestDeleteInstance(context, viewer, request));
    expect(deleted.at(-1)?.status).toBe("SUCCEEDED");
    const listed = await listInstances(context.db, viewer, { from: "start", limit: 9 }, { deleted: true });
    expect(listed.rows.map((row) => row.id)).toEqual([instanceId]);
    await expect(query(instanceId, "RETURN 1")).rejects.toMatchObject({ code: "NOT_FOUND" });

    const exported = await parts.follow(await requestExport(context, viewer, { snapshotId }));
    expect(exported.at(-1)?.status).toBe("SUCCEEDED");
    const file = eq(exports_.operationId, exported[0]!.id);
    expect((await work.db.select().from(exports_).where(file))[0]?.fileName).toMatch(
      /^short-lived-.*\.backup$/,
    );

    const cloned = await parts.follow(
      await requestCreateFromSnapshot(context, viewer, { snapshotId, name: "copy" }),
    );
    expect(cloned.at(-1)?.status).toBe("SUCCEEDED");
    expect(await query(cloned[0]!.instanceId, "MATCH (p:Person) RETURN p.name AS name")).toEqual([["Ada"]]);
    const restore = await requestRestore(context, viewer, { snapshotId, confirmation: "RESTORE" });
    expect(restore.errors[0]?.kind).toBe("NotFound");
  });

  it("can be held still", async () => {
    const { context, viewer } = parts;
    expect(
      await holdSnapshot({ ...context, maxHolds: 1 }, viewer, { snapshotId, reason: "audit" }),
    ).toHaveProperty("snapshot");
    await releaseSnapshot(context, viewer, { snapshotId });
  });

  it("can be used until their windows close, and not from that instant on", async () => {
    const { context, viewer } = parts;
    const { exportableUntil } = (await findSnapshot(context.db, viewer, snapshotId))!;
    const at = (ms: number) => ({
      ...context,
      clock: { now: () => new Date(exportableUntil!.getTime() + ms) },
    });
    const clone = (ms: number) => requestCreateFromSnapshot(at(ms), viewer, { snapshotId, name: `at ${ms}` });
    for (const request of [clone(0), requestExport(at(0), viewer, { snapshotId })])
      expect((await request).errors).toMatchObject([
        { kind: "NotEligible", eligibility: { reasons: ["WINDOW_CLOSED"] } },
      ]);
    expect((await parts.follow(await clone(-1))).at(-1)?.status).toBe("SUCCEEDED");
  });

  it("are not read while a deletion that may remove them is under way", async () => {
    const { context, viewer, work } = parts;
    const made = await parts.follow(
      await requestCreateInstance(context, viewer, { ...place, name: "going" }),
    );
    const id = made[0]!.instanceId;
    const taken = await parts.follow(await requestTakeSnapshot(context, viewer, { instanceId: id }));
    // Recorded, and no worker told of it: it stays under way.
    const idle = { ...context, jobs: { ...context.jobs, enqueue: () => Promise.resolve() } };
    const deletion = await requestDeleteInstance(idle, viewer, { instanceId: id, confirmation: "going" });
    const source = { snapshotId: taken[0]!.snapshotId! };
    for (const request of [
      requestExport(context, viewer, source),
      requestCreateFromSnapshot(context, viewer, { ...source, name: "c" }),
    ])
      expect((await request).errors).toMatchObject([
        { kind: "InstanceBusy", blocking: { id: deletion.operation?.id } },
      ]);
    expect(await work.db.$count(snapshots, eq(snapshots.instanceId, id))).toBe(1);
    expect(await work.db.$count(instances, eq(instances.name, "c"))).toBe(0);
  });
});
