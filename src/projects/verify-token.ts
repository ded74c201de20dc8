import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from "jose";
import { AuthenticationError, type AuthenticationReason } from "./authentication-error.js";
import { pauseAfterFailure } from "./pause-after-failure.js";
import type { TokenSettings } from "./token-settings.js";

/** Claims of a token that the provider has signed for us, and that is valid now. Throws AuthenticationError. */
export type VerifyToken = (token: string, now: Date) => Promise<JWTPayload & { sub: string; exp: number }>;

/** Signatures by a private key alone: with HS256 among them, the public key would be the secret. */
const algorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

const timeoutMs = 5_000;

export interface VerifierOptions {
  /** Between two looks at the provider's keys. */
  readonly cooldownMs: number;
  /** Milliseconds, of no particular origin. */
  readonly stopwatch: () => number;
}

/**
 * Checks tokens against the provider's published keys. They are read when first needed, and again for a key id that is
 * not among them, at most every `cooldownMs`: so a provider may change its keys at any time, and one that is in trouble
 * is not asked for every token that comes by.
 */
export function createTokenVerifier(
  settings: Pick<TokenSettings, "issuer" | "audience" | "jwksUrl">,
  options: VerifierOptions,
): VerifyToken {
  const { issuer, audience } = settings;
  const getKey = createKeyFinder(settings, options);
  return async (token, now) => {
    try {
      const checks = { issuer, audience, algorithms, currentDate: now, requiredClaims: ["sub", "exp"] };
      const { payload } = await jwtVerify(token, getKey, checks);
      return withSubject(payload);
    } catch (error) {
      const reason = reasonOf(error);
      throw new AuthenticationError(reason, messages[reason], { cause: error });
    }
  };
}

/** Whom the token is about is a text that a database can hold, or the token is none. */
function withSubject(claims: JWTPayload): JWTPayload & { sub: string; exp: number } {
  const { sub } = claims;
  if (typeof sub !== "string" || sub.includes("\0")) throw new errors.JWTInvalid("sub is no text");
  return claims as JWTPayload & { sub: string; exp: number };
}

/** The provider does not answer, or not with keys. */
class ProviderError extends Error {}

function createKeyFinder(
  { issuer, jwksUrl }: Pick<TokenSettings, "issuer" | "jwksUrl">,
  { cooldownMs, stopwatch }: VerifierOptions,
): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  // The library's own cooldown counts from the last time that keys were read, and so not at all where they never are.
  const sparing = pauseAfterFailure(cooldownMs, stopwatch);
  const open = async () =>
    createRemoteJWKSet(new URL(jwksUrl ?? (await sparing(() => discover(issuer)))), {
      cooldownDuration: cooldownMs,
      timeoutDuration: timeoutMs,
      [customFetch]: (url, request) => sparing(() => fetchKeys(url, request)),
    });
  // Once for all who ask meanwhile: anybody can make up tokens, and each would be a request to the provider.
  const find = () => {
    keys = open();
    keys.catch(() => (keys = undefined));
    return keys;
  };
  return async (header, token) => {
    try {
      const getKey = await (keys ?? find());
      return await getKey(header, token);
    } catch (error) {
      const tokensFault =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      throw tokensFault ? error : new ProviderError("The provider's keys cannot be read.", { cause: error });
    }
  };
}

/** What is no set of keys fails here, where failures are noticed, and not with who reads it. */
const fetchKeys: FetchImplementation = async (url, request) => {
  const response = await fetch(url, request);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  const keys = (await response.json()) as JSONWebKeySet;
  createLocalJWKSet(keys);
  return Response.json(keys);
};

/** OpenID Connect Discovery: the document must speak for the issuer that was configured. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== "string")
    throw new Error(`${url} does not describe the issuer ${issuer}`);
  return document.jwks_uri;
}

type TokenReason = Exclude<
  AuthenticationReason,
  "INVALID_KEY" | "TOKEN_WITHOUT_ROLE" | "TOKEN_WITHOUT_PROJECT"
>;

const claimReasons: Readonly<Record<string, TokenReason>> = {
  iss: "TOKEN_WRONG_ISSUER",
  aud: "TOKEN_WRONG_AUDIENCE",
  nbf: "TOKEN_NOT_YET_VALID",
};

/** Claims are looked at only once the signature holds, so nobody learns anything from a token of his own making. */
function reasonOf(error: unknown): TokenReason {
  if (error instanceof ProviderError) return "PROVIDER_UNAVAILABLE";
  if (error instanceof errors.JWTExpired) return "TOKEN_EXPIRED";
  if (error instanceof errors.JWTClaimValidationFailed) return claimReasons[error.claim] ?? "INVALID_TOKEN";
  return "INVALID_TOKEN";
}

const messages: Readonly<Record<TokenReason, string>> = {
  INVALID_TOKEN: "This token is not one that the provider signed for this service: get another one.",
  TOKEN_EXPIRED: "This token has expired: get a new one.",
  TOKEN_NOT_YET_VALID: "This token is not valid yet: wait, or compare the clocks.",
  TOKEN_WRONG_ISSUER: "This token comes from another provider than the one that is configured.",
  TOKEN_WRONG_AUDIENCE: "This token is meant for another service: ask the provider for one for this one.",
  PROVIDER_UNAVAILABLE: "The token cannot be checked, because the provider does not answer: try again later.",
};
