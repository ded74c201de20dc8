import { createRowLoader } from "../db/connection-loader.js";
import type { Queryable } from "../db/client.js";
import type { Actor } from "./actor.js";
import { loadAuditEvents } from "./audit.queries.js";

/** One set per request. The log is the business of ADMINs: to others it is empty. */
export function createAuditLoaders(db: Queryable, viewer: Pick<Actor, "projectId" | "role"> | undefined) {
  return {
    auditEvent: createRowLoader(async (ids) => {
      const rows = viewer?.role === "ADMIN" ? await loadAuditEvents(db, viewer, ids) : [];
      return new Map(rows.map((row) => [row.id, row]));
    }),
  };
}
