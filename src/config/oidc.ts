import { z } from "zod";
import type { Env } from "./env.js";

export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Absent: the issuer's discovery document says. */
  readonly jwksUrl?: string | undefined;
  readonly roleClaim: string;
  /** Role by what the claim says. */
  readonly roles: ReadonlyMap<string, OidcRole>;
  readonly projectClaim: string;
  /** Public id of a project by what the claim says. */
  readonly projects: ReadonlyMap<string, string>;
}

const roles = ["VIEWER", "MEMBER", "ADMIN"] as const;
export type OidcRole = (typeof roles)[number];

const webUrl = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text));
const claim = z.string().regex(/^\S{1,200}$/);

/** `this=that,other=that`; what stands left of the last `=` is the claim's value. */
const pairs = <Right extends string>(isRight: (text: string) => text is Right) =>
  z.string().transform((text, context): ReadonlyMap<string, Right> => {
    const found = new Map<string, Right>();
    for (const pair of text.split(",")) {
      const [, left, right] = /^\s*(\S.*?)\s*=\s*([^=]*?)\s*$/.exec(pair) ?? [];
      if (left !== undefined && right !== undefined && isRight(right)) found.set(left, right);
      else context.addIssue("not a pair");
    }
    return found;
  });
const isRole = (text: string): text is OidcRole => (roles as readonly string[]).includes(text);
const isProjectId = (text: string): text is string => /^prj_[0-9a-z]{26}$/.test(text);

const settings = {
  issuer: {
    variable: "DAGUERRE_OIDC_ISSUER",
    rule: webUrl,
    advice: "set it to the provider's http:// or https:// address, as its tokens name it",
    default: "none: API keys alone",
    meaning: "whose bearer tokens are taken beside API keys",
  },
  audience: {
    variable: "DAGUERRE_OIDC_AUDIENCE",
    rule: claim,
    advice: "set it to what the tokens' aud claim names for this service",
    default: "none; must be set with the issuer",
    meaning: "what a token must be meant for",
  },
  jwksUrl: {
    variable: "DAGUERRE_OIDC_JWKS_URL",
    rule: webUrl,
    advice: "set it to the http:// or https:// address of the provider's public keys, or unset it",
    default: "the issuer's discovery document says",
    meaning: "where the provider's public keys are",
  },
  roleClaim: {
    variable: "DAGUERRE_OIDC_ROLE_CLAIM",
    rule: claim,
    advice: "set it to a claim's name, or the way to it with dots, such as realm_access.roles",
    default: "roles",
    meaning: "the claim that holds roles",
  },
  roles: {
    variable: "DAGUERRE_OIDC_ROLES",
    rule: pairs(isRole),
    advice: "set it to pairs such as backup-admins=ADMIN,developers=VIEWER",
    default: "VIEWER=VIEWER,MEMBER=MEMBER,ADMIN=ADMIN",
    meaning: "which role each of that claim's values is",
  },
  projectClaim: {
    variable: "DAGUERRE_OIDC_PROJECT_CLAIM",
    rule: claim,
    advice: "set it to a claim's name, or the way to it with dots",
    default: "daguerre_project",
    meaning: "the claim that names the project",
  },
  projects: {
    variable: "DAGUERRE_OIDC_PROJECTS",
    rule: pairs(isProjectId),
    advice: "set it to pairs such as acme=prj_…, with ids that `viewer { projectId }` tells",
    default: "none: the claim holds the project's id",
    meaning: "which project each of that claim's values is",
  },
} as const;

type Name = keyof typeof settings;
const names = Object.keys(settings) as Name[];

/** Undefined where no issuer is set. Throws what `refuse` makes of a variable that makes no sense. */
export function readOidc(env: Env, refuse: (message: string) => Error): OidcConfig | undefined {
  const read = <N extends Name>(name: N): z.output<(typeof settings)[N]["rule"]> | undefined => {
    const { variable, rule, advice } = settings[name];
    const text = env[variable]?.trim();
    if (!text) return undefined;
    const result = rule.safeParse(text);
    if (!result.success) throw refuse(`${variable} makes no sense: ${advice}`);
    return result.data as z.output<(typeof settings)[N]["rule"]>;
  };
  const issuer = read("issuer");
  const audience = read("audience");
  const rest = {
    jwksUrl: read("jwksUrl"),
    roleClaim: read("roleClaim") ?? settings.roleClaim.default,
    roles: read("roles") ?? new Map(roles.map((role) => [role, role])),
    projectClaim: read("projectClaim") ?? settings.projectClaim.default,
    projects: read("projects") ?? new Map<string, string>(),
  };
  if (issuer === undefined) return undefined;
  if (audience === undefined)
    throw refuse(`${settings.audience.variable} is missing: ${settings.audience.advice}`);
  return { issuer, audience, ...rest };
}

const show = (value: string | ReadonlyMap<string, string> | undefined): string =>
  typeof value === "object" ? [...value].map(([left, right]) => `${left}=${right}`).join(",") : (value ?? "");

export const describeOidc = (oidc: OidcConfig | undefined) =>
  names.map((name) => {
    const { variable, default: preset, meaning } = settings[name];
    return {
      name: variable,
      value: show(oidc?.[name]),
      default: preset,
      meaning: meaning,
    };
  });
