import { and, eq, sql } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { apiKeys } from "../db/tables/index.js";
import { notFound, type NotFound } from "../errors.js";
import type { EventBus } from "../events/event-bus.js";
import { toGlobalId } from "../ids.js";
import type { ApiKeyRow } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

export interface RevokeApiKeyResult {
  readonly apiKey?: ApiKeyRow;
  readonly errors: readonly NotFound[];
}

/** Ends a key of the viewer's project at once, be it the viewer's own. Revoking twice keeps the first instant. */
export async function revokeApiKey(
  context: { readonly db: Database; readonly clock: Clock; readonly events: EventBus },
  viewer: Viewer,
  input: { readonly keyId: string },
): Promise<RevokeApiKeyResult> {
  const now = context.clock.now();
  return context.db.transaction(async (tx): Promise<RevokeApiKeyResult> => {
    const [apiKey] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(and(eq(apiKeys.projectId, viewer.projectId), eq(apiKeys.id, input.keyId)))
      .returning();
    if (!apiKey) return { errors: [notFound("There is no such API key.", "input", "keyId")] };
    // Sockets that the key has opened, in whatever process, are closed by this.
    await context.events.publish(tx, { topic: "apiKey", id: apiKey.id });
    const objectId = toGlobalId("apiKey", apiKey.id);
    await recordAudit(tx, viewer, now, { action: "revokeApiKey", objectId });
    return { apiKey, errors: [] };
  });
}
