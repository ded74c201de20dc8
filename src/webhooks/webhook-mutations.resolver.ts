import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { notFound } from "../errors.js";
import { parseIdOf, toGlobalId } from "../ids.js";
import { ActionErrorUnion } from "../operations/payload.type.js";
import { createWebhook } from "./create-webhook.js";
import { deleteWebhook } from "./delete-webhook.js";
import { redeliver } from "./redeliver.js";
import { rotateWebhookSecret } from "./rotate-webhook-secret.js";
import * as inputs from "./webhook.input.js";
import { Webhook, WebhookDelivery } from "./webhook.type.js";

@ObjectType({ description: "The webhook and its new secret, or why there is none." })
class WebhookSecretPayload {
  @Field(() => Webhook, { nullable: true, description: "The webhook; null where errors say why not." })
  webhook?: unknown;
  @Field(() => String, {
    nullable: true,
    description: "What to verify signatures with: shown now and never again.",
  })
  secret?: string;
  @Field(() => [ActionErrorUnion], { description: "Empty where it was done." })
  errors!: readonly unknown[];
}
@ObjectType("CreateWebhookPayload", { description: "The new webhook and its secret, or why there is none." })
class CreateWebhookPayload extends WebhookSecretPayload {}
@ObjectType("RotateWebhookSecretPayload", {
  description: "The webhook and its new secret, or why there is none.",
})
class RotateWebhookSecretPayload extends WebhookSecretPayload {}

@ObjectType({ description: "The webhook that ended, or why none did." })
class DeleteWebhookPayload {
  @Field(() => ID, { nullable: true, description: "Its id; null where errors say why not." })
  deletedId?: string;
  @Field(() => [ActionErrorUnion], { description: "Empty where it was deleted." })
  errors!: readonly unknown[];
}
@ObjectType({ description: "The delivery that is sent again, or why none is." })
class RedeliverWebhookPayload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description: "As it is now; null where errors say why not.",
  })
  delivery?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where it is sent again." })
  errors!: readonly unknown[];
}

const noSuch = (what: string, field: string) => ({
  errors: [notFound(`There is no such ${what}.`, "input", field)],
});

/** Above the operations, because its errors are the ones that all mutations share. */
@Resolver()
export class WebhookMutations {
  @Mutation(() => CreateWebhookPayload, { description: "Makes a webhook of the project. ADMIN." })
  createWebhook(
    @Ctx() context: Context,
    @Arg("input", () => inputs.CreateWebhookInput, { description: "Where to, and what." })
    input: inputs.CreateWebhookInput,
  ): Promise<WebhookSecretPayload> {
    return createWebhook(context, requireRole(context, "ADMIN"), input);
  }
  @Mutation(() => RotateWebhookSecretPayload, {
    description: "Gives a webhook a new secret; for a while the former one signs too. ADMIN.",
  })
  async rotateWebhookSecret(
    @Ctx() context: Context,
    @Arg("input", () => inputs.RotateWebhookSecretInput, { description: "Which one." })
    input: inputs.RotateWebhookSecretInput,
  ): Promise<WebhookSecretPayload> {
    const viewer = requireRole(context, "ADMIN");
    const webhookId = parseIdOf("webhook", input.webhookId);
    if (!webhookId) return noSuch("webhook", "webhookId");
    return rotateWebhookSecret(context, viewer, { ...input, webhookId });
  }
  @Mutation(() => DeleteWebhookPayload, { description: "Ends a webhook and forgets its deliveries. ADMIN." })
  async deleteWebhook(
    @Ctx() context: Context,
    @Arg("input", () => inputs.DeleteWebhookInput, { description: "Which one." })
    input: inputs.DeleteWebhookInput,
  ): Promise<DeleteWebhookPayload> {
    const viewer = requireRole(context, "ADMIN");
    const webhookId = parseIdOf("webhook", input.webhookId);
    if (!webhookId) return noSuch("webhook", "webhookId");
    const { deletedId, errors } = await deleteWebhook(context, viewer, webhookId);
    return { errors, ...(deletedId !== undefined && { deletedId: toGlobalId("webhook", deletedId) }) };
  }
  @Mutation(() => RedeliverWebhookPayload, {
    description: "Sends an event again under the id it had, delivered or not. ADMIN.",
  })
  async redeliverWebhook(
    @Ctx() context: Context,
    @Arg("input", () => inputs.RedeliverWebhookInput, { description: "Which delivery." })
    input: inputs.RedeliverWebhookInput,
  ): Promise<RedeliverWebhookPayload> {
    const viewer = requireRole(context, "ADMIN");
    const deliveryId = parseIdOf("delivery", input.deliveryId);
    return deliveryId ? redeliver(context, viewer, deliveryId) : noSuch("delivery", "deliveryId");
  }
}
