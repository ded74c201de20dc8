import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { ensureTenantRole, grantToTenants } from "./tenant-role.js";

/** Any number will do as long as every process of every version takes the same one. */
const migrationLock = 4_207_318_839;

export interface MigrateOptions {
  /** Folder of the generated SQL; by default `migrations/` of this package. */
  readonly migrationsFolder?: string;
}

/**
 * Brings the database at `url` up to date. Safe to call from several processes at once: drizzle's migrator
 * is not, so a session lock on the one client goes around it. Throws what the driver throws, and TenantRoleError.
 */
export async function migrateDatabase(url: string, options: MigrateOptions = {}): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "daguerre-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await ensureTenantRole(client);
    await migrate(drizzle({ client }), {
      migrationsFolder: options.migrationsFolder ?? getMigrationsFolder(),
    });
    await grantToTenants(client);
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

/** Walks up, because the depth differs between src/ and dist/. */
function getMigrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "migrations", "meta", "_journal.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("No migrations/ folder above " + fileURLToPath(import.meta.url));
    folder = parent;
  }
  return join(folder, "migrations");
}
