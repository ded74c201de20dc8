import { randomBytes, randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/db/client.js";
import { migrateDatabase } from "../../src/db/migrate.js";
import * as tables from "../../src/db/tables/index.js";
import { asService } from "../../src/db/tenant-role.js";
import { connectTenants } from "../../src/db/tenant-databases.js";
import { findInstance, listInstances } from "../../src/instances/instances.queries.js";
import { makeApiKey } from "../../src/projects/api-key.js";
import { insertApiKey } from "../../src/projects/api-keys.queries.js";
import type { Scope } from "../../src/projects/viewer.js";
import { loadChains, loadSnapshots } from "../../src/snapshots/snapshots.queries.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const { apiKeys, exports_, instances, operations, projects, snapshots } = tables;
let database: TestDatabase;
let mine: Tenant;
let theirs: Tenant;

interface Tenant {
  readonly scope: Scope;
  readonly db: Database;
  readonly instanceId: string;
  readonly snapshotId: string;
}

/** A project with a row in every table. */
async function insertTenant(): Promise<Tenant> {
  const { db } = database;
  const scope = await insertProject(db);
  const instanceId = await insertInstance(db, scope);
  const snapshot = snapshotRow(scope, instanceId);
  await db.insert(snapshots).values(snapshot);
  const operationId = randomUUID();
  await db.insert(operations).values({
    id: operationId,
    projectId: scope.projectId,
    instanceId,
    kind: "EXPORT",
    status: "QUEUED",
    phase: "QUEUED",
    exclusive: false,
    sourceSnapshotId: snapshot.id,
    createdAt: start,
  });
  await db.insert(exports_).values({
    operationId,
    fileName: "graph.backup",
    objectKey: "exports/1",
    wrappedKey: "",
    sizeBytes: 1,
    sha256: "b".repeat(64),
    expiresAt: later(1000),
  });
  const key = { id: randomUUID(), projectId: scope.projectId, name: "key", role: "ADMIN" } as const;
  await insertApiKey(db, makeApiKey(randomBytes), { ...key, createdAt: start, expiresAt: null });
  return { scope, db: database.tenants.open(scope.projectId), instanceId, snapshotId: snapshot.id };
}

beforeAll(async () => {
  database = await createTestDatabase();
  mine = await insertTenant();
  theirs = await insertTenant();
});
afterAll(() => database.drop());

it("has every table behind the second wall", async () => {
  const { rows } = await database.db.execute<{ relname: string }>(
    sql`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
  );
  expect(rows.map((row) => row.relname)).toEqual([]);
});

it("runs as somebody who cannot look past it", async () => {
  const { rows } = await mine.db.execute(
    sql`select current_user as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user`,
  );
  expect(rows).toEqual([{ name: "daguerre_tenant", rolsuper: false, rolbypassrls: false }]);
});

describe("without the first wall", () => {
  it.each([
    ["projects", projects, projects.id],
    ["api_keys", apiKeys, apiKeys.projectId],
    ["instances", instances, instances.projectId],
    ["snapshots", snapshots, snapshots.projectId],
    ["operations", operations, operations.projectId],
  ] as const)("all of %s is the project's own", async (_name, table, projectId) => {
    expect((await database.db.selectDistinct({ projectId }).from(table)).length).toBe(2);
    expect(await mine.db.select({ projectId }).from(table)).toEqual([{ projectId: mine.scope.projectId }]);
  });

  it("exports follow their operations", async () => {
    expect(await database.db.$count(exports_)).toBe(2);
    expect(await mine.db.$count(exports_)).toBe(1);
  });

  it("a query with a foreign scope finds nothing", async () => {
    const page = { from: "start", limit: 10 } as const;
    expect(await findInstance(theirs.db, theirs.scope, theirs.instanceId)).toBeDefined();
    expect(await findInstance(mine.db, theirs.scope, theirs.instanceId)).toBeUndefined();
    expect((await listInstances(mine.db, theirs.scope, page)).rows).toEqual([]);
    expect(await loadSnapshots(mine.db, theirs.scope, [theirs.snapshotId])).toEqual(new Map());
    expect((await loadChains(mine.db, theirs.scope, [theirs.snapshotId])).size).toBe(0);
  });

  it("nothing of others can be changed, deleted, locked or made", async () => {
    const name = "stolen";
    expect((await mine.db.update(instances).set({ name }).returning()).map((row) => row.id)).toEqual([
      mine.instanceId,
    ]);
    const gone = mine.db.delete(snapshots).where(eq(snapshots.id, theirs.snapshotId)).returning();
    expect(await gone).toEqual([]);
    const locked = mine.db.transaction((tx) =>
      tx.select().from(instances).where(eq(instances.id, theirs.instanceId)).for("update"),
    );
    expect(await locked).toEqual([]);
    const row = { ...snapshotRow(theirs.scope, theirs.instanceId) };
    await expect(mine.db.insert(snapshots).values(row)).rejects.toMatchObject({
      cause: { code: "42501", message: expect.stringContaining("row-level security") as string },
    });
    await expect(
      mine.db.update(instances).set({ projectId: theirs.scope.projectId }).execute(),
    ).rejects.toMatchObject({ cause: { code: "42501" } });
  });

  it("a connection that was told no project sees nothing", async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("set role daguerre_tenant");
    expect((await client.query("select from snapshots")).rowCount).toBe(0);
    await client.end();
  });
});

it("never mixes projects up on shared connections, in transactions, after failures and under load", async () => {
  const narrow = connectTenants({
    url: database.url,
    maxConnections: 2,
    applicationName: "test",
    onIdleError: () => undefined,
  });
  const look = async ({ scope }: Tenant, nth: number) => {
    const db = narrow.open(scope.projectId);
    const read = () => db.select({ projectId: snapshots.projectId }).from(snapshots);
    if (nth % 4 === 1) await expect(db.execute(sql`select 1 / 0`)).rejects.toThrow();
    if (nth % 4 === 2) await expect(db.transaction((tx) => tx.execute(sql`select 1 / 0`))).rejects.toThrow();
    if (nth % 4 === 3)
      return db.transaction((tx) => tx.select({ projectId: snapshots.projectId }).from(snapshots));
    return read();
  };
  const tenants = Array.from({ length: 200 }, (_, nth) => (nth % 3 === 0 ? mine : theirs));
  const seen = await Promise.all(tenants.map(look));
  expect(seen).toEqual(tenants.map(({ scope }) => [{ projectId: scope.projectId }]));
  await narrow.close();
});

it("never mixes projects up on the lanes that named reads share, nor stays on one that broke", async () => {
  const lanes = connectTenants({
    url: database.url,
    maxConnections: 2,
    applicationName: "lanes",
    onIdleError: () => undefined,
  });
  const both = [mine.snapshotId, theirs.snapshotId];
  const read = async ({ scope }: Tenant) => [
    ...(await loadSnapshots(lanes.open(scope.projectId), scope, both)).keys(),
  ];
  const tenants = Array.from({ length: 200 }, (_, nth) => (nth % 3 === 0 ? mine : theirs));
  const own = tenants.map(({ snapshotId }) => [snapshotId]);
  expect(await Promise.all(tenants.map(read))).toEqual(own);
  const reading = Promise.allSettled(tenants.map(read));
  const { rowCount } = await database.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lanes'`,
  );
  expect(rowCount).toBeGreaterThan(0);
  for (const [nth, read] of (await reading).entries())
    if (read.status === "fulfilled") expect(read.value).toEqual(own[nth]);
  await expect.poll(() => read(mine).catch(() => undefined)).toEqual([mine.snapshotId]);
  expect(await Promise.all(tenants.map(read))).toEqual(own);
  await lanes.close();
});

it("gives up what takes too long, however it is sent, and goes on; what the service does itself may take its time", async () => {
  const impatient = connectTenants({
    url: database.url,
    maxConnections: 1,
    applicationName: "test",
    onIdleError: () => undefined,
    statementTimeoutMs: 50,
  });
  const db = impatient.open(mine.scope.projectId);
  const sleep = sql`select pg_sleep(60)`;
  const tooLong = { cause: { code: "57014" } };
  await expect(db.execute(sleep)).rejects.toMatchObject(tooLong);
  await expect(db.transaction((tx) => tx.execute(sleep))).rejects.toMatchObject(tooLong);
  const named = db.$client.query({ name: "sleep", text: "select pg_sleep(60)", rowMode: "array" });
  const behind = loadSnapshots(db, mine.scope, [mine.snapshotId, theirs.snapshotId]);
  await expect(named).rejects.toMatchObject({ code: "57014" });
  expect([...(await behind).keys()]).toEqual([mine.snapshotId]);
  expect(await db.$count(snapshots)).toBe(1);
  const setting = sql`select current_setting('statement_timeout') as is`;
  expect((await database.db.execute(setting)).rows).toEqual([{ is: "0" }]);
  expect((await db.execute(setting)).rows).toEqual([{ is: "50ms" }]);
  await impatient.close();
});

it("steps aside for the service's own part of a transaction, and comes back", async () => {
  const counts = await mine.db.transaction(async (tx) => [
    await tx.$count(snapshots),
    await asService(tx, () => tx.$count(snapshots)),
    await tx.$count(snapshots),
  ]);
  expect(counts).toEqual([1, 2, 1]);
  expect(await mine.db.$count(snapshots)).toBe(1);
});

it("tells an administrator what to do where the user may not take the role", async () => {
  const name = `plain_${randomBytes(4).toString("hex")}`;
  await database.db.execute(sql.raw(`create role ${name} login password 'x'`));
  const url = new URL(database.url);
  Object.assign(url, { username: name, password: "x" });
  await expect(migrateDatabase(url.href)).rejects.toThrow(
    `have an administrator run: create role daguerre_tenant nologin; grant daguerre_tenant to "${name}"`,
  );
  await database.db.execute(sql.raw(`drop role ${name}`));
});
