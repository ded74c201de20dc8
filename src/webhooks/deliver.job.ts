import { and, eq, sql } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import type { SecretBox } from "../artifacts/secret-box.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { webhookDeliveries, webhooks } from "../db/tables/index.js";
import { toGlobalId } from "../ids.js";
import type { Job } from "../jobs/job-queue.js";
import { mostAttempts } from "./delivery-queue.js";
import type { Outcome, Send } from "./send-request.js";
import { unwrapSecret } from "./webhook-secret.js";

export interface DeliverContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly wrapper: SecretBox;
  readonly send: Send;
  readonly onAttempt?: (outcome: "delivered" | "failed") => void;
}

/** Thrown so that the queue tries again. */
class NotDeliveredError extends Error {
  override readonly name = "NotDeliveredError";
}

const isAccepted = (outcome: Outcome) => "status" in outcome && outcome.status >= 200 && outcome.status < 300;

/**
 * One attempt to deliver. At least once: a worker that dies between the receiver's answer and its own note sends again, under
 * the same `webhook-id`, by which receivers know what they have seen. Throws where another attempt shall follow.
 */
export async function deliver(context: DeliverContext, job: Pick<Job, "id">): Promise<void> {
  const { db, clock } = context;
  const [found] = await db
    .select({ delivery: webhookDeliveries, webhook: webhooks })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(and(eq(webhookDeliveries.id, job.id), eq(webhookDeliveries.status, "PENDING")));
  if (!found) return;
  const { delivery, webhook } = found;
  const headers = await sign(context, webhook, toGlobalId("delivery", delivery.id), delivery.body);
  const outcome = await context.send(webhook.url, headers, delivery.body);
  const delivered = isAccepted(outcome);
  const last = delivery.attempts + 1 >= mostAttempts;
  context.onAttempt?.(delivered ? "delivered" : "failed");
  const now = clock.now();
  await db
    .update(webhookDeliveries)
    .set({
      attempts: sql`${webhookDeliveries.attempts} + 1`,
      lastAttemptAt: now,
      lastStatus: "status" in outcome ? outcome.status : null,
      lastError: "error" in outcome ? outcome.error : null,
      status: delivered ? "DELIVERED" : last ? "FAILED" : "PENDING",
      deliveredAt: delivered ? now : null,
    })
    .where(eq(webhookDeliveries.id, delivery.id));
  if (!delivered && !last)
    throw new NotDeliveredError("status" in outcome ? `status ${outcome.status}` : outcome.error);
}

type WebhookRow = typeof webhooks.$inferSelect;

/** Signed by the secret, and until it ends by the one before, so that receivers may change over when it suits them. */
async function sign(
  { wrapper, clock }: DeliverContext,
  webhook: WebhookRow,
  messageId: string,
  body: string,
): Promise<Record<string, string>> {
  const now = clock.now();
  const { id, wrappedSecret, formerWrappedSecret, formerSecretEndsAt } = webhook;
  const former = formerSecretEndsAt && formerSecretEndsAt > now ? formerWrappedSecret : null;
  const wrapped = former === null ? [wrappedSecret] : [wrappedSecret, former];
  const secrets = await Promise.all(wrapped.map((text) => unwrapSecret(wrapper, id, text)));
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "daguerre",
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(messageId, now, body)).join(" "),
  };
}
