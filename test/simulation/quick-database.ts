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

type Send = (...all: unknown[]) => unknown;
type Callback = (error: Error | null, result?: unknown) => void;

const nothing = { rows: [], fields: [], rowCount: null, oid: 0 };

/** Commits that have been sent and not yet answered, by their connection. */
const commits = new Map<object, Promise<unknown>>();

/**
 * What costs the simulation most is the way to Postgres and back, so it goes there less often: every statement with values is
 * named, and so parsed and planned once a connection; the BEGIN of a transaction travels with its first statement; and nobody waits
 * for a COMMIT, but what is sent next: over the same connection it comes after it anyway, over another it is held back until then.
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
    const [config, values, ...rest] = args as unknown as [pg.QueryConfig | string, unknown, ...unknown[]];
    const send = super.query.bind(this) as Send;
    const text = typeof config === "string" ? config : config.text;
    const last: unknown = args.at(-1);
    if (typeof last !== "function") {
      if (text === "begin") {
        this.toBegin = true;
        return Promise.resolve({ ...nothing, command: "BEGIN" }) as never;
      }
      if (text === "commit") {
        this.commit(send);
        return Promise.resolve({ ...nothing, command: "COMMIT" }) as never;
      }
    }
    const named: unknown[] =
      typeof config === "string" || !Array.isArray(values) || values.length === 0
        ? args
        : [{ ...config, name: nameOf(config.text) }, values, ...rest];
    const before = [...commits].filter(([client]) => client !== this).map(([, commit]) => commit);
    if (before.length === 0) return this.send(send, named) as never;
    const sent = Promise.all(before).then(() => this.send(send, named));
    if (typeof last === "function") return void sent.catch(last as Callback) as never;
    return sent as never;
  }

  private send(send: Send, args: unknown[]): unknown {
    if (!this.toBegin) return send(...args);
    this.toBegin = false;
    this.wire.cork();
    void send("begin");
    const sent = send(...args);
    this.wire.uncork();
    return sent;
  }

  /** One that fails ends the process, and so the test: nothing after it can be true. */
  private commit(send: Send): void {
    if (this.toBegin) return void (this.toBegin = false);
    const sent = Promise.resolve(send("commit")).finally(() => {
      if (commits.get(this) === sent) commits.delete(this);
    });
    commits.set(this, sent);
  }
}

/**
 * A database for a great many small transactions, whose loss with the machine would cost no more than a test. Plans are made once:
 * there are few statements, and each comes thousands of times.
 */
export function connectQuickDatabase(url: string, maxConnections: number): ServiceDatabase {
  const options = "-c synchronous_commit=off -c jit=off -c plan_cache_mode=force_generic_plan";
  const settings = {
    connectionString: url,
    max: maxConnections,
    options,
    Client: QuickClient as unknown as pg.PoolConfig["Client"],
  };
  return drizzle<typeof tables, pg.Pool>({ client: new pg.Pool(settings), schema: tables });
}
