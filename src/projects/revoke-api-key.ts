import { and, eq, sql } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { apiKeys } from "../db/tables/index.js";
import { notFound, type NotFound } from "../errors.js";
import type { ApiKeyRow } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

export interface RevokeApiKeyResult {
  readonly apiKey?: ApiKeyRow;
  readonly errors: readonly NotFound[];
}

/** Ends a key of the viewer's project at once, be it the viewer's own. Revoking twice keeps the first instant. */
export async function revokeApiKey(
  context: { readonly db: Database; readonly clock: Clock },
  viewer: Viewer,
  input: { readonly keyId: string },
): Promise<RevokeApiKeyResult> {
  const revokedAt = context.clock.now().toISOString();
  const [apiKey] = await context.db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${revokedAt}::timestamptz)` })
    .where(and(eq(apiKeys.projectId, viewer.projectId), eq(apiKeys.id, input.keyId)))
    .returning();
  return apiKey
    ? { apiKey, errors: [] }
    : { errors: [notFound("There is no such API key.", "input", "keyId")] };
}
