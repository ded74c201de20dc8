import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { ServiceDatabase } from "../../src/db/client.js";
import * as tables from "../../src/db/tables/index.js";

const names = new Map<string, string>();
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = createHash("sha1").update(text).digest("hex")));
  return name;
}

/**
 * Names every statement with values, so that Postgres parses and plans it once a connection, and lets the BEGIN of a
 * transaction travel with its first statement: what costs the simulation most is the way to Postgres and back.
 */
class QuickClient extends pg.Client {
  private readonly wire: { cork(): void; uncork(): void };
  private toBegin = false;

  constructor(config: pg.ClientConfig) {
    super({ ...config, pipeline: true });
    this.wire = (this as unknown as { connection: { stream: QuickClient["wire"] } }).connection.stream;
  }

  // pg's own overloads cannot be met by an override; pools call it with a callback, Drizzle without.
  override query(...args: never[]): never {
    const [config, values, ...rest] = args as unknown as [pg.QueryConfig | string, unknown[] | undefined];
    const send = super.query.bind(this) as (...all: unknown[]) => never;
    const text = typeof config === "string" ? config : config.text;
    if (text === "begin" && rest.length === 0) {
      this.toBegin = true;
      return Promise.resolve({ rows: [], fields: [], rowCount: null, command: "BEGIN", oid: 0 }) as never;
    }
    if (!this.toBegin) return this.sendNamed(send, args, config, values, rest);
    this.toBegin = false;
    this.wire.cork();
    void send("begin");
    const sent = this.sendNamed(send, args, config, values, rest);
    this.wire.uncork();
    return sent;
  }

  private sendNamed(
    send: (...all: unknown[]) => never,
    args: never[],
    config: pg.QueryConfig | string,
    values: unknown[] | undefined,
    rest: unknown[],
  ): never {
    if (typeof config === "string" || !values || values.length === 0) return send(...args);
    return send({ ...config, name: nameOf(config.text) }, values, ...rest);
  }
}

/** A database for a great many small transactions, whose loss with the machine would cost no more than a test. */
export function connectQuickDatabase(url: string, maxConnections: number): ServiceDatabase {
  const options = "-c synchronous_commit=off -c jit=off";
  const settings = {
    connectionString: url,
    max: maxConnections,
    options,
    Client: QuickClient as unknown as pg.PoolConfig["Client"],
  };
  return drizzle<typeof tables, pg.Pool>({ client: new pg.Pool(settings), schema: tables });
}
