import { and, eq, inArray } from "drizzle-orm";
import type { Database, Queryable } from "../db/client.js";
import { countChildren } from "../db/count-children.js";
import { pageRead, pagesRead } from "../db/page-read.js";
import type { Page, PageRequest } from "../db/page.js";
import { webhookDeliveries, webhooks } from "../db/tables/index.js";
import type { Scope } from "../projects/viewer.js";

export type WebhookRow = typeof webhooks.$inferSelect;
export type DeliveryRow = typeof webhookDeliveries.$inferSelect;

const own = (scope: Scope) => eq(webhooks.projectId, scope.projectId);
const ownDelivery = (scope: Scope) => eq(webhookDeliveries.projectId, scope.projectId);

const readPage = pageRead<WebhookRow, null>({
  name: "webhooks-page",
  table: webhooks,
  project: webhooks.projectId,
  order: { at: webhooks.createdAt, id: webhooks.id, direction: "oldest first" },
});

/** Oldest first. */
export const listWebhooks = (db: Database, scope: Scope, page: PageRequest): Promise<Page<WebhookRow>> =>
  readPage(db, scope.projectId, page, { shape: null });

export async function countWebhooks(db: Queryable, scope: Scope): Promise<number> {
  return await db.$count(webhooks, own(scope));
}

/** By id; unknown and foreign ids are left out. */
export async function loadWebhooks(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<WebhookRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(webhooks)
    .where(and(own(scope), inArray(webhooks.id, [...ids])));
}

/** By id; unknown and foreign ids are left out. */
export async function loadDeliveries(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<DeliveryRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(webhookDeliveries)
    .where(and(ownDelivery(scope), inArray(webhookDeliveries.id, [...ids])));
}

const readDeliveryPages = pagesRead<DeliveryRow, null>({
  name: "webhook-deliveries-pages",
  tableName: "webhook_deliveries",
  table: webhookDeliveries,
  project: webhookDeliveries.projectId,
  parent: webhookDeliveries.webhookId,
  parentOf: (row) => row.webhookId,
  order: { at: webhookDeliveries.createdAt, id: webhookDeliveries.id, direction: "newest first" },
});

/** One page for each webhook, newest first, all in one statement. */
export const listDeliveryPages = (
  db: Database,
  scope: Scope,
  webhookIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<DeliveryRow>>> =>
  readDeliveryPages(db, scope.projectId, webhookIds, page, { shape: null });

/** How many each webhook has; 0 for one without any. */
export function countDeliveries(
  db: Queryable,
  scope: Scope,
  webhookIds: readonly string[],
): Promise<Map<string, number>> {
  const ofWebhooks = { table: webhookDeliveries, parent: webhookDeliveries.webhookId };
  return countChildren(db, ofWebhooks, webhookIds, ownDelivery(scope));
}
