import { join, resolve } from "node:path";
import { z } from "zod";
import { readEnv, type Env } from "./env.js";
import { describeTracing, readTracing, type TracingConfig } from "./tracing.js";
import { describeOidc, readOidc, type OidcConfig } from "./oidc.js";
import { describeDemo } from "./demo.js";
import { describeLimits, readLimits, type Limits } from "./limits.js";

/** A variable that makes no sense: one line that names it and says what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const isUrl =
  (...protocols: string[]) =>
  (value: string) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol);

const count = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.number().min(1).max(1000));

/** Each setting: its rule, what to write when the rule is broken, and the words of `daguerre config`. */
const settings = {
  PORT: {
    rule: z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.number().max(65_535)),
    advice: "set it to a number from 0 to 65535 (0 takes a free one)",
    default: "4000",
    meaning: "where to listen",
  },
  HOST: {
    rule: z.string().regex(/^[\w.:-]+$/),
    advice: "set it to an address of this machine, such as 127.0.0.1 or 0.0.0.0",
    default: "127.0.0.1",
    meaning: "on which address",
  },
  DAGUERRE_HOME: {
    rule: z.string().transform((path) => resolve(path)),
    advice: "set it to a folder",
    default: ".daguerre in the working folder",
    meaning: "where data lies",
  },
  DATABASE_URL: {
    rule: z.string().refine(isUrl("postgres:", "postgresql:")),
    advice: "set it to postgres://user:password@host:5432/database, or unset it to use the embedded Postgres",
    default: "none: Postgres is embedded",
    meaning: "use this Postgres instead",
  },
  DAGUERRE_BOOTSTRAP_KEY: {
    rule: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    advice: "set it to 16 to 200 characters without spaces, or unset it to have a key made",
    default: "made, and printed once",
    meaning: "the first ADMIN key",
  },
  DAGUERRE_MASTER_KEY_FILE: {
    rule: z.string().transform((path) => resolve(path)),
    advice: "set it to a file",
    default: "master.key in DAGUERRE_HOME, made with mode 0600",
    meaning: "wraps every snapshot's key: keep a copy elsewhere",
  },
  DAGUERRE_PUBLIC_URL: {
    rule: z
      .string()
      .refine(isUrl("http:", "https:"))
      .transform((url) => url.replace(/\/+$/, "")),
    advice: "set it to the http:// or https:// address that clients use",
    default: "the address it listens on",
    meaning: "how clients reach it; links begin with it",
  },
  DAGUERRE_POLICY_FILE: {
    rule: z.string().transform((path) => resolve(path)),
    advice: "set it to a file",
    default: "none: the built-in table",
    meaning: "retention table in JSON; `daguerre policy` prints one",
  },
  DAGUERRE_MAX_HOLDS: {
    rule: z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
    advice: "set it to a whole number from 0 to 999999",
    default: "100",
    meaning: "held snapshots that a project may have",
  },
  DAGUERRE_CONCURRENCY: {
    rule: count,
    advice: "set it to a number from 1 to 1000",
    default: "2",
    meaning: "how many operations this process runs at a time",
  },
  DAGUERRE_SCHEDULED_PER_LOCATION: {
    rule: count,
    advice: "set it to a number from 1 to 1000",
    default: "16",
    meaning: "how many scheduled snapshots may be at work in one region, over all processes",
  },
  DAGUERRE_ORPHAN_GRACE_MINUTES: {
    rule: z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
    advice: "set it to a whole number of minutes from 0 to 999999",
    default: "1440, a day",
    meaning: "how long files that no row names are kept after they were last written",
  },
  DAGUERRE_COMPILE_AFTER: {
    rule: z
      .string()
      .regex(/^(\d{1,6}|never)$/)
      .transform((text) => (text === "never" ? Infinity : Number(text))),
    advice: "set it to a whole number or to never",
    default: "1",
    meaning: "how often a query comes before it is compiled; answers are the same",
  },
  DAGUERRE_INTROSPECTION: {
    rule: z.enum(["keys", "everyone", "nobody"]),
    advice: "set it to keys, everyone or nobody",
    default: "keys",
    meaning: "who may read the schema from the service",
  },
  DAGUERRE_TRUSTED_DOCUMENTS: {
    rule: z.string().transform((path) => resolve(path)),
    advice: "set it to a file",
    default: "none: any document is answered",
    meaning: "a manifest of documents; no other one is answered then",
  },
  DAGUERRE_GRAPHIQL: {
    rule: z.enum(["yes", "no"]).transform((answer) => answer === "yes"),
    advice: "set it to yes or no",
    default: "yes",
    meaning: "serve GraphiQL at /graphiql, to try queries in a browser",
  },
  DAGUERRE_LOG_LEVEL: {
    rule: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
    advice: "set it to fatal, error, warn, info, debug, trace or silent",
    default: "info",
    meaning: "how much the log says",
  },
  DAGUERRE_WEBHOOKS_TO_PRIVATE: {
    rule: z.enum(["yes", "no"]).transform((answer) => answer === "yes"),
    advice: "set it to yes or no",
    default: "no",
    meaning: "webhooks may go to addresses of one's own network, and over http://",
  },
  DAGUERRE_METRICS_TOKEN: {
    rule: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    advice: "set it to 16 to 200 characters without spaces, or unset it",
    default: "none: /metrics answers this machine alone",
    meaning: "what a scraper of /metrics sends as bearer token",
  },
} as const;

type Name = keyof typeof settings;

export interface Config {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the folder that data lies in. */
  readonly home: string;
  /** Absent: Postgres is embedded. */
  readonly databaseUrl?: string;
  readonly bootstrapKey?: string;
  /** Absolute path. */
  readonly masterKeyFile: string;
  /** A file that somebody named must exist; one of our own is made. */
  readonly masterKeyFileGiven: boolean;
  /**
   * How clients reach us, without a slash at the end. Where it is not given it is made of host and port;
   * with port 0 only whoever listens knows it.
   */
  readonly publicUrl: string;
  readonly publicUrlGiven: boolean;
  /** Absolute path of the retention table; absent: the built-in one. */
  readonly policyFile?: string;
  /** Snapshots that a project may hold at a time. */
  readonly maxHolds: number;
  /** Operations that this process runs at a time. */
  readonly concurrency: number;
  /** Scheduled snapshots at work at a time in one region, over all processes. */
  readonly scheduledPerLocation: number;
  /** How long what no row names is kept after it was last written. */
  readonly orphanGraceMs: number;
  /** How often a query is answered plainly before it is compiled; Infinity: always. */
  readonly compileAfter: number;
  readonly introspection: "keys" | "everyone" | "nobody";
  /** Absolute path; absent: any document is answered. */
  readonly trustedDocuments?: string;
  /** Whether GraphiQL is served. */
  readonly graphiql: boolean;
  readonly logLevel: string;
  readonly limits: Limits;
  readonly webhooksToPrivate: boolean;
  /** Absent: /metrics answers callers on this machine alone. */
  readonly metricsToken?: string;
  /** Absent: no traces are made. */
  readonly tracing?: TracingConfig;
  /** Absent: API keys alone open the service. */
  readonly oidc: OidcConfig | undefined;
}

/** Reads the settings. Empty variables count as absent. Throws ConfigError. */
export function loadConfig(env: Env = readEnv()): Config {
  const read = <N extends Name>(name: N): z.output<(typeof settings)[N]["rule"]> | undefined => {
    const text = env[name]?.trim();
    if (!text) return undefined;
    const result = settings[name].rule.safeParse(text);
    // The value stays unsaid: it may be a secret, or hold one.
    if (!result.success) throw new ConfigError(`${name} makes no sense: ${settings[name].advice}`);
    return result.data as z.output<(typeof settings)[N]["rule"]>;
  };
  const home = read("DAGUERRE_HOME") ?? resolve(".daguerre");
  const masterKeyFile = read("DAGUERRE_MASTER_KEY_FILE");
  const port = read("PORT") ?? 4000;
  const host = read("HOST") ?? "127.0.0.1";
  const publicUrl = read("DAGUERRE_PUBLIC_URL");
  return {
    port,
    host,
    home,
    databaseUrl: read("DATABASE_URL"),
    bootstrapKey: read("DAGUERRE_BOOTSTRAP_KEY"),
    masterKeyFile: masterKeyFile ?? join(home, "master.key"),
    masterKeyFileGiven: masterKeyFile !== undefined,
    publicUrl: publicUrl ?? addressOf(host, port),
    publicUrlGiven: publicUrl !== undefined,
    policyFile: read("DAGUERRE_POLICY_FILE"),
    maxHolds: read("DAGUERRE_MAX_HOLDS") ?? 100,
    concurrency: read("DAGUERRE_CONCURRENCY") ?? 2,
    scheduledPerLocation: read("DAGUERRE_SCHEDULED_PER_LOCATION") ?? 16,
    orphanGraceMs: (read("DAGUERRE_ORPHAN_GRACE_MINUTES") ?? 1440) * 60_000,
    compileAfter: read("DAGUERRE_COMPILE_AFTER") ?? 1,
    introspection: read("DAGUERRE_INTROSPECTION") ?? "keys",
    trustedDocuments: read("DAGUERRE_TRUSTED_DOCUMENTS"),
    graphiql: read("DAGUERRE_GRAPHIQL") ?? true,
    logLevel: read("DAGUERRE_LOG_LEVEL") ?? "info",
    limits: readLimits(env, (message) => new ConfigError(message)),
    webhooksToPrivate: read("DAGUERRE_WEBHOOKS_TO_PRIVATE") ?? false,
    metricsToken: read("DAGUERRE_METRICS_TOKEN"),
    tracing: readTracing(env, (message) => new ConfigError(message)),
    oidc: readOidc(env, (message) => new ConfigError(message)),
  };
}

export interface ConfigRow {
  readonly name: string;
  readonly value: string;
  readonly default: string;
  readonly meaning: string;
}

/** Every setting as it stands, with those that others read from the environment; secrets are not shown. */
export function describeConfig(config: Config, env: Env): ConfigRow[] {
  const values: Record<Name, string> = {
    PORT: String(config.port),
    HOST: config.host,
    DAGUERRE_HOME: config.home,
    DATABASE_URL: config.databaseUrl === undefined ? "" : withoutSecrets(config.databaseUrl),
    DAGUERRE_BOOTSTRAP_KEY: config.bootstrapKey === undefined ? "" : "(set)",
    DAGUERRE_MASTER_KEY_FILE: config.masterKeyFile,
    DAGUERRE_PUBLIC_URL: config.publicUrl,
    DAGUERRE_POLICY_FILE: config.policyFile ?? "",
    DAGUERRE_MAX_HOLDS: String(config.maxHolds),
    DAGUERRE_CONCURRENCY: String(config.concurrency),
    DAGUERRE_SCHEDULED_PER_LOCATION: String(config.scheduledPerLocation),
    DAGUERRE_ORPHAN_GRACE_MINUTES: String(config.orphanGraceMs / 60_000),
    DAGUERRE_COMPILE_AFTER: config.compileAfter === Infinity ? "never" : String(config.compileAfter),
    DAGUERRE_INTROSPECTION: config.introspection,
    DAGUERRE_TRUSTED_DOCUMENTS: config.trustedDocuments ?? "",
    DAGUERRE_GRAPHIQL: config.graphiql ? "yes" : "no",
    DAGUERRE_LOG_LEVEL: config.logLevel,
    DAGUERRE_WEBHOOKS_TO_PRIVATE: config.webhooksToPrivate ? "yes" : "no",
    DAGUERRE_METRICS_TOKEN: config.metricsToken === undefined ? "" : "(set)",
  };
  const rows = (Object.keys(settings) as Name[]).map((name) => {
    const { default: preset, meaning } = settings[name];
    return { name, value: values[name], default: preset, meaning };
  });
  return [
    ...rows,
    ...describeLimits(config.limits),
    ...describeOidc(config.oidc),
    ...describeTracing(env),
    ...describeDemo(env),
  ];
}

/** "Every address" is none that a client could use. */
export function addressOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Passwords travel before the host and in the query alike. */
function withoutSecrets(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = "***";
  url.search = "";
  return url.href;
}
