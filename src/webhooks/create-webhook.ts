import { eq } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { WebhookEvent } from "../db/enums.js";
import { projects, webhooks } from "../db/tables/index.js";
import { invalidInput, type InvalidInput, type QuotaExceeded } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { refuseTarget } from "./target-address.js";
import type { WebhookContext } from "./webhook-context.js";
import { isSecret, makeSecret, wrapSecret } from "./webhook-secret.js";
import { countWebhooks, type WebhookRow } from "./webhooks.queries.js";

export interface CreateWebhookInput {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** `whsec_` and base64 of 24 to 64 bytes; made where left out. */
  readonly secret?: string | null;
}

export interface WebhookResult {
  readonly webhook?: WebhookRow;
  /** Shown now and never again. */
  readonly secret?: string;
  readonly errors: readonly (InvalidInput | QuotaExceeded)[];
}

export const badSecret = invalidInput(
  "A secret is whsec_ and 24 to 64 bytes in base64; leave it out to have one made.",
  "input",
  "secret",
);

/** Makes a webhook of the viewer's project. The edge lets only ADMINs come here. */
export async function createWebhook(
  context: WebhookContext,
  viewer: Viewer,
  input: CreateWebhookInput,
): Promise<WebhookResult> {
  const { wrapper, rules, mostWebhooks } = context.webhooks;
  const errors: InvalidInput[] = [];
  const refusal = refuseTarget(input.url, rules);
  if (refusal) errors.push(invalidInput(refusal, "input", "url"));
  if (input.events.length === 0) errors.push(invalidInput("Name at least one event.", "input", "events"));
  if (input.secret != null && !isSecret(input.secret)) errors.push(badSecret);
  if (errors.length > 0) return { errors };

  const id = context.newId();
  const secret = input.secret ?? makeSecret(context.randomBytes);
  const wrappedSecret = await wrapSecret(wrapper, id, secret);
  const createdAt = context.clock.now();
  return context.db.transaction(async (tx): Promise<WebhookResult> => {
    // One at a time in a project, so that the quota holds.
    await tx.select().from(projects).where(eq(projects.id, viewer.projectId)).for("no key update");
    if ((await countWebhooks(tx, viewer)) >= mostWebhooks) {
      const message = `The project has ${mostWebhooks} webhooks, and may have no more; delete one first.`;
      return { errors: [{ kind: "QuotaExceeded", message, path: ["input"], limit: mostWebhooks }] };
    }
    const [webhook] = await tx
      .insert(webhooks)
      .values({
        id,
        projectId: viewer.projectId,
        url: new URL(input.url).href,
        events: [...new Set(input.events)],
        wrappedSecret,
        createdBy: viewer.keyName,
        createdAt,
      })
      .returning();
    await recordAudit(tx, viewer, createdAt, {
      action: "createWebhook",
      objectId: toGlobalId("webhook", id),
    });
    return { webhook, secret, errors };
  });
}
