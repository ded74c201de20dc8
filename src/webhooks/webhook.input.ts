import { Field, ID, InputType, Int } from "type-graphql";
import { WebhookEventEnum } from "../api/enums.js";
import type { WebhookEvent } from "../db/enums.js";

const secretDescription =
  "`whsec_` and 24 to 64 bytes in base64, if you want to choose it; otherwise one is made.";

@InputType({ description: "A new webhook of the project." })
export class CreateWebhookInput {
  @Field(() => String, { description: "An https:// address in the open internet." }) url!: string;
  @Field(() => [WebhookEventEnum], { description: "What to be told of; at least one." })
  events!: WebhookEvent[];
  @Field(() => String, { nullable: true, description: secretDescription }) secret?: string | null;
}

@InputType({ description: "Which webhook gets a new secret." })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: "The webhook." }) webhookId!: string;
  @Field(() => String, { nullable: true, description: secretDescription }) secret?: string | null;
  @Field(() => Int, {
    nullable: true,
    defaultValue: 24,
    description: "For how many hours the former secret signs too: 0 to 168.",
  })
  overlapHours?: number | null;
}

@InputType({ description: "Which webhook to end." })
export class DeleteWebhookInput {
  @Field(() => ID, { description: "The webhook." }) webhookId!: string;
}

@InputType({ description: "What to send again." })
export class RedeliverWebhookInput {
  @Field(() => ID, { description: "The delivery." }) deliveryId!: string;
}
