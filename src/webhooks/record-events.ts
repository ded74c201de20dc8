import { and, arrayContains, eq } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Transaction } from "../db/client.js";
import type { WebhookEvent } from "../db/enums.js";
import { operations, snapshots, webhookDeliveries, webhooks } from "../db/tables/index.js";
import type { DomainEvent, EventBus } from "../events/event-bus.js";
import type { NewId } from "../ids.js";
import type { JobQueue } from "../jobs/job-queue.js";
import { deliveryQueue } from "./delivery-queue.js";
import { describeOperation, describeSnapshot } from "./describe-event.js";

export interface RecordContext {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly jobs: Pick<JobQueue, "enqueue">;
}

/**
 * The event bus, which from now on also leaves a delivery for each webhook that wants the event, and its job, in the
 * transaction that makes the event true: nothing is told that was rolled back, nothing is lost that was committed.
 */
export function recordEvents(events: EventBus, context: RecordContext): EventBus {
  return {
    publish: async (tx, ...published) => {
      await events.publish(tx, ...published);
      for (const event of published) await recordEvent(context, tx, event);
    },
    listen: (...how) => events.listen(...how),
    close: () => events.close(),
  };
}

const ends: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

async function recordEvent(context: RecordContext, tx: Transaction, event: DomainEvent): Promise<void> {
  // Whatever has just begun has not ended; this keeps the request for work from asking.
  if (event.topic === "operation" && event.revision > 1) {
    const [row] = await tx.select().from(operations).where(eq(operations.id, event.id));
    if (!row || !ends.has(row.status)) return;
    const name = `OPERATION_${row.status}` as WebhookEvent;
    await insertDeliveries(context, tx, row, name, () => describeOperation(name, row));
  }
  if (event.topic === "snapshot" && event.change === "REMOVED") {
    const [row] = await tx.select().from(snapshots).where(eq(snapshots.id, event.id));
    if (!row) return;
    const describe = () => describeSnapshot("SNAPSHOT_REMOVED", row, context.clock.now());
    await insertDeliveries(context, tx, row, "SNAPSHOT_REMOVED", describe);
  }
}

async function insertDeliveries(
  { clock, newId, jobs }: RecordContext,
  tx: Transaction,
  { id: subjectId, projectId }: { readonly id: string; readonly projectId: string },
  event: WebhookEvent,
  describe: () => object,
): Promise<void> {
  const wanted = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.projectId, projectId), arrayContains(webhooks.events, [event])))
    // One that is being deleted at this moment wants nothing more.
    .for("key share", { skipLocked: true });
  if (wanted.length === 0) return;
  const body = JSON.stringify(describe());
  const createdAt = clock.now();
  const rows = wanted.map(({ id: webhookId }) => ({
    id: newId(),
    projectId,
    webhookId,
    event,
    subjectId,
    body,
    status: "PENDING" as const,
    createdAt,
  }));
  // What was told once is not news again.
  const made = await tx
    .insert(webhookDeliveries)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: webhookDeliveries.id });
  await jobs.enqueue(tx, deliveryQueue.name, ...made.map(({ id }) => ({ id, group: projectId })));
}
