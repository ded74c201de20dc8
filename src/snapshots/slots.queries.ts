import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { instances, operations, slots, snapshots } from "../db/tables/index.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { findRetention, type RetentionTable } from "./retention.js";
import { nextSlotAfter } from "./schedule.js";
import { nextTryAt, willBeTried } from "./slot-decision.js";

/** What a slot copies of its instance. */
type Home = Pick<InstanceRow, "id" | "projectId" | "cloudProvider" | "region" | "createdAt">;

export const slotOf = ({ id, projectId, cloudProvider, region }: Omit<Home, "createdAt">) => ({
  projectId,
  instanceId: id,
  cloudProvider,
  region,
});

/** Owes a new instance its first snapshot, at once, and the first slot of its cadence; nothing on a tier without one. */
export async function startSchedule(
  tx: Transaction,
  policy: RetentionTable,
  instance: InstanceRow,
  now: Date,
): Promise<void> {
  const row = findRetention(policy, instance.tier, instance.version);
  if (!row || row.cadenceHours === null) return;
  const first = {
    ...slotOf(instance),
    cause: "INSTANCE_CREATED",
    slotAt: instance.createdAt,
    dueAt: now,
  } as const;
  await tx.insert(slots).values(first).onConflictDoNothing();
  await moveCadence(tx, instance, nextSlotAfter(row, instance.createdAt, now), now);
}

/** Puts the next slot of each instance's cadence in place, where that had none. */
export async function putCadence(
  tx: Transaction,
  following: readonly (typeof slots.$inferInsert)[],
): Promise<void> {
  if (following.length === 0) return;
  await tx
    .insert(slots)
    .values([...following])
    .onConflictDoNothing();
  const instants = sql.param(following.map((slot) => slot.slotAt.toISOString()));
  await tx.execute(sql`
    update instances set next_scheduled_snapshot_at = following.slot_at
    from unnest(${sql.param(following.map((slot) => slot.instanceId))}::uuid[], ${instants}::timestamptz[])
      as following(instance_id, slot_at)
    where instances.id = following.instance_id`);
}

/** Puts these in the place of the slots that the instances' cadences have yet to reach. */
export async function replaceCadence(
  tx: Transaction,
  following: readonly (typeof slots.$inferInsert)[],
  now: Date,
): Promise<void> {
  if (following.length === 0) return;
  const ids = following.map((slot) => slot.instanceId);
  await tx.delete(slots).where(and(waiting(ids), gt(slots.slotAt, now)));
  await putCadence(tx, following);
}

/** Ends the cadence of these instances. Slots being retried stay. */
export async function endCadences(tx: Transaction, instanceIds: readonly string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  const ids = [...instanceIds];
  await tx.delete(slots).where(waiting(ids));
  await tx.update(instances).set({ nextScheduledSnapshotAt: null }).where(inArray(instances.id, ids));
}

/** Slots of the cadence that nobody has taken up yet. */
const waiting = (instanceIds: string[]) =>
  and(inArray(slots.instanceId, instanceIds), eq(slots.cause, "CADENCE"), isNull(slots.snapshotId));

/**
 * Makes this the next slot of the instance's cadence, or with null ends the cadence. Slots being retried stay, and so
 * does one whose time has come but that nobody could take yet: it is owed still, and the next follows when it is taken.
 * Returns the slot that now comes next.
 */
export async function moveCadence(
  tx: Transaction,
  instance: Home,
  following: Date | null,
  now: Date,
): Promise<Date | null> {
  const ids = [instance.id];
  if (!following) {
    await endCadences(tx, ids);
    return null;
  }
  await tx.delete(slots).where(and(waiting(ids), gt(slots.slotAt, now)));
  const [due] = await tx.select({ slotAt: slots.slotAt }).from(slots).where(waiting(ids));
  const next = due?.slotAt ?? following;
  if (due)
    await tx.update(instances).set({ nextScheduledSnapshotAt: next }).where(eq(instances.id, instance.id));
  else await putCadence(tx, [{ ...slotOf(instance), cause: "CADENCE", slotAt: next, dueAt: next }]);
  return next;
}

/**
 * Owes the instances a snapshot for a change of the system beneath them. Until it is taken, further changes ask for
 * nothing more: also while it waits for another try, since nothing has been captured by then. One that is at work, or
 * has no try left, says nothing of this change. Instances on a tier without a schedule are to be left out by the caller.
 */
export async function oweSystemChange(
  tx: Transaction,
  policy: RetentionTable,
  changed: readonly InstanceRow[],
  now: Date,
): Promise<void> {
  if (changed.length === 0) return;
  const ids = changed.map((instance) => instance.id);
  const owed = await tx
    .select({ instanceId: slots.instanceId, dueAt: slots.dueAt, triedAt: snapshots.createdAt })
    .from(slots)
    .leftJoin(snapshots, eq(snapshots.id, slots.snapshotId))
    .where(and(inArray(slots.instanceId, ids), eq(slots.cause, "SYSTEM_CHANGE")));
  const isOwed = ({ id, tier, version, createdAt }: InstanceRow) => {
    const row = findRetention(policy, tier, version);
    return owed.some((slot) => slot.instanceId === id && willBeTried({ row, createdAt }, slot, now));
  };
  const values = changed
    .filter((instance) => !isOwed(instance))
    .map((instance) => ({ ...slotOf(instance), cause: "SYSTEM_CHANGE" as const, slotAt: now, dueAt: now }));
  if (values.length > 0) await tx.insert(slots).values(values).onConflictDoNothing();
}

/** Nothing is owed to a deleted instance. Ends the snapshots that waited for another try, and returns their ids. */
export async function endSchedule(tx: Transaction, instanceId: string): Promise<string[]> {
  const gone = await tx.delete(slots).where(eq(slots.instanceId, instanceId)).returning();
  return cancelWaiting(
    tx,
    gone.flatMap((slot) => slot.snapshotId ?? []),
  );
}

/** Marks snapshots that waited for another try as CANCELED; returns which did. */
export async function cancelWaiting(tx: Transaction, snapshotIds: readonly string[]): Promise<string[]> {
  if (snapshotIds.length === 0) return [];
  const ended = await tx
    .update(snapshots)
    .set({ status: "CANCELED" })
    .where(and(inArray(snapshots.id, [...snapshotIds]), eq(snapshots.status, "PENDING")))
    .returning({ id: snapshots.id });
  return ended.map((row) => row.id);
}

/**
 * Owes a scheduled snapshot whose operation has just failed another try. False where there is none left within its slot,
 * or nothing is owed: the failure stands.
 */
export async function oweRetry(
  tx: Transaction,
  policy: RetentionTable,
  snapshotId: string,
  now: Date,
): Promise<boolean> {
  const [found] = await tx
    .select({ snapshot: snapshots, instance: instances })
    .from(snapshots)
    .innerJoin(instances, eq(instances.id, snapshots.instanceId))
    .where(eq(snapshots.id, snapshotId));
  const { snapshot, instance } = found ?? {};
  if (!snapshot?.slotAt || !instance || instance.deletedAt) return false;
  const failures = await tx.$count(
    operations,
    and(eq(operations.snapshotId, snapshotId), eq(operations.status, "FAILED")),
  );
  const surroundings = {
    row: findRetention(policy, instance.tier, instance.version),
    createdAt: instance.createdAt,
  };
  const dueAt = nextTryAt(surroundings, { failures, triedAt: snapshot.createdAt }, now);
  if (!dueAt) return false;
  const { cause, slotAt } = snapshot;
  // A clock that was far enough behind has owed the slot anew (mendSchedules): this try takes its place.
  await tx
    .insert(slots)
    .values({ ...slotOf(instance), cause, slotAt, dueAt, snapshotId })
    .onConflictDoUpdate({
      target: [slots.instanceId, slots.cause, slots.slotAt],
      set: { dueAt, snapshotId },
    });
  return true;
}

export interface Place {
  readonly cloudProvider: InstanceRow["cloudProvider"];
  readonly region: string;
}

export interface OwedPlace extends Place {
  /** Scheduled snapshots that are under way there. */
  readonly atWork: number;
}

/** Where slots are owed, by one probe of the index for each place, and what is under way there. */
export async function listPlaces(tx: Transaction): Promise<OwedPlace[]> {
  const { rows } = await tx.execute<{
    cloud_provider: Place["cloudProvider"];
    region: string;
    at_work: number;
  }>(sql`
    with recursive place as (
      (select cloud_provider, region from slots order by cloud_provider, region limit 1)
      union all
      select following.cloud_provider, following.region from place cross join lateral (
        select cloud_provider, region from slots
        where (slots.cloud_provider, slots.region) > (place.cloud_provider, place.region)
        order by cloud_provider, region limit 1
      ) as following
    ), busy as (
      select instances.cloud_provider, instances.region, count(*)::int as total
      from operations
      join snapshots on snapshots.id = operations.snapshot_id
      join instances on instances.id = operations.instance_id
      where operations.status in ('QUEUED', 'RUNNING', 'CANCELING') and snapshots.type = 'SCHEDULED'
      group by 1, 2
    )
    select place.cloud_provider, place.region, coalesce(busy.total, 0) as at_work
    from place left join busy on (busy.cloud_provider, busy.region) = (place.cloud_provider, place.region)
    order by 1, 2`);
  return rows.map((row) => ({
    cloudProvider: row.cloud_provider,
    region: row.region,
    atWork: row.at_work,
  }));
}
