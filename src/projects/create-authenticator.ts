import type { Clock } from "../clock.js";
import type { ServiceDatabase } from "../db/client.js";
import { authenticate } from "./authenticate.js";
import { createTokenAuthenticator, looksLikeToken } from "./authenticate-token.js";
import type { TokenSettings } from "./token-settings.js";
import { createTokenVerifier } from "./verify-token.js";
import type { Viewer } from "./viewer.js";

/** Between two looks at a provider's keys for one that is unknown. */
const cooldownMs = 5_000;

/**
 * What the edge asks who somebody is: an API key, or where a provider is configured also its tokens. It runs as the service
 * itself, since it is what finds out whose rows may be seen.
 */
export function createAuthenticator(
  db: ServiceDatabase,
  clock: Clock,
  tokens?: TokenSettings,
): (credentials: string) => Promise<Viewer | undefined> {
  const ofToken = tokens && createTokenAuthenticator(db, createTokenVerifier(tokens, { cooldownMs }), tokens);
  return (credentials) =>
    ofToken && looksLikeToken(credentials)
      ? ofToken(credentials, clock.now())
      : authenticate(db, clock, credentials);
}
