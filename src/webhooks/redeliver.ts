import { and, eq } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import { asService } from "../db/tenant-role.js";
import { webhookDeliveries } from "../db/tables/index.js";
import { notFound, type NotFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { deliveryQueue } from "./delivery-queue.js";
import type { WebhookContext } from "./webhook-context.js";
import type { DeliveryRow } from "./webhooks.queries.js";

/**
 * Sends an event again, delivered or not, under the id it had, so that receivers know it. One that is still being tried
 * stays as it is.
 */
export async function redeliver(
  { db, clock, webhooks: { jobs } }: Pick<WebhookContext, "db" | "clock" | "webhooks">,
  viewer: Viewer,
  deliveryId: string,
): Promise<{ readonly delivery?: DeliveryRow; readonly errors: readonly NotFound[] }> {
  return db.transaction(async (tx) => {
    const [delivery] = await tx
      .update(webhookDeliveries)
      .set({ status: "PENDING", attempts: 0, deliveredAt: null })
      .where(and(eq(webhookDeliveries.projectId, viewer.projectId), eq(webhookDeliveries.id, deliveryId)))
      .returning();
    if (!delivery) return { errors: [notFound("There is no such delivery.", "input", "deliveryId")] };
    const objectId = toGlobalId("delivery", deliveryId);
    await recordAudit(tx, viewer, clock.now(), { action: "redeliverWebhook", objectId });
    const job = { id: deliveryId, group: viewer.projectId };
    await asService(tx, () => jobs.revive(tx, deliveryQueue.name, [job]));
    return { delivery, errors: [] };
  });
}
