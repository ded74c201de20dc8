import { and, eq, sql } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import { webhooks } from "../db/tables/index.js";
import { invalidInput, notFound, type InvalidInput, type NotFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { badSecret } from "./create-webhook.js";
import type { WebhookContext } from "./webhook-context.js";
import { isSecret, makeSecret, wrapSecret } from "./webhook-secret.js";
import type { WebhookRow } from "./webhooks.queries.js";

export interface RotateWebhookSecretInput {
  readonly webhookId: string;
  readonly secret?: string | null;
  /** How long the former secret signs too. */
  readonly overlapHours?: number | null;
}

export interface RotateResult {
  readonly webhook?: WebhookRow;
  readonly secret?: string;
  readonly errors: readonly (InvalidInput | NotFound)[];
}

const mostOverlapHours = 7 * 24;

/** Gives a webhook a new secret. For a while both sign, so that no delivery is refused while the receiver changes over. */
export async function rotateWebhookSecret(
  context: WebhookContext,
  viewer: Viewer,
  input: RotateWebhookSecretInput,
): Promise<RotateResult> {
  const overlapHours = input.overlapHours ?? 24;
  const errors: InvalidInput[] = [];
  if (input.secret != null && !isSecret(input.secret)) errors.push(badSecret);
  if (overlapHours < 0 || overlapHours > mostOverlapHours)
    errors.push(invalidInput(`The overlap is 0 to ${mostOverlapHours} hours.`, "input", "overlapHours"));
  if (errors.length > 0) return { errors };

  const secret = input.secret ?? makeSecret(context.randomBytes);
  const wrappedSecret = await wrapSecret(context.webhooks.wrapper, input.webhookId, secret);
  const now = context.clock.now();
  const endsAt = new Date(now.getTime() + overlapHours * 3_600_000);
  const former =
    overlapHours > 0
      ? { formerWrappedSecret: sql`${webhooks.wrappedSecret}`, formerSecretEndsAt: endsAt }
      : { formerWrappedSecret: null, formerSecretEndsAt: null };
  return context.db.transaction(async (tx): Promise<RotateResult> => {
    const [webhook] = await tx
      .update(webhooks)
      .set({ wrappedSecret, ...former })
      .where(and(eq(webhooks.projectId, viewer.projectId), eq(webhooks.id, input.webhookId)))
      .returning();
    if (!webhook) return { errors: [notFound("There is no such webhook.", "input", "webhookId")] };
    const objectId = toGlobalId("webhook", webhook.id);
    await recordAudit(tx, viewer, now, { action: "rotateWebhookSecret", objectId });
    return { webhook, secret, errors };
  });
}
