import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import type { DomainEvent } from "../events/event-bus.js";
import { type DueSlot, loadSlotFacts } from "../snapshots/due-slots.queries.js";
import type { RetentionRow } from "../snapshots/retention.js";
import { decideKind } from "../snapshots/schedule.js";
import type { ActionContext } from "./action.js";
import { insertOperations } from "./insert-operations.js";

export interface TakenSlot extends DueSlot {
  readonly row: RetentionRow;
  /** The slot that it fills: the latest, where several were missed. */
  readonly slotAt: Date;
}

/**
 * Makes each taken slot a snapshot with its operation and job; one that is tried again keeps its row, and its kind is
 * decided anew. Returns how many have begun: a slot that was filled before (the clock stepped back) begins nothing.
 */
export async function beginSnapshots(
  tx: Transaction,
  context: Pick<ActionContext, "newId" | "jobs" | "events">,
  taken: readonly TakenSlot[],
  now: Date,
): Promise<number> {
  if (taken.length === 0) return 0;
  const facts = await loadSlotFacts(
    tx,
    taken.map(({ instance, row, slotAt }) => ({ instanceId: instance.id, row, slotAt })),
    now,
  );
  const planned = taken.map(({ slot, instance, row, slotAt }, index) => {
    const { hasFullToday, base } = facts[index] ?? { hasFullToday: false, base: undefined };
    const kind = decideKind(row, { cause: slot.cause, hasFullToday, base });
    const id = slot.snapshotId ?? context.newId();
    const chain =
      kind === "DIFFERENTIAL" && base
        ? { baseId: base.id, chainRootId: base.chainRootId, chainDepth: base.chainDepth + 1 }
        : { baseId: null, chainRootId: id, chainDepth: 0 };
    return { slot, instance, values: { id, kind, takenAt: now, slotAt, ...chain } };
  });
  const fresh = planned.filter(({ slot }) => slot.snapshotId === null);
  const inserted =
    fresh.length === 0
      ? []
      : await tx
          .insert(snapshots)
          .values(
            fresh.map(({ slot, instance, values }) => ({
              ...values,
              projectId: instance.projectId,
              instanceId: instance.id,
              type: "SCHEDULED" as const,
              cause: slot.cause,
              status: "PENDING" as const,
              createdAt: now,
            })),
          )
          .onConflictDoNothing({
            target: [snapshots.instanceId, snapshots.cause, snapshots.slotAt],
            where: sql`${snapshots.slotAt} is not null`,
          })
          .returning({ id: snapshots.id });
  const begun = new Set(inserted.map((row) => row.id));
  for (const { slot, values } of planned) {
    if (slot.snapshotId === null) continue;
    const [again] = await tx
      .update(snapshots)
      .set({ ...values, chainBrokenAt: null })
      .where(and(eq(snapshots.id, values.id), eq(snapshots.status, "PENDING")))
      .returning({ id: snapshots.id });
    if (again) begun.add(again.id);
  }
  const started = planned.filter(({ values }) => begun.has(values.id));
  await insertOperations(
    tx,
    context,
    started.map(({ instance, values }) => ({
      id: context.newId(),
      projectId: instance.projectId,
      instanceId: instance.id,
      kind: "SNAPSHOT" as const,
      exclusive: true,
      snapshotId: values.id,
      bytesTotal: instance.sizeBytes,
    })),
    now,
  );
  const notices = started.map(({ slot, instance, values }): DomainEvent => {
    const change = slot.snapshotId === null ? "ADDED" : "UPDATED";
    return { topic: "snapshot", id: values.id, instanceId: instance.id, change };
  });
  await context.events.publish(tx, ...notices);
  return started.length;
}
