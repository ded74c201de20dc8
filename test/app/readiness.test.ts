import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { startService, type Service } from "../../src/app/service.js";
import { systemClock } from "../../src/clock.js";
import { loadConfig } from "../../src/config/config.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

/** Of the service as it runs: each part is taken away in turn, and comes back. */
const lines: string[] = [];
let folder: string;
let database: TestDatabase;
let service: Service;
let cluster: pg.Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dag-ready-"));
  database = await createTestDatabase();
  cluster = new pg.Client({ connectionString: inject("postgresUrl") });
  await cluster.connect();
  const config = loadConfig({ DAGUERRE_HOME: folder, DATABASE_URL: database.url, PORT: "0" });
  const destination = { write: (line: string) => void lines.push(line) };
  service = await startService(config, systemClock, createLogger({ level: "warn", destination }));
});
afterAll(async () => {
  await service.close();
  await cluster.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const parts = ["database", "queue", "store", "engine"];
/** The parts that fail, with the status. */
async function ask(): Promise<{ status: number; failed: string[] }> {
  const response = await fetch(`${new URL(service.graphqlUrl).origin}/readyz`);
  const answer = (await response.json()) as { ready: boolean; parts: Record<string, string> };
  expect(Object.keys(answer.parts)).toEqual(parts);
  expect(answer.ready).toBe(response.status === 200);
  const failed = parts.filter((part) => answer.parts[part] !== "ok");
  return { status: response.status, failed };
}
const ready = { status: 200, failed: [] };
const move = async (from: string, to: string) => rename(join(folder, from), join(folder, to));
const run = async (text: string) => void (await cluster.query(text));
const name = () => new URL(database.url).pathname.slice(1);

it.each<[string, string[], () => Promise<void>, () => Promise<void>]>([
  ["the store's disk", ["store"], () => move("store", "away"), () => move("away", "store")],
  ["the engine's disk", ["engine"], () => move("engines", "away"), () => move("away", "engines")],
  [
    "the queue's tables",
    ["queue"],
    async () => void (await database.db.$client.query("alter schema pgboss rename to away")),
    async () => void (await database.db.$client.query("alter schema away rename to pgboss")),
  ],
  [
    "Postgres",
    ["database", "queue"],
    async () => {
      await run(`alter database "${name()}" with allow_connections false`);
      await run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`);
    },
    () => run(`alter database "${name()}" with allow_connections true`),
  ],
])("names what fails without %s, says why in the log, and is ready when it is back", async (...row) => {
  const [, failed, takeAway, bringBack] = row;
  // The first look starts an engine's process, which may take longer than a probe waits.
  await expect.poll(ask, { timeout: 20_000 }).toEqual(ready);
  lines.length = 0;
  await takeAway();
  try {
    expect(await ask()).toEqual({ status: 503, failed });
  } finally {
    await bringBack();
  }
  const told = lines.map((line) => JSON.parse(line) as { msg: string; part?: string; err?: object });
  expect(told.filter(({ msg }) => msg === "not ready").map(({ part }) => part)).toEqual(
    expect.arrayContaining(failed),
  );
  await expect.poll(ask, { timeout: 20_000 }).toEqual(ready);
});
