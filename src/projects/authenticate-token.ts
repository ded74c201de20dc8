import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import type { Queryable } from "../db/client.js";
import { roles, type Role } from "../db/enums.js";
import { parseIdOf } from "../ids.js";
import { AuthenticationError } from "./authentication-error.js";
import { findProject } from "./projects.queries.js";
import { claimValues, type TokenSettings } from "./token-settings.js";
import type { VerifyToken } from "./verify-token.js";
import type { Viewer } from "./viewer.js";

/** A key that the provider withdraws is trusted no longer than this by what is remembered. */
const rememberedMs = 5 * 60_000;
const rememberedTokens = 10_000;
/** Later ones are no dates. */
const lastInstant = 8.64e15;

/** Three parts in base64url, of which the first is a JSON object: no API key of ours looks so. */
export const looksLikeToken = (credentials: string): boolean =>
  /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(credentials);

/**
 * Makes viewers of bearer tokens. What has been checked once is remembered by the token's hash until it expires, so that a
 * busy token costs one check of its signature in five minutes. Throws AuthenticationError.
 */
export function createTokenAuthenticator(
  db: Queryable,
  verify: VerifyToken,
  settings: TokenSettings,
): (token: string, now: Date) => Promise<Viewer> {
  const remembered = new Map<string, { readonly viewer: Viewer; readonly until: number }>();
  return async (token, now) => {
    const hash = createHash("sha256").update(token).digest("base64url");
    const known = remembered.get(hash);
    // The least recently used one is the first of the map.
    remembered.delete(hash);
    if (known && now.getTime() < known.until) {
      remembered.set(hash, known);
      return known.viewer;
    }
    const viewer = await toViewer(db, await verify(token, now), settings);
    const until = Math.min(viewer.expiresAt.getTime(), now.getTime() + rememberedMs);
    remembered.set(hash, { viewer, until });
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedTokens && oldest !== undefined) remembered.delete(oldest);
    return viewer;
  };
}

async function toViewer(
  db: Queryable,
  claims: JWTPayload & { sub: string; exp: number },
  settings: TokenSettings,
): Promise<Viewer & { expiresAt: Date }> {
  const role = highestRole(claimValues(claims, settings.roleClaim), settings.roles);
  if (!role)
    throw new AuthenticationError(
      "TOKEN_WITHOUT_ROLE",
      `The claim ${settings.roleClaim} of this token names no role of this service: ask its administrator for one.`,
    );
  const named = claimValues(claims, settings.projectClaim).flatMap(
    (value) => settings.projects.get(value) ?? parseIdOf("project", value) ?? [],
  );
  const [projectId, ...others] = new Set(named);
  const project = projectId && others.length === 0 ? await findProject(db, { projectId }) : undefined;
  if (!project)
    throw new AuthenticationError(
      "TOKEN_WITHOUT_PROJECT",
      `The claim ${settings.projectClaim} of this token must name exactly one project of this service.`,
    );
  const name = claims["preferred_username"] ?? claims["email"];
  return {
    projectId: project.id,
    projectName: project.name,
    role,
    keyId: `oidc|${claims.sub}`,
    // Postgres holds any character but one, and whose deeds could not be recorded would do them unrecorded.
    keyName: (typeof name === "string" ? name : claims.sub).replaceAll("\0", "").slice(0, 100),
    expiresAt: new Date(Math.min(claims.exp * 1000, lastInstant)),
  };
}

function highestRole(values: readonly string[], names: ReadonlyMap<string, Role>): Role | undefined {
  const held = new Set(values.flatMap((value) => names.get(value) ?? []));
  return roles.findLast((role) => held.has(role));
}
