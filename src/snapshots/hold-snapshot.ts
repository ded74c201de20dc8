import { and, eq, isNull } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { Clock } from "../clock.js";
import type { Database, Transaction } from "../db/client.js";
import { holds, instances, projects, snapshots } from "../db/tables/index.js";
import { invalidInput, notFound, type InvalidInput, type NotFound, type QuotaExceeded } from "../errors.js";
import type { EventBus } from "../events/event-bus.js";
import { toGlobalId, type NewId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { type Eligibility, isListed, judgeRestorable } from "./eligibility.js";
import { countOpenHolds } from "./holds.queries.js";
import { lookAtChain } from "./mark-purgeable.js";
import { findSnapshot, lockSnapshot, type SnapshotRow } from "./snapshots.queries.js";

export interface HoldContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly newId: NewId;
  /** Open holds that a project may have at a time. */
  readonly maxHolds: number;
}

export type NotEligible = {
  readonly kind: "NotEligible";
  readonly message: string;
  readonly path: readonly string[];
  readonly eligibility: Eligibility;
};
export type HoldResult =
  | { readonly snapshot: SnapshotRow }
  | { readonly error: InvalidInput | NotFound | QuotaExceeded | NotEligible };

export const longestHoldReason = 500;
const path = ["input", "snapshotId"];
const noSuchSnapshot = { error: notFound("There is no such snapshot.", ...path) };

/**
 * Keeps a snapshot, and what it builds on, past its windows until it is released: restorable all the while, as a new
 * instance where its own is deleted. Only what is restorable now can be held: a hold brings nothing back.
 */
export async function holdSnapshot(
  context: HoldContext,
  viewer: Viewer,
  input: { readonly snapshotId: string; readonly reason: string },
): Promise<HoldResult> {
  const reason = input.reason.trim();
  if (reason.length < 1 || reason.length > longestHoldReason)
    return {
      error: invalidInput(`Give a reason of 1 to ${longestHoldReason} characters.`, "input", "reason"),
    };
  return context.db.transaction(async (tx): Promise<HoldResult> => {
    // One at a time in a project, so that the quota holds.
    await tx.select().from(projects).where(eq(projects.id, viewer.projectId)).for("no key update");
    const found = await findSnapshot(tx, viewer, input.snapshotId);
    if (!found) return noSuchSnapshot;
    // Instances are locked before their snapshots, everywhere.
    const beingDeleted = await isBeingDeleted(tx, found.instanceId);
    const snapshot = (await lockSnapshot(tx, viewer, found.id, "update")) ?? found;
    const now = context.clock.now();
    if (snapshot.holdId !== null)
      return {
        error: invalidInput("The snapshot is held already; release it to give another reason.", ...path),
      };
    const eligibility = judgeRestorable(snapshot, now);
    if (!eligibility.allowed) {
      const message = `This snapshot cannot be held, for it cannot be restored: ${eligibility.reasons.join(", ")}.`;
      return { error: { kind: "NotEligible", message, path, eligibility } };
    }
    if (beingDeleted)
      return { error: invalidInput("Its instance is being deleted, and perhaps its snapshots.", ...path) };
    if ((await countOpenHolds(tx, viewer)) >= context.maxHolds) {
      const message = `The project has ${context.maxHolds} held snapshots, and may have no more; release one first.`;
      return { error: { kind: "QuotaExceeded", message, path, limit: context.maxHolds } };
    }
    const id = context.newId();
    const { projectId, keyName: placedBy } = viewer;
    await tx
      .insert(holds)
      .values({ id, projectId, snapshotId: snapshot.id, reason, placedBy, placedAt: now });
    const objectId = toGlobalId("snapshot", snapshot.id);
    await recordAudit(tx, viewer, now, { action: "holdSnapshot", objectId });
    return { snapshot: await setHold(context, tx, snapshot, id, now) };
  });
}

/** Ends a hold. A snapshot whose window has closed meanwhile is expired from this instant, and goes with the next sweep. */
export async function releaseSnapshot(
  context: Omit<HoldContext, "newId" | "maxHolds">,
  viewer: Viewer,
  input: { readonly snapshotId: string },
): Promise<HoldResult> {
  return context.db.transaction(async (tx): Promise<HoldResult> => {
    const snapshot = await lockSnapshot(tx, viewer, input.snapshotId, "update");
    if (!snapshot) return noSuchSnapshot;
    if (snapshot.holdId === null) return { error: invalidInput("The snapshot is not held.", ...path) };
    const now = context.clock.now();
    await tx
      .update(holds)
      .set({ releasedAt: now, releasedBy: viewer.keyName })
      .where(eq(holds.id, snapshot.holdId));
    const objectId = toGlobalId("snapshot", snapshot.id);
    await recordAudit(tx, viewer, now, { action: "releaseSnapshot", objectId });
    await lookAtChain(tx, snapshot, now);
    return { snapshot: await setHold(context, tx, snapshot, null, now) };
  });
}

async function setHold(
  { events }: Pick<HoldContext, "events">,
  tx: Transaction,
  snapshot: SnapshotRow,
  holdId: string | null,
  now: Date,
): Promise<SnapshotRow> {
  const { id, instanceId } = snapshot;
  const stays = isListed({ ...snapshot, holdId }, now);
  const [row] = await tx
    .update(snapshots)
    .set({ holdId, removalToldAt: stays ? null : now })
    .where(eq(snapshots.id, id))
    .returning();
  if (!row) throw new Error(`snapshot ${id} has no row`);
  await events.publish(tx, {
    topic: "snapshot",
    id,
    instanceId,
    change: stays ? "UPDATED" : "REMOVED",
  });
  return row;
}

/** The request to delete locks the instance, and so waits for the hold, or is seen by it. */
async function isBeingDeleted(tx: Transaction, instanceId: string): Promise<boolean> {
  const [row] = await tx
    .select({ status: instances.status })
    .from(instances)
    .where(and(eq(instances.id, instanceId), isNull(instances.deletedAt)))
    .for("share");
  return row?.status === "DELETING";
}
