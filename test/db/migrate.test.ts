import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { migrateDatabase } from "../../src/db/migrate.js";
import { createTestDatabase } from "../support/database.js";

it("lets several processes migrate at once and again", async () => {
  const { db, url, drop } = await createTestDatabase();
  await db.execute(sql`drop schema public cascade`);
  await db.execute(sql`drop schema if exists drizzle cascade`);
  await db.execute(sql`create schema public`);
  await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
  const rows = await db.execute(sql`select 1 from drizzle.__drizzle_migrations`);
  expect(rows.rowCount).toBeGreaterThan(0);
  await drop();
});
