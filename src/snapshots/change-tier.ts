import { and, desc, eq, gt, inArray } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { Database, Queryable } from "../db/client.js";
import type { Tier } from "../db/enums.js";
import { instances, operations, snapshots } from "../db/tables/index.js";
import { invalidInput, notFound, type InvalidInput, type NotFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { EventBus } from "../events/event-bus.js";
import { findInstance, type InstanceRow } from "../instances/instances.queries.js";
import type { Scope, Viewer } from "../projects/viewer.js";
import { isListed, judgeRestorable } from "./eligibility.js";
import { lookAtAll } from "./mark-purgeable.js";
import { findRetention, stampWindows, type RetentionRow, type RetentionTable } from "./retention.js";
import { nextSlotAfter } from "./schedule.js";
import { moveCadence } from "./slots.queries.js";
import type { SnapshotRow } from "./snapshots.queries.js";

export interface ChangeTierInput {
  /** Row id. */
  readonly instanceId: string;
  readonly tier: Tier;
  /** Whether existing snapshots get the new tier's windows too; otherwise they keep what was promised. */
  readonly applyToExisting: boolean;
}
export type InstanceBusy = {
  readonly kind: "InstanceBusy";
  readonly message: string;
  readonly path: readonly string[];
  readonly blocking: typeof operations.$inferSelect;
};
export type ChangeTierResult =
  { readonly instance: InstanceRow } | { readonly error: InvalidInput | NotFound | InstanceBusy };
export type TierChangePreview = { readonly lost: readonly SnapshotRow[] } | { readonly error: InvalidInput };

interface Surroundings {
  readonly policy: RetentionTable;
  readonly now: Date;
}

const noSuchTier = (tier: Tier, version: string, ...path: string[]) =>
  invalidInput(`The tier ${tier} does not exist in version ${version}.`, ...path);

/** Completed ones whose window is open, newest first: an expired one stays so whatever the tier. */
function findOpen(db: Queryable, instanceId: string, now: Date): Promise<SnapshotRow[]> {
  const open = and(
    eq(snapshots.instanceId, instanceId),
    eq(snapshots.status, "COMPLETED"),
    gt(snapshots.restorableUntil, now),
  );
  return db.select().from(snapshots).where(open).orderBy(desc(snapshots.completedAt), desc(snapshots.id));
}

/** A kind that the tier does not keep ends now; where only the latest stays, all others are superseded. */
function restamp(
  row: RetentionRow,
  snapshot: SnapshotRow,
  latest: boolean,
  { policy, now }: Surroundings,
): SnapshotRow {
  const supersededAt = snapshot.supersededAt ?? (row.latestOnly && !latest ? now : null);
  if (row.windows[snapshot.type][snapshot.kind])
    return { ...snapshot, ...stampWindows(row, snapshot, policy.version), supersededAt };
  const { exportableUntil } = snapshot;
  return {
    ...snapshot,
    supersededAt,
    policyVersion: policy.version,
    restorableUntil: now,
    exportableUntil: exportableUntil && exportableUntil > now ? now : exportableUntil,
  };
}

/** What is restorable now and would not be after the change; undefined where there is no such instance. */
export async function previewTierChange(
  surroundings: Surroundings & { readonly db: Queryable },
  scope: Scope,
  input: Pick<ChangeTierInput, "instanceId" | "tier">,
): Promise<TierChangePreview | undefined> {
  const { db, policy, now } = surroundings;
  const instance = await findInstance(db, scope, input.instanceId);
  if (!instance) return undefined;
  const row = findRetention(policy, input.tier, instance.version);
  if (!row) return { error: noSuchTier(input.tier, instance.version, "tier") };
  const open = await findOpen(db, instance.id, now);
  const lost = open.filter((snapshot, index) => {
    const after = restamp(row, snapshot, index === 0, surroundings);
    return judgeRestorable(snapshot, now).allowed && !judgeRestorable(after, now).allowed;
  });
  return { lost };
}

/** Takes effect at once, or not at all; the schedule goes on in the new tier's cadence. */
export async function changeTier(
  surroundings: Surroundings & { readonly db: Database; readonly events: EventBus },
  viewer: Viewer,
  input: ChangeTierInput,
): Promise<ChangeTierResult> {
  const { db, policy, now, events } = surroundings;
  return db.transaction(async (tx): Promise<ChangeTierResult> => {
    const own = and(eq(instances.projectId, viewer.projectId), eq(instances.id, input.instanceId));
    const [instance] = await tx.select().from(instances).where(own).for("update");
    if (!instance || instance.deletedAt)
      return { error: notFound("There is no such instance.", "input", "instanceId") };
    const row = findRetention(policy, input.tier, instance.version);
    if (!row) return { error: noSuchTier(input.tier, instance.version, "input", "tier") };

    // A snapshot in flight may be of a kind that the new tier does not keep.
    const [blocking] = await tx
      .select()
      .from(operations)
      .where(
        and(
          eq(operations.instanceId, instance.id),
          eq(operations.exclusive, true),
          inArray(operations.status, ["QUEUED", "RUNNING", "CANCELING"]),
        ),
      )
      .limit(1);
    if (blocking) {
      const message = "Another operation has the instance: change the tier after it.";
      return { error: { kind: "InstanceBusy", message, path: ["input", "instanceId"], blocking } };
    }

    const next = nextSlotAfter(row, instance.createdAt, now);
    const changed: InstanceRow = { ...instance, tier: input.tier, nextScheduledSnapshotAt: next };
    await tx.update(instances).set({ tier: changed.tier }).where(eq(instances.id, instance.id));
    await moveCadence(tx, instance, next);
    await events.publish(tx, { topic: "instance", id: instance.id });
    const objectId = toGlobalId("instance", instance.id);
    await recordAudit(tx, viewer, now, { action: "changeTier", objectId });
    if (!input.applyToExisting) return { instance: changed };

    for (const [index, snapshot] of (await findOpen(tx, instance.id, now)).entries()) {
      const after = restamp(row, snapshot, index === 0, surroundings);
      const { policyVersion, restorableUntil, exportableUntil, exportFirstFullOfDayOnly, supersededAt } =
        after;
      const stamped = {
        policyVersion,
        restorableUntil,
        exportableUntil,
        exportFirstFullOfDayOnly,
        supersededAt,
      };
      const stays = isListed(after, now);
      await tx
        .update(snapshots)
        .set({ ...stamped, removalToldAt: stays ? null : now })
        .where(eq(snapshots.id, snapshot.id));
      // What left the list before is nobody's news.
      if (!isListed(snapshot, now)) continue;
      const change = stays ? "UPDATED" : "REMOVED";
      await events.publish(tx, { topic: "snapshot", id: snapshot.id, instanceId: instance.id, change });
    }
    await lookAtAll(tx, instance.id, now);
    return { instance: changed };
  });
}
