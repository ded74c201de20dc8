import { byId, createRowLoader } from "../db/connection-loader.js";
import type { Database } from "../db/client.js";
import { loadApiKeys } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

export interface ApiKeyLoaderContext {
  readonly db: Database;
  readonly viewer: Pick<Viewer, "projectId" | "role"> | undefined;
}

/** Keys are the business of ADMINs: to others there are none. */
export const apiKeyLoaders = {
  apiKey: ({ db, viewer }: ApiKeyLoaderContext) =>
    createRowLoader(async (ids) => byId(viewer?.role === "ADMIN" ? await loadApiKeys(db, viewer, ids) : [])),
};
