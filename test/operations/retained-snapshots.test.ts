import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exports_, instances, snapshots } from "../../src/db/tables/index.js";
import { listInstances } from "../../src/instances/instances.queries.js";
import { runStatement } from "../../src/instances/run-statement.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { holdSnapshot, releaseSnapshot } from "../../src/snapshots/hold-snapshot.js";
import { findSnapshot, listSnapshotPages } from "../../src/snapshots/snapshots.queries.js";
import { type ServiceParts, startServiceParts } from "../support/service-parts.js";
import { type ByHand, startByHand } from "./hand-run.js";

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

describe("once the instance is deleted, a restorable snapshot", () => {
  let by: ByHand;
  let instanceId: string;
  let full: string;
  let differential: string;
  const names = "MATCH (p:Person) RETURN p.name ORDER BY p.name";
  const remove = async () => {
    const request = { instanceId, confirmation: "gone", retainSnapshots: true };
    expect(await by.run(await requestDeleteInstance(by.context, by.viewer, request))).toMatchObject({
      status: "SUCCEEDED",
    });
  };
  const hold = (snapshotId: string) =>
    holdSnapshot({ ...by.context, maxHolds: 9 }, by.viewer, { snapshotId, reason: "audit" });
  const inDays = (days: number) => {
    const now = new Date(Date.now() + days * 24 * 3_600_000);
    return { ...by.context, clock: { now: () => now } };
  };
  const cloneIn = (days: number, snapshotId: string) =>
    requestCreateFromSnapshot(inDays(days), by.viewer, { snapshotId, name: "again" });
  const exportIn = (days: number, snapshotId: string) =>
    requestExport(inDays(days), by.viewer, { snapshotId });
  const refusedFor = (...reasons: string[]) => [{ kind: "NotEligible", eligibility: { reasons } }];

  beforeAll(async () => {
    by = await startByHand();
  });
  afterAll(() => by.close());
  beforeEach(async () => {
    instanceId = await by.createInstance("gone", "BUSINESS_CRITICAL");
    full = await by.takeScheduled(instanceId);
    await by.query(instanceId, "CREATE (:Person {name: 'Grace'})");
    differential = await by.takeScheduled(instanceId, full);
  });

  it("is restored as a new instance until its restorable window closes, a differential too", async () => {
    expect((await cloneIn(0, differential)).errors).toMatchObject(refusedFor("DIFFERENTIAL_NOT_EXPORTABLE"));
    expect((await cloneIn(8, full)).errors).toMatchObject(refusedFor("WINDOW_CLOSED"));
    await remove();
    for (const [snapshotId, people] of [
      [full, [["Ada"]]],
      [differential, [["Ada"], ["Grace"]]],
    ] as const) {
      const made = await by.run(await cloneIn(29, snapshotId));
      expect(made.status).toBe("SUCCEEDED");
      expect(await by.query(made.instanceId, names)).toEqual(people);
      expect((await cloneIn(30, snapshotId)).errors).toMatchObject(refusedFor("WINDOW_CLOSED"));
    }
    // The window for exports is another promise, and stays as it was.
    expect((await exportIn(8, full)).errors).toMatchObject(refusedFor("WINDOW_CLOSED"));
    expect((await exportIn(1, differential)).errors).toMatchObject(refusedFor("DIFFERENTIAL_NOT_EXPORTABLE"));
  });

  it("that is held gives its data back however long after its windows", async () => {
    await hold(differential);
    await remove();
    const later = inDays(400);
    const now = later.clock.now();
    await purgeArtifacts({ ...by.work, ...later, db: by.work.db }, { dueAt: now });
    const page = { from: "start", limit: 9 } as const;
    const filter = { restorableOnly: true };
    const pages = await listSnapshotPages(by.context.db, by.viewer, [instanceId], page, filter, now);
    expect(pages.get(instanceId)?.rows.map((row) => row.id)).toEqual([differential]);

    const made = await by.run(await cloneIn(400, differential));
    expect(made.status).toBe("SUCCEEDED");
    expect(await by.query(made.instanceId, names)).toEqual([["Ada"], ["Grace"]]);
    await releaseSnapshot(later, by.viewer, { snapshotId: differential });
    expect((await cloneIn(400, differential)).errors).toMatchObject(refusedFor("WINDOW_CLOSED"));
  });

  it("is not restored over the instance: its project is told of the other way, and nobody else", async () => {
    await remove();
    const restore = async (viewer: Viewer, snapshotId: string) =>
      (await requestRestore(by.context, viewer, { snapshotId, confirmation: "RESTORE" })).errors;
    const path = ["input", "snapshotId"];
    const message = expect.stringContaining("createInstanceFromSnapshot") as string;
    expect(await restore(by.viewer, full)).toEqual([{ kind: "NotFound", message, path }]);
    const foreign = { ...by.viewer, projectId: by.context.newId() };
    const unknown = await restore(by.viewer, by.context.newId());
    expect(unknown).toMatchObject([{ kind: "NotFound", path }]);
    expect(unknown).not.toMatchObject([{ message }]);
    expect(await restore(foreign, full)).toEqual(unknown);
  });
});
