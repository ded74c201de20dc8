import { byId, createRowLoader } from "../db/connection-loader.js";
import type { Queryable } from "../db/client.js";
import type { Actor } from "./actor.js";
import { loadAuditEvents } from "./audit.queries.js";

export interface AuditLoaderContext {
  readonly db: Queryable;
  readonly viewer: Pick<Actor, "projectId" | "role"> | undefined;
}

/** The log is the business of ADMINs: to others it is empty. */
export const auditLoaders = {
  auditEvent: ({ db, viewer }: AuditLoaderContext) =>
    createRowLoader(async (ids) =>
      byId(viewer?.role === "ADMIN" ? await loadAuditEvents(db, viewer, ids) : []),
    ),
};
