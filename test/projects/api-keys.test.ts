import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createUnshownKey } from "../../src/app/unshown-key.js";
import { apiKeys, projects } from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createIds } from "../../src/ids.js";
import { findApiKeyByHash, listApiKeys } from "../../src/projects/api-keys.queries.js";
import { hashApiKey } from "../../src/projects/api-key.js";
import { authenticate } from "../../src/projects/authenticate.js";
import { bootstrapProject, type UnshownKey } from "../../src/projects/bootstrap.js";
import { createApiKey } from "../../src/projects/create-api-key.js";
import { revokeApiKey } from "../../src/projects/revoke-api-key.js";
import type { Scope, Viewer } from "../../src/projects/viewer.js";
import { createTestClock, type TestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const start = new Date("2026-03-01T12:00:00Z");
let database: TestDatabase;
let clock: TestClock;
let events: EventBus;
let folder: string;
let unshown: UnshownKey;
const parts = () => ({ db: database.db, events, clock, newId: createIds(clock, randomBytes), randomBytes });
const keysOf = async (scope: Scope) =>
  (await listApiKeys(database.db, scope, { from: "start", limit: 10 })).rows;
const bootstrap = (key?: string) => bootstrapProject(database.db, { ...parts(), key, unshown });
const viewerOf = (key: string) => authenticate(database.db, clock, key);

async function asAdmin(): Promise<Viewer> {
  await bootstrap("bootstrap-key-of-the-test");
  const viewer = await viewerOf("bootstrap-key-of-the-test");
  if (!viewer) throw new Error("the bootstrap key does not work");
  return viewer;
}

beforeEach(async () => {
  database = await createTestDatabase();
  clock = createTestClock(start);
  const logger = createLogger({ level: "silent" });
  events = await createEventBus({ url: database.url, logger, reconnectDelayMs: 50 });
  folder = await mkdtemp(join(tmpdir(), "daguerre-unshown-"));
  unshown = createUnshownKey(join(folder, "admin.key"));
});
afterEach(async () => {
  await events.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it("makes the first project with an ADMIN key, once", async () => {
  const first = await bootstrap();
  expect(first).toEqual({ created: true, key: expect.stringMatching(/^dag_[\w-]{43}$/) as string });
  expect(await viewerOf(first.key ?? "")).toMatchObject({
    role: "ADMIN",
    projectName: "default",
    expiresAt: null,
  });
  await unshown.forget();
  expect(await bootstrap()).toEqual({ created: false });
  expect(await database.db.$count(apiKeys)).toBe(1);
});

it("has the key that it made at every start until it was shown", async () => {
  const { key = "" } = await bootstrap();
  expect((await stat(join(folder, "admin.key"))).mode & 0o777).toBe(0o600);
  expect(await bootstrap()).toEqual({ created: false, key });
  expect(await bootstrap("a-key-from-the-environment")).toEqual({ created: false, key });
  expect((await viewerOf(key))?.role).toBe("ADMIN");
  await unshown.forget();
  expect(await bootstrap()).toEqual({ created: false });
  expect(await readdir(folder)).toEqual([]);
});

it("makes no key that could not be kept until it is shown", async () => {
  const keep = () => Promise.reject(new Error("no space is left"));
  const made = bootstrapProject(database.db, { ...parts(), unshown: { ...unshown, keep } });
  await expect(made).rejects.toThrow("no space is left");
  expect(await database.db.$count(projects)).toBe(0);
});

it("shows no key that was kept in vain, for another database, or is revoked", async () => {
  await unshown.keep("dag_kept-by-a-start-whose-transaction-failed");
  const { key = "" } = await bootstrap();
  expect(key).not.toContain("kept");
  expect(await bootstrap()).toEqual({ created: false, key });
  const viewer = await viewerOf(key);
  expect((await revokeApiKey(parts(), viewer!, { keyId: viewer!.keyId })).errors).toEqual([]);
  expect(await bootstrap()).toEqual({ created: false });
  await unshown.keep("dag_of-another-database");
  expect(await bootstrap()).toEqual({ created: false });
});

it("makes one project when several processes start at once", async () => {
  const results = await Promise.all([bootstrap(), bootstrap(), bootstrap(), bootstrap()]);
  expect(results.filter((result) => result.created)).toHaveLength(1);
  expect(await database.db.$count(projects)).toBe(1);
  expect(await database.db.$count(apiKeys)).toBe(1);
});

it("takes a given key on the first start and on a later one, without giving it back", async () => {
  expect(await bootstrap("a-key-from-the-environment")).toEqual({ created: true });
  expect(await bootstrap("another-key-of-later-days")).toEqual({ created: false });
  expect(await bootstrap("another-key-of-later-days")).toEqual({ created: false });
  expect((await viewerOf("another-key-of-later-days"))?.role).toBe("ADMIN");
  expect(await database.db.$count(projects)).toBe(1);
  expect(await database.db.$count(apiKeys)).toBe(2);
});

it("stores no key", async () => {
  const { key = "" } = await bootstrap();
  const [row] = await database.db.select().from(apiKeys);
  expect(JSON.stringify(row)).not.toContain(key);
  expect(row).toMatchObject({ secretSha256: hashApiKey(key), prefix: key.slice(0, 8) });
});

it("knows nobody by a wrong key", async () => {
  await bootstrap();
  expect(await viewerOf("")).toBeUndefined();
  expect(await viewerOf("dag_wrong")).toBeUndefined();
});

it("ends a key at the instant it expires", async () => {
  const expiresAt = new Date(start.getTime() + 1_000);
  const made = await createApiKey(parts(), await asAdmin(), { name: "ci", role: "VIEWER", expiresAt });
  clock.advance(999);
  expect(await viewerOf(made.secret ?? "")).toMatchObject({ role: "VIEWER", keyName: "ci", expiresAt });
  clock.advance(1);
  expect(await viewerOf(made.secret ?? "")).toBeUndefined();
});

it("refuses a name of 0 or 101 characters and an expiry that is not ahead", async () => {
  const viewer = await asAdmin();
  const ask = async (name: string, expiresAt?: Date) =>
    (await createApiKey(parts(), viewer, { name, role: "MEMBER", expiresAt })).errors.map(
      (error) => error.path,
    );
  expect(await ask("  ")).toEqual([["input", "name"]]);
  expect(await ask("x".repeat(101), start)).toEqual([
    ["input", "name"],
    ["input", "expiresAt"],
  ]);
  expect(await ask("ok", new Date(Number.NaN))).toEqual([["input", "expiresAt"]]);
  expect(await keysOf(viewer)).toHaveLength(1);
});

it("revokes a key for good, once, and only one's own project's", async () => {
  const viewer = await asAdmin();
  const { apiKey, secret = "" } = await createApiKey(parts(), viewer, { name: "ci", role: "MEMBER" });
  const keyId = apiKey?.id ?? "";
  const foreigner = { ...viewer, projectId: createIds(clock, randomBytes)() };
  expect((await revokeApiKey(parts(), foreigner, { keyId })).errors[0]?.kind).toBe("NotFound");
  expect(await viewerOf(secret)).toBeDefined();
  expect((await revokeApiKey(parts(), viewer, { keyId })).apiKey?.revokedAt).toEqual(start);
  expect(await viewerOf(secret)).toBeUndefined();
  clock.advance(5_000);
  expect((await revokeApiKey(parts(), viewer, { keyId })).apiKey?.revokedAt).toEqual(start);
});

it("writes down the last use at most once a minute", async () => {
  const { key = "" } = await bootstrap();
  const lastUse = async () => (await findApiKeyByHash(database.db, hashApiKey(key)))?.apiKey.lastUsedAt;
  await viewerOf(key);
  await vi.waitFor(async () => expect(await lastUse()).toEqual(start));
  const update = vi.spyOn(database.db, "update");
  clock.advance(60_000);
  await viewerOf(key);
  expect(update).not.toHaveBeenCalled();
  clock.advance(1);
  await viewerOf(key);
  await vi.waitFor(async () => expect(await lastUse()).toEqual(clock.now()));
  expect(await database.db.$count(apiKeys, eq(apiKeys.lastUsedAt, clock.now()))).toBe(1);
});
