import { Field, ID, Int, ObjectType } from "type-graphql";
import { DeliveryStatusEnum, WebhookEventEnum } from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node } from "../api/node.js";
import { DateTime, Url } from "../api/scalars.js";
import type { DeliveryStatus, WebhookEvent } from "../db/enums.js";
import { toGlobalId } from "../ids.js";

@ObjectType({
  implements: Node,
  description: "Where the project wants to be told of events, by signed requests (Standard Webhooks).",
})
export class Webhook extends Node {
  @FromRow((row: { id: string }) => toGlobalId("webhook", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => Url, { description: "Where requests go." }) url!: string;
  @Field(() => [WebhookEventEnum], { description: "What it is told of." }) events!: WebhookEvent[];
  @Field(() => String, { description: "Name of the key that made it." }) createdBy!: string;
  @Field(() => DateTime, { description: "When it was made." }) createdAt!: Date;
  @Field(() => DateTime, {
    nullable: true,
    description: "Until when the former secret signs too; null: there is none.",
  })
  formerSecretEndsAt?: Date | null;
}

@ObjectType({ implements: Node, description: "One event for one webhook, and how its sending went." })
export class WebhookDelivery extends Node {
  @FromRow((row: { id: string }) => toGlobalId("delivery", row.id))
  @Field(() => ID, { description: "Opaque and global; receivers see it as webhook-id." })
  override id!: string;
  @Field(() => WebhookEventEnum, { description: "What happened." }) event!: WebhookEvent;
  @Field(() => DeliveryStatusEnum, { description: "How far it is." }) status!: DeliveryStatus;
  @Field(() => Int, { description: "Requests made since it happened, or since it was asked for again." })
  attempts!: number;
  @Field(() => DateTime, { nullable: true, description: "When the last request was answered or given up." })
  lastAttemptAt?: Date | null;
  @Field(() => Int, { nullable: true, description: "HTTP status of the last answer; null: none came." })
  lastStatus?: number | null;
  @Field(() => String, { nullable: true, description: "Why no answer came; null: one came." })
  lastError?: string | null;
  @Field(() => DateTime, { description: "When it happened." }) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When the receiver accepted it; null: not yet." })
  deliveredAt?: Date | null;
}
