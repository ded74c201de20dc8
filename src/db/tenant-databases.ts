import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import { openPool, type Database, type DatabaseOptions } from "./client.js";
import { Broken, Lanes } from "./lanes.js";
import { againIfLost } from "./lost-races.js";
import * as tables from "./tables/index.js";
import { projectSetting, tenantRole } from "./tables/tenancy.js";

/** The database as projects see it: the second wall between them, beneath the scope that every query takes. */
export interface TenantDatabases {
  /**
   * A database in which rows of other projects do not exist, whatever a statement asks for: Postgres filters them
   * (row-level security) under a role that cannot look past it. All projects share its connections. A transaction that loses
   * to another is run again: what use cases do in one, they do by its statements alone.
   */
  open(projectId: string): Database;
  close(): Promise<void>;
}

const keptDatabases = 1000;
/** Two, so that a page which takes its time does not hold up every other one. */
const sharedConnections = 2;

export interface TenantOptions extends DatabaseOptions {
  /**
   * After which Postgres gives up a statement; unless told, never. What a project asks for must not keep a connection that
   * others wait for. What the service does by itself takes as long as it takes, on connections of its own.
   */
  readonly statementTimeoutMs?: number;
}

/** Opens the pools; the role has been made by the migrations. Nothing connects before the first query. */
export function connectTenants({ statementTimeoutMs, ...options }: TenantOptions): TenantDatabases {
  // In a pipeline a change of project travels with the statement, without a round trip of its own.
  const settings = {
    pipeline: true,
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
  };
  const pool = openPool(options, settings);
  const shared = openPool({ ...options, maxConnections: sharedConnections }, settings);
  const lanes = new Lanes(shared);
  const projects = new ConnectionProjects("auto");
  // A named read has one good plan for all values; left alone, Postgres would plan many of them anew at each call.
  const sharedProjects = new ConnectionProjects("force_generic_plan");
  const databases = new Map<string, Database>();
  return {
    open(projectId) {
      const known = databases.get(projectId);
      if (known) return known;
      const [oldest] = databases.keys();
      if (databases.size >= keptDatabases && oldest !== undefined) databases.delete(oldest);
      const client = new TenantPool(
        { pool, projects },
        { lanes, projects: sharedProjects },
        projectId,
      ) as unknown as pg.Pool;
      const database = drizzle<typeof tables, pg.Pool>({ client, schema: tables });
      const transact = database.transaction.bind(database);
      database.transaction = (effect, config) => againIfLost(() => transact(effect, config));
      databases.set(projectId, database);
      return database;
    },
    close: async () => {
      await Promise.all([pool.end(), shared.end()]);
    },
  };
}

const enter = {
  name: "daguerre-enter-project",
  text: "select set_config('role', $1, false), set_config($2, $3, false), set_config('plan_cache_mode', $4, false)",
};

interface Entered {
  readonly projectId: string;
  /** Until it has succeeded: what was sent behind it must not be believed before. */
  pending: Promise<void> | undefined;
}

/** Remembers whose each connection is, so that only a change of project costs a statement. */
class ConnectionProjects {
  private readonly entered = new WeakMap<pg.PoolClient, Entered>();

  constructor(private readonly planCacheMode: "auto" | "force_generic_plan") {}

  /** Undefined where the connection is the project's already. */
  enter(client: pg.PoolClient, projectId: string): Promise<void> | undefined {
    const last = this.entered.get(client);
    if (last?.projectId === projectId) return last.pending;
    const values = [tenantRole.name, projectSetting, projectId, this.planCacheMode];
    const next: Entered = {
      projectId,
      pending: client.query({ ...enter, values }).then(() => (next.pending = undefined)),
    };
    this.entered.set(client, next);
    return next.pending;
  }
}

/** What Drizzle takes for a pool (it goes by the word in the name). */
class TenantPool {
  constructor(
    private readonly own: { readonly pool: pg.Pool; readonly projects: ConnectionProjects },
    private readonly shared: { readonly lanes: Lanes; readonly projects: ConnectionProjects },
    private readonly projectId: string,
  ) {}

  /** For transactions: the project's until it is given back. */
  async connect(): Promise<pg.PoolClient> {
    const client = await this.own.pool.connect();
    try {
      await this.own.projects.enter(client, this.projectId);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Named statements are short, and share connections. */
  async query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    const { own, shared } = this;
    if (config.name) return shared.lanes.run((client) => this.ask(shared.projects, client, config, values));
    const client = await own.pool.connect();
    let broken = false;
    try {
      return await this.ask(own.projects, client, config, values);
    } catch (error) {
      broken = error instanceof Broken;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async ask(
    projects: ConnectionProjects,
    client: pg.PoolClient,
    config: pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult> {
    const entering = projects.enter(client, this.projectId);
    const result = client.query(config, values);
    if (!entering) return result;
    try {
      await entering;
    } catch (cause) {
      // What the statement read as somebody else is thrown away unseen, and the connection with it.
      await result.catch(() => undefined);
      throw new Broken("The connection could not be given to the project.", { cause });
    }
    return result;
  }
}
