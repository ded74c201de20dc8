import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { migrateDatabase } from "../db/migrate.js";
import { CommandFailure } from "./failure.js";

/** Applies the migrations to the database that DATABASE_URL names; the embedded one is migrated by `up`. */
export async function runMigrate(): Promise<void> {
  const { databaseUrl } = loadConfig(readEnv());
  if (databaseUrl === undefined) {
    throw new CommandFailure(
      "DATABASE_URL is not set; 'daguerre up' migrates the embedded database by itself",
    );
  }
  await migrateDatabase(databaseUrl);
  console.log("The database is up to date.");
}
