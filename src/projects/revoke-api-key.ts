import { and, eq, sql } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { apiKeys } from "../db/tables/index.js";
import { notFound, type NotFound } from "../errors.js";
import type { EventBus } from "../events/event-bus.js";
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
  const revokedAt = context.clock.now().toISOString();
  return context.db.transaction(async (tx): Promise<RevokeApiKeyResult> => {
    const [apiKey] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${revokedAt}::timestamptz)` })
      .where(and(eq(apiKeys.projectId, viewer.projectId), eq(apiKeys.id, input.keyId)))
      .returning();
    if (!apiKey) return { errors: [notFound("There is no such API key.", "input", "keyId")] };
    // Sockets that the key has opened, in whatever process, are closed by this.
    await context.events.publish(tx, { topic: "apiKey", id: apiKey.id });
    return { apiKey, errors: [] };
  });
}
