import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { hashApiKey } from "./api-key.js";
import { findApiKeyByHash, touchApiKey } from "./api-keys.queries.js";
import type { Viewer } from "./viewer.js";

/** A busy key would otherwise cost a write a request. */
const touchEveryMs = 60_000;

/** Who a key belongs to; undefined for one that is unknown, revoked or expired, without saying which. */
export async function authenticate(db: Database, clock: Clock, key: string): Promise<Viewer | undefined> {
  const found = await findApiKeyByHash(db, hashApiKey(key));
  if (!found) return undefined;
  const { apiKey, project } = found;
  const now = clock.now();
  if (apiKey.revokedAt || (apiKey.expiresAt && apiKey.expiresAt <= now)) return undefined;
  const since = new Date(now.getTime() - touchEveryMs);
  if (!apiKey.lastUsedAt || apiKey.lastUsedAt < since) {
    // Nobody waits for it, and where it fails the next request tries again.
    touchApiKey(db, apiKey.id, now, since).catch(() => undefined);
  }
  return {
    projectId: project.id,
    projectName: project.name,
    role: apiKey.role,
    keyId: apiKey.id,
    keyName: apiKey.name,
    expiresAt: apiKey.expiresAt,
  };
}
