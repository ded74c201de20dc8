import { eq } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { instances } from "../db/tables/index.js";
import type { MajorVersion, Tier } from "../db/enums.js";
import { invalidInput, notFound } from "../errors.js";
import { isOffered } from "../instances/placement.js";
import type { Viewer } from "../projects/viewer.js";
import {
  type Eligibility,
  judgeExportable,
  judgeNewInstance,
  judgeRestorable,
} from "../snapshots/eligibility.js";
import { findSnapshot, lockSnapshot, type SnapshotRow } from "../snapshots/snapshots.queries.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import type { ActionContext, ActionResult } from "./action.js";
import {
  checkName,
  lockWhetherDeleted,
  refuse,
  refuseIfBusy,
  requestOperation,
} from "./request-operation.js";

const snapshotPath = ["input", "snapshotId"];

async function lockSource(tx: Transaction, viewer: Viewer, snapshotId: string): Promise<SnapshotRow> {
  const row = await lockSnapshot(tx, viewer, snapshotId, "share");
  return row ?? refuse(notFound("There is no such snapshot.", ...snapshotPath));
}

/** For what reads a snapshot without touching its instance, which may be deleted, but not be at it. */
async function lockRetained(tx: Transaction, viewer: Viewer, snapshotId: string): Promise<SnapshotRow> {
  const found = await findSnapshot(tx, viewer, snapshotId);
  if (!found) refuse(notFound("There is no such snapshot.", ...snapshotPath));
  // Instances are locked before their snapshots, everywhere.
  const [source] = await tx
    .select({ status: instances.status, deletedAt: instances.deletedAt })
    .from(instances)
    .where(eq(instances.id, found.instanceId))
    .for("share");
  if (source?.status === "DELETING" && !source.deletedAt)
    await refuseIfBusy(tx, found.instanceId, snapshotPath);
  return lockSource(tx, viewer, found.id);
}

function refuseUnless(eligibility: Eligibility, action: string): void {
  if (eligibility.allowed) return;
  const message = `This snapshot cannot be ${action}: ${eligibility.reasons.join(", ")}.`;
  refuse({ kind: "NotEligible", message, path: snapshotPath, eligibility });
}

export interface RestoreRequest {
  readonly snapshotId: string;
  readonly confirmation: string;
  readonly idempotencyKey?: string | null;
}

/** The snapshot is the viewer's own, and so is its instance: what became of it can be told. */
async function lockTarget(tx: Transaction, viewer: Viewer, instanceId: string): Promise<InstanceRow> {
  const instance = await lockWhetherDeleted(tx, viewer, instanceId);
  if (!instance) throw new Error(`instance ${instanceId} has no row`);
  if (!instance.deletedAt) return instance;
  const message =
    "Its instance has been deleted. While the snapshot is restorable, createInstanceFromSnapshot makes a new one of it.";
  return refuse(notFound(message, ...snapshotPath));
}

/** Records that an instance's data shall be overwritten by a snapshot's. policy.md, "Restore". */
export function requestRestore(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: RestoreRequest,
): Promise<ActionResult> {
  return requestOperation(
    context,
    { action: "restoreSnapshot", viewer, idempotencyKey, input: { ...input } },
    async (tx, now) => {
      if (input.confirmation !== "RESTORE") {
        refuse(
          invalidInput(
            "Type the word RESTORE to confirm that the instance's data is overwritten.",
            "input",
            "confirmation",
          ),
        );
      }
      const found = await findSnapshot(tx, viewer, input.snapshotId);
      if (!found) refuse(notFound("There is no such snapshot.", ...snapshotPath));
      // Instances are locked before their snapshots, everywhere.
      const instance = await lockTarget(tx, viewer, found.instanceId);
      const snapshot = await lockSource(tx, viewer, found.id);
      refuseUnless(judgeRestorable(snapshot, now), "restored");
      await refuseIfBusy(tx, instance.id, snapshotPath);
      if (instance.status !== "RUNNING") {
        refuse(
          invalidInput(
            `The instance is ${instance.status}; only a RUNNING one can be restored.`,
            ...snapshotPath,
          ),
        );
      }
      await tx.update(instances).set({ status: "RESTORING" }).where(eq(instances.id, instance.id));
      await context.events.publish(tx, { topic: "instance", id: instance.id });
      return {
        id: context.newId(),
        kind: "RESTORE",
        instanceId: instance.id,
        exclusive: true,
        sourceSnapshotId: snapshot.id,
        bytesTotal: snapshot.sizeBytes,
      };
    },
  );
}

export interface ExportRequest {
  readonly snapshotId: string;
  readonly idempotencyKey?: string | null;
}

/** Records that a snapshot shall become one downloadable file. policy.md, "Export". */
export function requestExport(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: ExportRequest,
): Promise<ActionResult> {
  return requestOperation(
    context,
    { action: "exportSnapshot", viewer, idempotencyKey, input: { ...input } },
    async (tx, now) => {
      const snapshot = await lockRetained(tx, viewer, input.snapshotId);
      refuseUnless(judgeExportable(snapshot, now), "exported");
      return {
        id: context.newId(),
        kind: "EXPORT",
        instanceId: snapshot.instanceId,
        exclusive: false,
        sourceSnapshotId: snapshot.id,
        bytesTotal: snapshot.sizeBytes,
      };
    },
  );
}

export interface CreateFromSnapshotRequest {
  readonly snapshotId: string;
  readonly name: string;
  readonly tier?: Tier | null;
  readonly version?: MajorVersion | null;
  readonly region?: string | null;
  readonly idempotencyKey?: string | null;
}

/** Tier families, smallest first: an instance may be made in the same tier or a larger one of its family. */
const families: readonly (readonly Tier[])[] = [
  ["FREE", "PROFESSIONAL", "BUSINESS_CRITICAL", "VIRTUAL_DEDICATED_CLOUD"],
  ["DS_PROFESSIONAL", "DS_ENTERPRISE"],
];

/** Records a new instance with a snapshot's data. policy.md, "Create instance from snapshot". */
export function requestCreateFromSnapshot(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: CreateFromSnapshotRequest,
): Promise<ActionResult> {
  const request = { action: "createInstanceFromSnapshot", viewer, idempotencyKey, input: { ...input } };
  return requestOperation(context, request, async (tx, now) => {
    const name = checkName(input.name, "input", "name");
    const snapshot = await lockRetained(tx, viewer, input.snapshotId);
    const [source] = await tx.select().from(instances).where(eq(instances.id, snapshot.instanceId));
    if (!source) throw new Error(`snapshot ${snapshot.id} has no instance`);
    refuseUnless(judgeNewInstance(snapshot, source, now), "made an instance of");
    const tier = input.tier ?? source.tier;
    const version = input.version ?? source.version;
    const region = input.region ?? source.region;
    const family = families.find((tiers) => tiers.includes(source.tier)) ?? [];
    if (family.indexOf(tier) < family.indexOf(source.tier)) {
      refuse(
        invalidInput(
          `Choose ${source.tier} or a larger tier of its family (${family.join(", ")}).`,
          "input",
          "tier",
        ),
      );
    }
    if (source.version === "V5" && version === "V4") {
      refuse(invalidInput("Data of V5 cannot become a V4 instance.", "input", "version"));
    }
    if (!isOffered(tier, version))
      refuse(invalidInput(`${tier} is not offered with ${version}.`, "input", "version"));
    const { cloudProvider } = source;
    if (
      !context.locations.some((place) => place.cloudProvider === cloudProvider && place.region === region)
    ) {
      refuse(invalidInput(`No such region of ${cloudProvider}.`, "input", "region"));
    }
    const instanceId = context.newId();
    await tx.insert(instances).values({
      id: instanceId,
      projectId: viewer.projectId,
      name,
      tier,
      version,
      cloudProvider,
      region,
      status: "CREATING",
      engine: source.engine,
      sourceSnapshotId: snapshot.id,
      createdAt: now,
    });
    await context.events.publish(tx, { topic: "instance", id: instanceId });
    return {
      id: context.newId(),
      kind: "CREATE_INSTANCE",
      instanceId,
      exclusive: true,
      sourceSnapshotId: snapshot.id,
      bytesTotal: snapshot.sizeBytes,
    };
  });
}
