import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as tables from "./tables/index.js";

export type Database = NodePgDatabase<typeof tables>;
/** As the service itself sees it: every row of every project. */
export type ServiceDatabase = Database & { $client: pg.Pool };
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** What queries take first: the database itself, or a transaction on it. */
export type Queryable = Database | Transaction;

export interface DatabaseOptions {
  readonly url: string;
  /** Connections of the pool at most. */
  readonly maxConnections: number;
  readonly applicationName: string;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError: (error: Error) => void;
}

/** Opens the pool. Nothing connects before the first query; `database.$client.end()` closes it. */
export function connectDatabase(options: DatabaseOptions): ServiceDatabase {
  return drizzle<typeof tables, pg.Pool>({ client: openPool(options), schema: tables });
}

export function openPool(options: DatabaseOptions, settings: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    ...settings,
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
  });
  pool.on("error", options.onIdleError);
  // One that breaks while it is in use is told to its statement; the event of its own must not end the process.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}
