import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ArtifactError } from "../../src/artifacts/artifact.js";
import { operations } from "../../src/db/tables/index.js";
import type { ActionResult, OperationRow } from "../../src/operations/action.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { scheduleDue } from "../../src/operations/schedule-due.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import { reportSystemChange } from "../../src/snapshots/report-system-change.js";
import { type ByHand, startByHand } from "./hand-run.js";

let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

const onDemand = (instanceId: string): Promise<ActionResult> =>
  requestTakeSnapshot(by.context, by.viewer, { instanceId });

/** What the scheduler begins for the instance at its next tick. */
async function scheduled(instanceId: string): Promise<OperationRow> {
  const schedule = { perLocation: 10, busyPauseMs: 1000 };
  await scheduleDue({ ...by.context, db: by.work.db, schedule });
  const begun = and(eq(operations.instanceId, instanceId), eq(operations.status, "QUEUED"));
  const [row] = await by.work.db.select().from(operations).where(begun);
  if (!row) throw new Error("the scheduler has begun nothing");
  return row;
}

/** All has been written, and is not what it should be. Tells what was in the store by then. */
function spoilt(seen: (keys: string[]) => void): Partial<WorkContext> {
  const verify = async () => {
    seen(await by.storedKeys());
    throw new ArtifactError("DAMAGED", "not what was written");
  };
  return { artifacts: { ...by.artifacts, verify } };
}

it("a snapshot on demand that fails its check leaves no artifact, and the earlier one as it was", async () => {
  const instanceId = await by.createInstance("free", "FREE");
  const earlierId = await by.takeSnapshot(instanceId);
  const [earlier, keys] = [await by.readSnapshot(earlierId), await by.storedKeys()];
  let written: string[] = [];
  const failed = await by.run(
    await onDemand(instanceId),
    spoilt((all) => (written = all)),
  );
  expect(written.filter((key) => key.includes(failed.snapshotId!))).not.toEqual([]);
  expect(failed.status).toBe("FAILED");
  expect(await by.readSnapshot(failed.snapshotId!)).toMatchObject({ status: "FAILED", artifactKey: null });
  expect(await by.storedKeys()).toEqual(keys);
  expect(await by.readSnapshot(earlierId)).toEqual(earlier);
  expect(earlier).toMatchObject({ status: "COMPLETED", supersededAt: null });
  // The next one that completes is what ends it.
  await by.takeSnapshot(instanceId);
  expect((await by.readSnapshot(earlierId))?.supersededAt).not.toBeNull();
});

it("a scheduled snapshot that fails its check leaves no artifact, and the earlier one as it was", async () => {
  const instanceId = await by.createInstance("hourly", "BUSINESS_CRITICAL");
  const first = await scheduled(instanceId);
  await by.attempt(first.id);
  const [earlier, keys] = [await by.readSnapshot(first.snapshotId!), await by.storedKeys()];
  expect(earlier).toMatchObject({ status: "COMPLETED", cause: "INSTANCE_CREATED" });
  await reportSystemChange({ ...by.context, now: by.context.clock.now() }, by.viewer, instanceId);
  const second = await scheduled(instanceId);
  let written: string[] = [];
  await by.attempt(
    second.id,
    spoilt((all) => (written = all)),
  );
  expect(written.filter((key) => key.includes(second.snapshotId!))).not.toEqual([]);
  expect((await by.read(second.id)).status).toBe("FAILED");
  // It is tried again within its slot.
  expect(await by.readSnapshot(second.snapshotId!)).toMatchObject({ status: "PENDING", artifactKey: null });
  expect(await by.storedKeys()).toEqual(keys);
  expect(await by.readSnapshot(first.snapshotId!)).toEqual(earlier);
});
