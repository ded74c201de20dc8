import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { openPool, type Database, type DatabaseOptions } from "./client.js";
import * as tables from "./tables/index.js";
import { projectSetting, tenantRole } from "./tables/tenancy.js";

/** The database as projects see it: the second wall between them, beneath the scope that every query takes. */
export interface TenantDatabases {
  /**
   * A database in which rows of other projects do not exist, whatever a statement asks for: Postgres filters them
   * (row-level security) under a role that cannot look past it. All projects share one pool.
   */
  open(projectId: string): Database;
  close(): Promise<void>;
}

const keptDatabases = 1000;

/** Opens the pool; the role has been made by the migrations. Nothing connects before the first query. */
export function connectTenants(options: DatabaseOptions): TenantDatabases {
  // In a pipeline a change of project travels with the statement, without a round trip of its own.
  const connections = new ScopedConnections(openPool(options, { pipeline: true }));
  const databases = new Map<string, Database>();
  return {
    open(projectId) {
      const known = databases.get(projectId);
      if (known) return known;
      const [oldest] = databases.keys();
      if (databases.size >= keptDatabases && oldest !== undefined) databases.delete(oldest);
      const client = new TenantPool(connections, projectId) as unknown as pg.Pool;
      const database = drizzle<typeof tables, pg.Pool>({ client, schema: tables });
      databases.set(projectId, database);
      return database;
    },
    close: () => connections.pool.end(),
  };
}

const enter = {
  name: "daguerre-enter-project",
  text: "select set_config('role', $1, false), set_config($2, $3, false)",
};

/** Connections that remember whose they are, so that only a change of project costs a statement. */
class ScopedConnections {
  private readonly projects = new WeakMap<pg.PoolClient, string>();

  constructor(readonly pool: pg.Pool) {}

  async take(): Promise<pg.PoolClient> {
    return this.pool.connect();
  }

  /** Undefined where the connection is the project's already. */
  enter(client: pg.PoolClient, projectId: string): Promise<void> | undefined {
    if (this.projects.get(client) === projectId) return undefined;
    this.projects.delete(client);
    const values = [tenantRole.name, projectSetting, projectId];
    return client.query({ ...enter, values }).then(() => void this.projects.set(client, projectId));
  }
}

/** What Drizzle takes for a pool (it goes by the word in the name). */
class TenantPool {
  constructor(
    private readonly connections: ScopedConnections,
    private readonly projectId: string,
  ) {}

  /** For transactions: the project's until it is given back. */
  async connect(): Promise<pg.PoolClient> {
    const client = await this.connections.take();
    try {
      await this.connections.enter(client, this.projectId);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    const client = await this.connections.take();
    const entering = this.connections.enter(client, this.projectId);
    const result = client.query(config, values);
    if (entering) {
      try {
        await entering;
      } catch (error) {
        // What the statement read as somebody else is thrown away unseen, and the connection with it.
        await result.catch(() => undefined);
        client.release(true);
        throw error;
      }
    }
    return result.finally(() => client.release());
  }
}
