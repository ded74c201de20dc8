import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { Json } from "../api/scalars.js";
import { Webhook, WebhookDelivery } from "./webhook.type.js";
import { countWebhooks, listWebhooks, type DeliveryRow, type WebhookRow } from "./webhooks.queries.js";

const WebhookConnection = connectionTypes("Webhook", () => Webhook);
const WebhookDeliveryConnection = connectionTypes("WebhookDelivery", () => WebhookDelivery);

@Resolver(() => Webhook)
export class WebhookResolver {
  @Query(() => WebhookConnection, { description: "The project's webhooks, oldest first. ADMIN." })
  async webhooks(@Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    const viewer = requireRole(context, "ADMIN");
    const key = listKey("webhooks", viewer.projectId);
    return toConnection(
      await listWebhooks(context.db, viewer, parsePage(args, key)),
      key,
      (row) => row.createdAt,
      () => countWebhooks(context.db, viewer),
    );
  }
  @FieldResolver(() => WebhookDeliveryConnection, {
    description: "What it was told of in the last 30 days, newest first.",
  })
  async deliveries(@Ctx() context: Context, @Root() row: WebhookRow, @Args(() => PageArgs) args: PageArgs) {
    const key = listKey("deliveries", row.id);
    return toConnection(
      await context.loaders.deliveryPage.load({ parentId: row.id, args: parsePage(args, key) }),
      key,
      (delivery) => delivery.createdAt,
      async () => (await context.loaders.deliveryCount.load(row.id)) ?? 0,
    );
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver(() => Webhook, { description: "Whom it tells." })
  webhook(@Ctx() context: Context, @Root() row: DeliveryRow) {
    return context.loaders.webhook.load(row.webhookId);
  }
  @FieldResolver(() => Json, { description: "What is sent: type, timestamp and data." })
  payload(@Root() row: DeliveryRow): unknown {
    return JSON.parse(row.body);
  }
}
