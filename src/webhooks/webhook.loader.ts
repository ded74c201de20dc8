import type { Database } from "../db/client.js";
import { createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Viewer } from "../projects/viewer.js";
import * as queries from "./webhooks.queries.js";

/** One set per request. Webhooks are the business of ADMINs: to others there are none. */
export function createWebhookLoaders(db: Database, viewer: Pick<Viewer, "projectId" | "role"> | undefined) {
  const admin = viewer?.role === "ADMIN" ? viewer : undefined;
  const byId = <Row extends { id: string }>(rows: readonly Row[]) =>
    new Map(rows.map((row) => [row.id, row]));
  return {
    webhook: createRowLoader(async (ids) => byId(admin ? await queries.loadWebhooks(db, admin, ids) : [])),
    delivery: createRowLoader(async (ids) => byId(admin ? await queries.loadDeliveries(db, admin, ids) : [])),
    deliveryPage: createConnectionLoader(async (ids, page: PageRequest) =>
      admin ? queries.listDeliveryPages(db, admin, ids, page) : new Map<string, never>(),
    ),
    deliveryCount: createRowLoader(async (ids) =>
      admin ? queries.countDeliveries(db, admin, ids) : new Map<string, number>(),
    ),
  };
}
