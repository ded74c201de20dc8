import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/db/embedded-postgres.js";

let folder: string;
let running: EmbeddedPostgres | undefined;
const start = async () => (running = await startEmbeddedPostgres({ directory: join(folder, "postgres") }));
const pidFile = () => join(folder, "postgres", "data", "postmaster.pid");
const postmaster = async () => Number.parseInt(await readFile(pidFile(), "utf8"), 10);

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // The server's end is part of these tests.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "daguerre-postgres-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

it("starts, stops and keeps what it holds", async () => {
  await query((await start()).url, "create table kept as select 7 as answer");
  await running?.stop();
  await expect(readFile(pidFile())).rejects.toThrow("ENOENT");
  expect(await query((await start()).url, "select answer from kept")).toEqual([{ answer: 7 }]);
});

it("recovers what was committed when the postmaster is killed", async () => {
  await query((await start()).url, "create table kept as select 7 as answer");
  process.kill(await postmaster(), "SIGKILL");
  expect(await query((await start()).url, "select answer from kept")).toEqual([{ answer: 7 }]);
});

it("starts although the number of a killed postmaster belongs to another process", async () => {
  await start();
  process.kill(await postmaster(), "SIGKILL");
  await running?.stop();
  await writeFile(pidFile(), (await readFile(pidFile(), "utf8")).replace(/^\d+/, String(process.pid)));
  expect(await query((await start()).url, "select 1 as one")).toEqual([{ one: 1 }]);
});

it("leaves the Postgres of a living service alone", async () => {
  const first = await start();
  await expect(startEmbeddedPostgres({ directory: join(folder, "postgres") })).rejects.toThrow(
    /already uses .*DAGUERRE_HOME/,
  );
  expect(await query(first.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

it.runIf(process.getuid?.() === 0)("runs for root where user namespaces are forbidden", async () => {
  await query((await start()).url, "create table kept as select 7 as answer");
  await running?.stop();
  const refusing = join(folder, "unshare");
  await writeFile(refusing, "#!/bin/sh\nexit 1\n");
  await chmod(refusing, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  expect(await query((await start()).url, "select answer from kept")).toEqual([{ answer: 7 }]);
  expect((await stat(pidFile())).uid).toBe(65_534);
});
