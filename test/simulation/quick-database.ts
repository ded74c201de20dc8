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

/** Names every statement with values, so that Postgres parses and plans it once a connection. */
class NamingClient extends pg.Client {
  // pg's own overloads cannot be met by an override; pools call it with a callback, Drizzle without.
  override query(...args: never[]): never {
    const [config, values, ...rest] = args as unknown as [pg.QueryConfig | string, unknown[] | undefined];
    const send = super.query.bind(this) as (...all: unknown[]) => never;
    if (typeof config === "string" || !values) return send(...args);
    return send({ ...config, name: nameOf(config.text) }, values, ...rest);
  }
}

/** A database for a great many small transactions, whose loss with the machine would cost no more than a test. */
export function connectQuickDatabase(url: string, maxConnections: number): ServiceDatabase {
  const options = "-c synchronous_commit=off -c jit=off";
  const settings = { connectionString: url, max: maxConnections, options, Client: NamingClient };
  return drizzle<typeof tables, pg.Pool>({ client: new pg.Pool(settings), schema: tables });
}
