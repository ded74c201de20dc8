import { createRowLoader } from "../db/connection-loader.js";
import type { Database } from "../db/client.js";
import { loadApiKeys } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

/** One set per request. Keys are the business of ADMINs: to others there are none. */
export function createApiKeyLoaders(db: Database, viewer: Pick<Viewer, "projectId" | "role"> | undefined) {
  return {
    apiKey: createRowLoader(async (ids) => {
      const rows = viewer?.role === "ADMIN" ? await loadApiKeys(db, viewer, ids) : [];
      return new Map(rows.map((row) => [row.id, row]));
    }),
  };
}
