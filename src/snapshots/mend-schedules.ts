import { and, eq, gt, isNotNull, isNull, lte, notExists, or, sql } from "drizzle-orm";
import type { Database, Transaction } from "../db/client.js";
import { instances, slots } from "../db/tables/index.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import type { RetentionRow, RetentionTable } from "./retention.js";
import { nextSlotAfter } from "./schedule.js";
import { endCadences, putCadence, replaceCadence, slotOf } from "./slots.queries.js";

export interface MendContext {
  readonly db: Database;
  readonly policy: RetentionTable;
  readonly now: Date;
}

const batch = 500;

/** In hours of the policy. A process whose clock is so far behind does not take the next slot for one that is put off. */
const clockDifferenceHours = 1 / 60;

/**
 * Gives each running instance the next slot that its tier's cadence owes it and that it has not, takes from each what
 * a cadence owes that its tier no longer has, and brings nearer what a longer cadence had put off. That is so after the
 * policy has changed: slots follow one another, and who has none gets none by itself. Any number of processes may do so at
 * once; an instance that another transaction holds is left to the next call. Returns how many were put right.
 *
 * While a process with another policy still runs, the two do not undo each other's work at every look: a slot is only
 * brought nearer, and is put further away by nothing but being taken. Of two cadences the shorter holds until the process
 * that has it has ended, at the price of one move for each slot that the other has followed up. Where one of the two has
 * no cadence at all, its process ends what the other begins, at most once a minute, until one of them has ended.
 */
export async function mendSchedules(context: MendContext): Promise<number> {
  let mended = 0;
  for (const row of context.policy.rows)
    for (const mend of row.cadenceHours === null ? [endSome] : [beginSome, bringSomeNearer])
      for (let last = batch; last === batch; mended += last)
        last = await context.db.transaction((tx) => mend(tx, row, context.now));
  return mended;
}

const onTier = (row: RetentionRow) =>
  and(eq(instances.tier, row.tier), eq(instances.version, row.version), isNull(instances.deletedAt));

/**
 * Who has a slot that is not begun says when it is due, and that is not over for long. So only those are looked at who
 * say nothing, or an instant that has passed; and most of the latter do have their slot, and wait for the scheduler.
 */
async function beginSome(tx: Transaction, row: RetentionRow, now: Date): Promise<number> {
  const owed = tx
    .select({ one: sql`1` })
    .from(slots)
    .where(and(eq(slots.instanceId, instances.id), eq(slots.cause, "CADENCE"), isNull(slots.snapshotId)));
  const said = instances.nextScheduledSnapshotAt;
  const without = await tx
    .select()
    .from(instances)
    .where(
      and(onTier(row), eq(instances.status, "RUNNING"), or(isNull(said), lte(said, now)), notExists(owed)),
    )
    .limit(batch)
    .for("update", { skipLocked: true });
  await putCadence(tx, nextSlotsOf(without, row, now));
  return without.length;
}

/**
 * No cadence puts its next slot further away than its own length. One that is further is a longer cadence's, and nothing
 * would be taken until it comes. The other way round nothing is to be done: a slot that comes too early for its cadence
 * stands for one that has been filled, begins nothing, and is followed by the right one.
 */
async function bringSomeNearer(tx: Transaction, row: RetentionRow, now: Date): Promise<number> {
  const furthest = now.getTime() + (row.cadenceHours ?? 0) * row.hourMs + row.hourMs * clockDifferenceHours;
  const putOff = await tx
    .select()
    .from(instances)
    .where(and(onTier(row), gt(instances.nextScheduledSnapshotAt, new Date(furthest))))
    .limit(batch)
    .for("update", { skipLocked: true });
  await replaceCadence(tx, nextSlotsOf(putOff, row, now), now);
  return putOff.length;
}

const nextSlotsOf = (some: readonly InstanceRow[], row: RetentionRow, now: Date) =>
  some.flatMap((instance) => {
    const next = nextSlotAfter(row, instance.createdAt, now);
    return next ? [{ ...slotOf(instance), cause: "CADENCE" as const, slotAt: next, dueAt: next }] : [];
  });

/** A slot that is being tried again stays: the scheduler knows what became of it. */
async function endSome(tx: Transaction, row: RetentionRow): Promise<number> {
  const owed = await tx
    .select({ id: instances.id })
    .from(instances)
    .where(and(onTier(row), isNotNull(instances.nextScheduledSnapshotAt)))
    .limit(batch)
    .for("update", { skipLocked: true });
  await endCadences(
    tx,
    owed.map((instance) => instance.id),
  );
  return owed.length;
}
