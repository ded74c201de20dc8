import type * as EmbeddedPostgres from "../src/db/embedded-postgres.js";
import type * as Migrate from "../src/db/migrate.js";
import { join } from "node:path";
import pg from "pg";
import { type BenchContext, product } from "./bench.ts";
import { seedFleet } from "./fleet-seed.ts";

/** The instant at which fleets are looked at. */
export const fleetNow = new Date("2026-07-15T12:00:00.000Z");
export const snapshotsPerInstance = 1000;

export interface SeededFleet {
  readonly instances: number;
  readonly rows: number;
  readonly url: string;
}

/** Fleets of the given sizes, each in a database of its own on one Postgres, which `close` stops. */
export async function startFleets({ directory, log }: BenchContext, sizes: readonly number[]) {
  const { startEmbeddedPostgres } = await product<typeof EmbeddedPostgres>("db/embedded-postgres.js");
  const { migrateDatabase } = await product<typeof Migrate>("db/migrate.js");
  const postgres = await startEmbeddedPostgres({ directory: join(directory, "postgres") });
  const fleets: SeededFleet[] = [];
  for (const instances of sizes) {
    const url = postgres.url.replace(/\/postgres$/, `/fleet_${instances}`);
    const rows = instances * snapshotsPerInstance;
    await onClient(postgres.url, (client) => client.query(`create database fleet_${instances}`));
    await migrateDatabase(url);
    const onProgress = (made: number) =>
      log(`${made.toLocaleString("en")} of ${rows.toLocaleString("en")} rows`);
    await onClient(url, (client) =>
      seedFleet(client, { instances, snapshotsPerInstance, now: fleetNow, onProgress }),
    );
    fleets.push({ instances, rows, url });
  }
  return { fleets, close: () => postgres.stop() };
}

export async function onClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}
