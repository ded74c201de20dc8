import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { connectDatabase, type ServiceDatabase } from "../db/client.js";
import { startEmbeddedPostgres } from "../db/embedded-postgres.js";
import { migrateDatabase } from "../db/migrate.js";
import { findRunningPostgres } from "../db/running-postgres.js";
import { CommandFailure } from "./failure.js";

/**
 * Works on the service's database: the one that DATABASE_URL names, or the embedded one, be it that a service has it
 * running or that nobody has, when it runs for the while.
 */
export async function withDatabase<Result>(
  work: (db: ServiceDatabase, url: string) => Promise<Result>,
): Promise<Result> {
  const { databaseUrl, home } = loadConfig(readEnv());
  const directory = join(home, "postgres");
  const url = databaseUrl ?? (await findRunningPostgres(directory));
  if (url !== undefined) return onUrl(url, work);
  if (!existsSync(join(directory, "data", "PG_VERSION")))
    throw new CommandFailure(
      `there is no database in ${home} yet; start the service once, or set DAGUERRE_HOME or DATABASE_URL`,
    );
  const postgres = await startEmbeddedPostgres({ directory });
  try {
    return await onUrl(postgres.url, work);
  } finally {
    await postgres.stop();
  }
}

async function onUrl<Result>(
  url: string,
  work: (db: ServiceDatabase, url: string) => Promise<Result>,
): Promise<Result> {
  await migrateDatabase(url);
  const onIdleError = () => undefined;
  const db = connectDatabase({ url, maxConnections: 2, applicationName: "daguerre-command", onIdleError });
  try {
    return await work(db, url);
  } finally {
    await db.$client.end();
  }
}
