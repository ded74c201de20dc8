import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import pg from "pg";
import { inject, vi } from "vitest";
import { connectDatabase, type Database, type ServiceDatabase } from "../../src/db/client.js";
import { connectTenants, type TenantDatabases } from "../../src/db/tenant-databases.js";

export interface TestDatabase {
  readonly db: ServiceDatabase;
  /** The same database as projects see it. */
  readonly tenants: TenantDatabases;
  readonly url: string;
  /** Closes `db` and drops the database; fails where the test left another connection open. */
  readonly drop: () => Promise<void>;
}

/** A migrated, empty database of the caller's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const adminUrl = inject("postgresUrl");
  await execute(adminUrl, `create database ${name} template daguerre_template`);
  const url = adminUrl.replace(/\/postgres$/, `/${name}`);
  const onIdleError = (): void => undefined;
  const options = { url, maxConnections: 5, applicationName: "test", onIdleError };
  const db = connectDatabase(options);
  const tenants = connectTenants(options);
  return {
    db,
    tenants,
    url,
    drop: async () => {
      await tenants.close();
      await db.$client.end();
      // Without FORCE, Postgres waits up to 5 s and then names the leak.
      await execute(adminUrl, `drop database ${name}`);
    },
  };
}

/** Resolves when a statement in this database waits for a lock that another transaction holds. */
export const waiting = (db: Database): Promise<void> =>
  vi.waitFor(async () => {
    const { rows } = await db.execute(
      sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length === 0) throw new Error("nothing waits");
  }, 10_000);

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
