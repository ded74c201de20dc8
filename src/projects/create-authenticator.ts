import type { Clock } from "../clock.js";
import type { ServiceDatabase } from "../db/client.js";
import { authenticate } from "./authenticate.js";
import { createTokenAuthenticator, looksLikeToken } from "./authenticate-token.js";
import type { TokenSettings } from "./token-settings.js";
import type { Viewer } from "./viewer.js";

/** Between two looks at a provider's keys, for one that is unknown or since the last failed. */
const cooldownMs = 5_000;
const stopwatch = () => performance.now();

/**
 * What the edge asks who somebody is: an API key, or where a provider is configured also its tokens. It runs as the service
 * itself, since it is what finds out whose rows may be seen.
 */
export function createAuthenticator(
  db: ServiceDatabase,
  clock: Clock,
  tokens?: TokenSettings,
): (credentials: string) => Promise<Viewer | undefined> {
  let ofTokens: Promise<ReturnType<typeof createTokenAuthenticator>> | undefined;
  // What checks signatures is loaded for the first token: a start is sooner over.
  const open = async (settings: TokenSettings) => {
    const { createTokenVerifier } = await import("./verify-token.js");
    const verify = createTokenVerifier(settings, { cooldownMs, stopwatch });
    return createTokenAuthenticator(db, verify, settings);
  };
  return async (credentials) => {
    if (!tokens || !looksLikeToken(credentials)) return authenticate(db, clock, credentials);
    const ofToken = await (ofTokens ??= open(tokens));
    return ofToken(credentials, clock.now());
  };
}
