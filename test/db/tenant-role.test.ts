import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/db/embedded-postgres.js";
import { migrateDatabase } from "../../src/db/migrate.js";
import { snapshots } from "../../src/db/tables/index.js";
import { connectTenants } from "../../src/db/tenant-databases.js";

// A Postgres of its own: roles belong to all of it, and here there are none yet.
let directory: string;
let postgres: EmbeddedPostgres;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dag-roles-"));
  postgres = await startEmbeddedPostgres({ directory });
});
afterAll(async () => {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
});

async function asAdministrator(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** A database of its own for a user who is no superuser, and its address. */
async function makeDatabase(user: string, rights: string): Promise<string> {
  await asAdministrator(
    `create role ${user} login password 'x' ${rights}`,
    `create database ${user} owner ${user}`,
  );
  return Object.assign(new URL(postgres.url), { username: user, password: "x", pathname: `/${user}` }).href;
}

async function countSnapshots(url: string): Promise<number> {
  const tenants = connectTenants({
    url,
    maxConnections: 1,
    applicationName: "test",
    onIdleError: () => undefined,
  });
  const db = tenants.open("00000000-0000-0000-0000-000000000000");
  const { rows } = await db.execute(sql`select current_user as name`);
  expect(rows).toEqual([{ name: "daguerre_tenant" }]);
  const count = await db.$count(snapshots);
  await tenants.close();
  return count;
}

it("asks an administrator where nobody has made the role and this user may not", async () => {
  const url = await makeDatabase("humble", "");
  const cure = 'create role daguerre_tenant nologin; grant daguerre_tenant to "humble"';
  await expect(migrateDatabase(url)).rejects.toThrow(cure);
  await asAdministrator(...cure.split("; "));
  await migrateDatabase(url);
  expect(await countSnapshots(url)).toBe(0);
  await asAdministrator("drop database humble", "drop role daguerre_tenant", "drop role humble");
});

it("makes the role itself where the user may make roles, once for all databases", async () => {
  const [first, second] = [await makeDatabase("one", "createrole"), await makeDatabase("two", "createrole")];
  await migrateDatabase(first);
  expect(await countSnapshots(first)).toBe(0);
  // Made by another, it has to be given by somebody who may.
  await expect(migrateDatabase(second)).rejects.toThrow('grant daguerre_tenant to "two"');
  await asAdministrator("grant daguerre_tenant to two");
  await Promise.all([migrateDatabase(second), migrateDatabase(first)]);
  expect(await countSnapshots(second)).toBe(0);
});

it("refuses a role that sees every row", async () => {
  await asAdministrator("alter role daguerre_tenant bypassrls");
  await expect(migrateDatabase(postgres.url)).rejects.toThrow("nobypassrls");
});
