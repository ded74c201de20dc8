import { join } from "node:path";
import type { Config } from "../config/config.js";
import { connectDatabase, type ServiceDatabase } from "../db/client.js";
import { startEmbeddedPostgres } from "../db/embedded-postgres.js";
import { migrateDatabase } from "../db/migrate.js";
import { connectTenants, type TenantDatabases } from "../db/tenant-databases.js";
import type { Logger } from "../telemetry/logger.js";
import type { OnClose } from "./closers.js";

export interface Databases {
  readonly url: string;
  /** For what the service does by itself: sees every project. */
  readonly db: ServiceDatabase;
  /** For what somebody asks: each sees a project alone. */
  readonly tenants: TenantDatabases;
}

/** The Postgres that the configuration names, or else the embedded one; migrated, and with its pools. */
export async function openDatabases(config: Config, logger: Logger, onClose: OnClose): Promise<Databases> {
  let url = config.databaseUrl;
  if (url === undefined) {
    const postgres = await startEmbeddedPostgres({ directory: join(config.home, "postgres") });
    onClose(() => postgres.stop());
    url = postgres.url;
  }
  await migrateDatabase(url);
  const pool = {
    url,
    maxConnections: 10,
    onIdleError: (error: Error) => logger.warn({ err: error }, "an idle database connection broke"),
  };
  const db = connectDatabase({ ...pool, applicationName: "daguerre" });
  onClose(() => db.$client.end());
  const tenants = connectTenants({
    ...pool,
    applicationName: "daguerre-tenants",
    statementTimeoutMs: config.limits.statementMs,
  });
  onClose(() => tenants.close());
  return { url, db, tenants };
}
