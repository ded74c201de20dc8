import { and, desc, eq, gt, inArray, ne } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { Database, Queryable } from "../db/client.js";
import type { Tier } from "../db/enums.js";
import { instances, operations, snapshots } from "../db/tables/index.js";
import { invalidInput, notFound, type InvalidInput, type NotFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { EventBus } from "../events/event-bus.js";
import { findInstance, type InstanceRow } from "../instances/instances.queries.js";
import type { Scope, Viewer } from "../projects/viewer.js";
import { isListed, isRestorable } from "./eligibility.js";
import { lockChains, lookAtAll } from "./mark-purgeable.js";
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

/**
 * Completed ones whose window is open, newest first: an expired one stays so whatever the tier, and so does what is
 * purged, where another process's clock is ahead.
 */
function findOpen(db: Queryable, instanceId: string, now: Date): Promise<SnapshotRow[]> {
  const open = and(
    eq(snapshots.instanceId, instanceId),
    eq(snapshots.status, "COMPLETED"),
    gt(snapshots.restorableUntil, now),
    ne(snapshots.artifactState, "PURGED"),
  );
  return db.select().from(snapshots).where(open).orderBy(desc(snapshots.completedAt), desc(snapshots.id));
}

interface Restamped {
  readonly before: SnapshotRow;
  readonly after: SnapshotRow;
}

/** What becomes of the open snapshots, given newest first; where only the latest stays, all others are superseded. */
function restamp(
  row: RetentionRow,
  open: readonly SnapshotRow[],
  { policy, now }: Surroundings,
): Restamped[] {
  const restamped = open.map((before) => ({
    before,
    after: { ...before, ...newWindows(row, before, { policy, now }) },
  }));
  if (!row.latestOnly) return restamped;
  const latest = restamped.find(({ after }) => canBeLatest(row, after, now));
  return restamped.map((each) =>
    each === latest
      ? each
      : { ...each, after: { ...each.after, supersededAt: each.before.supersededAt ?? now } },
  );
}

/** A kind that the tier does not keep ends now. */
function newWindows(row: RetentionRow, snapshot: SnapshotRow, { policy, now }: Surroundings) {
  if (row.windows[snapshot.type][snapshot.kind]) return stampWindows(row, snapshot, policy.version);
  const { exportableUntil } = snapshot;
  return {
    policyVersion: policy.version,
    restorableUntil: now,
    exportableUntil: exportableUntil && exportableUntil > now ? now : exportableUntil,
  };
}

/**
 * Superseding the others for one that cannot be restored would leave nothing: it has to be of a kind that the tier
 * keeps, whole, and restorable by its own window, for a hold may end at any time.
 */
const canBeLatest = (row: RetentionRow, snapshot: SnapshotRow, now: Date): boolean =>
  row.windows[snapshot.type][snapshot.kind] !== undefined && isRestorable({ ...snapshot, holdId: null }, now);

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
  const lost = restamp(row, open, surroundings).filter(
    ({ before, after }) => isRestorable(before, now) && !isRestorable(after, now),
  );
  return { lost: lost.map(({ before }) => before) };
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

    await tx.update(instances).set({ tier: input.tier }).where(eq(instances.id, instance.id));
    const next = await moveCadence(tx, instance, nextSlotAfter(row, instance.createdAt, now), now);
    const changed: InstanceRow = { ...instance, tier: input.tier, nextScheduledSnapshotAt: next };
    await events.publish(tx, { topic: "instance", id: instance.id });
    const objectId = toGlobalId("instance", instance.id);
    await recordAudit(tx, viewer, now, { action: "changeTier", objectId });
    if (!input.applyToExisting) return { instance: changed };

    // No sweep takes an artifact between the look at its window and the new one.
    await lockChains(tx, instance.id);
    for (const { before, after } of restamp(row, await findOpen(tx, instance.id, now), surroundings)) {
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
        .where(eq(snapshots.id, after.id));
      // What left the list before is nobody's news.
      if (!isListed(before, now)) continue;
      const change = stays ? "UPDATED" : "REMOVED";
      await events.publish(tx, { topic: "snapshot", id: after.id, instanceId: instance.id, change });
    }
    await lookAtAll(tx, instance.id, now);
    return { instance: changed };
  });
}
