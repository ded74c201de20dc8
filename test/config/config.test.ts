import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { ConfigError, describeConfig, loadConfig } from "../../src/config/config.js";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";

it("needs nothing", () => {
  const home = resolve(".daguerre");
  expect(loadConfig({ PORT: "", HOST: " " })).toEqual({
    port: 4000,
    host: "127.0.0.1",
    home,
    databaseUrl: undefined,
    bootstrapKey: undefined,
    masterKeyFile: join(home, "master.key"),
    masterKeyFileGiven: false,
    publicUrl: "http://127.0.0.1:4000",
    publicUrlGiven: false,
    policyFile: undefined,
    maxHolds: 100,
    metricsToken: undefined,
    tracing: undefined,
    webhooksToPrivate: false,
    concurrency: 2,
    scheduledPerLocation: 16,
    orphanGraceMs: 86_400_000,
    compileAfter: 1,
    introspection: "keys",
    trustedDocuments: undefined,
    graphiql: true,
    logLevel: "info",
    limits: defaultLimits,
    oidc: undefined,
  });
});

it("reads what is set", () => {
  const config = loadConfig({
    PORT: "0",
    DAGUERRE_HOME: "/data",
    DAGUERRE_MASTER_KEY_FILE: "/keys/one",
    DAGUERRE_POLICY_FILE: "/etc/policy.json",
    DAGUERRE_PUBLIC_URL: "https://graphs.example/",
  });
  expect(config).toMatchObject({
    port: 0,
    home: "/data",
    masterKeyFile: "/keys/one",
    masterKeyFileGiven: true,
    policyFile: "/etc/policy.json",
    publicUrl: "https://graphs.example",
    publicUrlGiven: true,
  });
});

it.each([
  ["PORT", "70000"],
  ["PORT", "4000x"],
  ["HOST", "not a host"],
  ["DATABASE_URL", "mysql://root:hunter2@localhost/x"],
  ["DAGUERRE_BOOTSTRAP_KEY", "short"],
  ["DAGUERRE_PUBLIC_URL", "graphs.example"],
  ["DAGUERRE_MAX_HOLDS", "-1"],
  ["DAGUERRE_ORPHAN_GRACE_MINUTES", "1.5"],
  ["DAGUERRE_CONCURRENCY", "5000"],
  ["DAGUERRE_SCHEDULED_PER_LOCATION", "many"],
  ["DAGUERRE_LOG_LEVEL", "loud"],
  ["DAGUERRE_OIDC_ISSUER", "ftp://example.org"],
  ["DAGUERRE_OIDC_ROLES", "people=OWNER"],
  ["DAGUERRE_OIDC_PROJECTS", "acme=first"],
])("refuses %s=%s in one line that names it and not its value", (name, value) => {
  const load = (): unknown => loadConfig({ [name]: value });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(new RegExp(`^${name} makes no sense: (?!.*${value}).+$`));
});

it("reads what a provider's claims mean", () => {
  const id = toGlobalId("project", randomUUID());
  const env = {
    DAGUERRE_OIDC_ISSUER: "https://id.example",
    DAGUERRE_OIDC_AUDIENCE: "daguerre",
    DAGUERRE_OIDC_PROJECTS: `acme=${id}`,
  };
  expect(() => loadConfig({ ...env, DAGUERRE_OIDC_AUDIENCE: "" })).toThrow(
    "DAGUERRE_OIDC_AUDIENCE is missing",
  );
  expect(() => loadConfig({ ...env, DAGUERRE_OIDC_ROLES: "backup-admins" })).toThrow(ConfigError);
  const { oidc } = loadConfig({ ...env, DAGUERRE_OIDC_ROLES: "backup-admins=ADMIN, o=dev=VIEWER" });
  expect(oidc).toMatchObject({ roleClaim: "roles", projectClaim: "daguerre_project" });
  expect([...(oidc?.roles ?? [])]).toEqual([
    ["backup-admins", "ADMIN"],
    ["o=dev", "VIEWER"],
  ]);
  expect([...(oidc?.projects ?? [])]).toEqual([["acme", id]]);
});

it("describes every setting without its secrets", () => {
  const env = {
    DATABASE_URL: "postgres://me:hunter2@db/x?password=hunter2",
    DAGUERRE_BOOTSTRAP_KEY: "hunter2-hunter2-hunter2",
    DAGUERRE_KEY: "hunter2",
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://me:hunter2@traces.example",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "api-key=hunter2",
    OTEL_SERVICE_NAME: "graphs",
  };
  const rows = describeConfig(loadConfig(env), env);
  expect(JSON.stringify(rows)).not.toContain("hunter2");
  expect(rows.length).toBeGreaterThan(Object.keys(defaultLimits).length);
  expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  expect(rows.find((row) => row.name === "DATABASE_URL")?.value).toBe("postgres://me:***@db/x");
  expect(rows.find((row) => row.name === "OTEL_SERVICE_NAME")?.value).toBe("graphs");
});

it("describes every setting that README.md and docs name", async () => {
  const root = new URL("../../", import.meta.url);
  const pages = (await readdir(new URL("docs/", root), { recursive: true }))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const described = new Set(describeConfig(loadConfig({}), {}).map((row) => row.name));
  for (const page of ["README.md", "ARCHITECTURE.md", ...pages]) {
    const text = await readFile(new URL(page, root), "utf8");
    const named = text.match(/\b(?:(?:DAGUERRE|OTEL)_[A-Z_]*[A-Z]|DATABASE_URL|PORT|HOST)\b/g) ?? [];
    expect(
      named.filter((name) => !described.has(name)),
      page,
    ).toEqual([]);
  }
});

it.each([
  ["0.0.0.0", "http://localhost:4000"],
  ["::1", "http://[::1]:4000"],
])("listening on %s it calls itself %s", (HOST, publicUrl) => {
  expect(loadConfig({ HOST }).publicUrl).toBe(publicUrl);
});

it("reads limits, and refuses one that is no whole number", () => {
  expect(loadConfig({ DAGUERRE_MAX_BODY_BYTES: "2000" }).limits).toEqual({
    ...defaultLimits,
    bodyBytes: 2000,
  });
  for (const text of ["0", "-1", "1.5", "1e3", "99999999999999", "much"])
    expect(() => loadConfig({ DAGUERRE_MAX_BODY_BYTES: text })).toThrow(/DAGUERRE_MAX_BODY_BYTES/);
});
