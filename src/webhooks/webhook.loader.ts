import type { Database } from "../db/client.js";
import { byId, createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Viewer } from "../projects/viewer.js";
import * as queries from "./webhooks.queries.js";

export interface WebhookLoaderContext {
  readonly db: Database;
  readonly viewer: Pick<Viewer, "projectId" | "role"> | undefined;
}

const adminOf = ({ viewer }: WebhookLoaderContext) => (viewer?.role === "ADMIN" ? viewer : undefined);

/** Webhooks are the business of ADMINs: to others there are none. */
export const webhookLoaders = {
  webhook(of: WebhookLoaderContext) {
    const admin = adminOf(of);
    return createRowLoader(async (ids) => byId(admin ? await queries.loadWebhooks(of.db, admin, ids) : []));
  },
  delivery(of: WebhookLoaderContext) {
    const admin = adminOf(of);
    return createRowLoader(async (ids) => byId(admin ? await queries.loadDeliveries(of.db, admin, ids) : []));
  },
  deliveryPage(of: WebhookLoaderContext) {
    const admin = adminOf(of);
    return createConnectionLoader(async (ids, page: PageRequest) =>
      admin ? queries.listDeliveryPages(of.db, admin, ids, page) : new Map<string, never>(),
    );
  },
  deliveryCount(of: WebhookLoaderContext) {
    const admin = adminOf(of);
    return createRowLoader(async (ids) =>
      admin ? queries.countDeliveries(of.db, admin, ids) : new Map<string, number>(),
    );
  },
};
