import { and, eq } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import { webhooks } from "../db/tables/index.js";
import { notFound, type NotFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import type { WebhookContext } from "./webhook-context.js";

/** Ends a webhook with all its deliveries; one that is being sent at this moment may still arrive. */
export async function deleteWebhook(
  { db, clock }: Pick<WebhookContext, "db" | "clock">,
  viewer: Viewer,
  webhookId: string,
): Promise<{ readonly deletedId?: string; readonly errors: readonly NotFound[] }> {
  return db.transaction(async (tx) => {
    const [gone] = await tx
      .delete(webhooks)
      .where(and(eq(webhooks.projectId, viewer.projectId), eq(webhooks.id, webhookId)))
      .returning({ id: webhooks.id });
    if (!gone) return { errors: [notFound("There is no such webhook.", "input", "webhookId")] };
    const objectId = toGlobalId("webhook", gone.id);
    await recordAudit(tx, viewer, clock.now(), { action: "deleteWebhook", objectId });
    return { deletedId: gone.id, errors: [] };
  });
}
