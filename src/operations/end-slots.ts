import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { slots, snapshots } from "../db/tables/index.js";
import { type DueSlot, isOneOf } from "../snapshots/due-slots.queries.js";
import { findRetention } from "../snapshots/retention.js";
import { nextSlotAfter } from "../snapshots/schedule.js";
import { putCadence } from "../snapshots/slots.queries.js";
import type { ActionContext } from "./action.js";

type EndContext = Pick<ActionContext, "policy" | "events">;

export interface EndedSlots {
  /** Those that have become snapshots at work. */
  readonly taken: readonly DueSlot[];
  /** Those that nobody owes any more. */
  readonly dropped: readonly DueSlot[];
  /** Those whose tries failed until their time was up. */
  readonly failed: readonly DueSlot[];
}

/** Removes slots, ends the snapshots that waited for another try of them, and puts the next slot of each cadence in place. */
export async function endSlots(
  tx: Transaction,
  context: EndContext,
  ended: EndedSlots,
  now: Date,
): Promise<void> {
  const all = [...ended.taken, ...ended.dropped, ...ended.failed];
  if (all.length === 0) return;
  await tx.delete(slots).where(isOneOf(all.map(({ slot }) => slot)));
  await endWaiting(tx, context, ended.dropped, "CANCELED");
  await endWaiting(tx, context, ended.failed, "FAILED");
  const following = all.flatMap(({ slot, instance }) => {
    const row = findRetention(context.policy, instance.tier, instance.version);
    const next = row && !instance.deletedAt ? nextSlotAfter(row, instance.createdAt, now) : null;
    // A slot that is tried again was followed by its next one when it was first taken.
    if (slot.cause !== "CADENCE" || slot.snapshotId !== null || !next) return [];
    return [{ ...slot, slotAt: next, dueAt: next }];
  });
  await putCadence(tx, following);
}

async function endWaiting(
  tx: Transaction,
  context: EndContext,
  ended: readonly DueSlot[],
  status: "FAILED" | "CANCELED",
): Promise<void> {
  const ids = ended.flatMap(({ slot }) => slot.snapshotId ?? []);
  if (ids.length === 0) return;
  const rows = await tx
    .update(snapshots)
    .set({ status })
    .where(and(inArray(snapshots.id, ids), eq(snapshots.status, "PENDING")))
    .returning({ id: snapshots.id, instanceId: snapshots.instanceId });
  await context.events.publish(
    tx,
    ...rows.map((row) => ({ topic: "snapshot", change: "UPDATED", ...row }) as const),
  );
}
