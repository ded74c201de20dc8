import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as tables from "./tables/index.js";

export type Database = NodePgDatabase<typeof tables> & { $client: pg.Pool };
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
export function connectDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
  });
  pool.on("error", options.onIdleError);
  return drizzle<typeof tables, pg.Pool>({ client: pool, schema: tables });
}
