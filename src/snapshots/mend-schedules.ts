import { and, eq, isNotNull, isNull, lte, notExists, or, sql } from "drizzle-orm";
import type { Database, Transaction } from "../db/client.js";
import { instances, slots } from "../db/tables/index.js";
import type { RetentionRow, RetentionTable } from "./retention.js";
import { nextSlotAfter } from "./schedule.js";
import { endCadences, putCadence, slotOf } from "./slots.queries.js";

export interface MendContext {
  readonly db: Database;
  readonly policy: RetentionTable;
  readonly now: Date;
}

const batch = 500;

/**
 * Gives each running instance the next slot that its tier's cadence owes it and that it has not, and takes from each what
 * a cadence owes that its tier no longer has. That is so after the policy has changed: slots follow one another, and who
 * has none gets none by itself. Any number of processes may do so at once; an instance that another transaction holds
 * is left to the next call. Returns how many were put right.
 */
export async function mendSchedules(context: MendContext): Promise<number> {
  let mended = 0;
  for (const row of context.policy.rows) {
    const mend = row.cadenceHours === null ? endSome : beginSome;
    for (let last = batch; last === batch; mended += last)
      last = await context.db.transaction((tx) => mend(tx, row, context.now));
  }
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
  const following = without.flatMap((instance) => {
    const next = nextSlotAfter(row, instance.createdAt, now);
    return next ? [{ ...slotOf(instance), cause: "CADENCE" as const, slotAt: next, dueAt: next }] : [];
  });
  await putCadence(tx, following);
  return without.length;
}

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
