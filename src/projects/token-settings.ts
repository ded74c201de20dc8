import type { OidcConfig } from "../config/oidc.js";
import type { Role } from "../db/enums.js";
import { parseIdOf } from "../ids.js";

/** Whose tokens are taken, and what their claims mean here: configuration. */
export interface TokenSettings {
  /** As the `iss` claim has it, to the letter. */
  readonly issuer: string;
  /** One that the `aud` claim must name. */
  readonly audience: string;
  /** Where the provider's public keys are; absent: its discovery document says. */
  readonly jwksUrl?: string | undefined;
  /** The claim that holds roles: its name, or the way to it with dots. */
  readonly roleClaim: string;
  /** What a value of that claim is here; of several the highest counts. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly projectClaim: string;
  /** Row ids of projects by the claim's value; a project's public id needs no entry. */
  readonly projects: ReadonlyMap<string, string>;
}

export function toTokenSettings(config: OidcConfig): TokenSettings {
  const projects = [...config.projects].flatMap(([value, id]) => {
    const projectId = parseIdOf("project", id);
    return projectId ? [[value, projectId] as const] : [];
  });
  return { ...config, projects: new Map(projects) };
}

/** Where a claim holds a list, its items; of text, its words, as `scope` has them. */
export function claimValues(claims: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : follow(claims, name.split("."));
  if (typeof value === "string") return value.split(/\s+/).filter((word) => word !== "");
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function follow(value: unknown, way: readonly string[]): unknown {
  return way.reduce<unknown>(
    (at, step) => (isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined),
    value,
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
