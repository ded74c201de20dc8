import { once } from "node:events";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type pg from "pg";
import * as tables from "./tables/index.js";
import { TracedPool } from "./traced-pool.js";

/** What runs statements beneath Drizzle. */
export interface StatementRunner {
  query(config: pg.QueryArrayConfig & { name?: string }): Promise<pg.QueryArrayResult<unknown[]>>;
}

export type Database = NodePgDatabase<typeof tables> & { $client: StatementRunner };
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

/**
 * Ends when its connections have: pg's own `end` resolves while they still say goodbye, and a Postgres that is
 * stopped at that moment breaks them off, which the pool then warns of.
 */
class DrainedPool extends TracedPool {
  private connections = 0;

  constructor(config: pg.PoolConfig) {
    super(config);
    this.on("connect", () => void this.connections++);
    this.on("remove", () => void this.connections--);
  }

  override async end(): Promise<void> {
    await super.end();
    while (this.connections > 0) await once(this, "remove");
  }
}

export function openPool(options: DatabaseOptions, settings: pg.PoolConfig = {}): pg.Pool {
  const pool = new DrainedPool({
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
