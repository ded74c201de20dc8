import { and, eq, gt, inArray, isNull, lte, sql, type SQL } from "drizzle-orm";
import type { Database, Transaction } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import type { EventBus } from "../events/event-bus.js";

export interface CloseContext {
  readonly db: Database;
  readonly events: EventBus;
  readonly now: Date;
}

const batch = 500;

/**
 * Tells of snapshots whose restorable window has closed since the last look that they are REMOVED. Lists do not wait for
 * it: they judge by the clock. Each is told once, by whichever process comes first. Returns how many were told.
 */
export async function closeWindows(context: CloseContext): Promise<number> {
  let told = 0;
  for (let last = batch; last === batch; told += last) last = await closeBatch(context);
  return told;
}

function closeBatch({ db, events, now }: CloseContext): Promise<number> {
  return db.transaction(async (tx) => {
    const closed = and(
      eq(snapshots.status, "COMPLETED"),
      isNull(snapshots.removalToldAt),
      lte(snapshots.restorableUntil, now),
      isNull(snapshots.holdId),
    );
    const rows = await tx
      .select({ id: snapshots.id, instanceId: snapshots.instanceId })
      .from(snapshots)
      .where(closed)
      .orderBy(snapshots.restorableUntil)
      .limit(batch)
      .for("update", { skipLocked: true });
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    await tx.update(snapshots).set({ removalToldAt: now }).where(inArray(snapshots.id, ids));
    await events.publish(
      tx,
      ...rows.map((row) => ({ topic: "snapshot", change: "REMOVED", ...row }) as const),
    );
    return rows.length;
  });
}

/** Closes every window of an instance's snapshots that is still open, and tells of each that has not left the list before. */
export async function closeAllWindows(
  tx: Transaction,
  events: EventBus,
  instanceId: string,
  now: Date,
): Promise<void> {
  const open = and(
    eq(snapshots.instanceId, instanceId),
    eq(snapshots.status, "COMPLETED"),
    gt(snapshots.restorableUntil, now),
  );
  const untold = await tx
    .update(snapshots)
    .set({ removalToldAt: now })
    .where(and(open, isNull(snapshots.removalToldAt)))
    .returning({ id: snapshots.id, instanceId: snapshots.instanceId });
  const exportableUntil = sql`least(${snapshots.exportableUntil}, ${now.toISOString()}::timestamptz)`;
  await tx
    .update(snapshots)
    .set({ restorableUntil: now, exportableUntil: onlyWhere(exportableUntil) })
    .where(open);
  await events.publish(
    tx,
    ...untold.map((row) => ({ topic: "snapshot", change: "REMOVED", ...row }) as const),
  );
}

/** Null, which is "never exportable", stays null. */
const onlyWhere = (instant: SQL) =>
  sql`case when ${snapshots.exportableUntil} is null then null else ${instant} end`;
