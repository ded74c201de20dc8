import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/db/embedded-postgres.js";

let folder: string;
let running: EmbeddedPostgres | undefined;
const start = async () => (running = await startEmbeddedPostgres({ directory: join(folder, "postgres") }));
const pidFile = () => join(folder, "postgres", "data", "postmaster.pid");
const postmaster = async () => Number.parseInt(await readFile(pidFile(), "utf8"), 10);

async function killPostmaster(): Promise<void> {
  const pid = await postmaster();
  process.kill(pid, "SIGKILL");
  // A busy machine takes its time, and who is not gone yet uses the folder still.
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 20_000 });
}

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
  await killPostmaster();
  expect(await query((await start()).url, "select answer from kept")).toEqual([{ answer: 7 }]);
});

it("starts although the number of a killed postmaster belongs to another process", async () => {
  await start();
  await killPostmaster();
  await running?.stop();
  await writeFile(pidFile(), (await readFile(pidFile(), "utf8")).replace(/^\d+/, String(process.pid)));
  expect(await query((await start()).url, "select 1 as one")).toEqual([{ one: 1 }]);
});

/** What a first start leaves where it is killed before it is done. */
async function leave(name: string, text: string): Promise<void> {
  const path = join(folder, "postgres", name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
}

it("begins anew where a first start was killed before initdb was done", async () => {
  const dead = spawnSync("true").pid;
  await leave("password", "0123456789abcdef");
  await leave(`data.${dead}/PG_VERSION`, "18\n");
  await leave(`data.${process.pid}/PG_VERSION`, "18\n");
  await leave(`data.${process.ppid}/PG_VERSION`, "18\n");
  const { url } = await start();
  expect(url).toContain(":0123456789abcdef@");
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  // Of one that lives it may be the work at hand.
  const left = (await readdir(join(folder, "postgres"))).filter((name) => name.startsWith("data"));
  expect(left.sort()).toEqual(["data", `data.${process.ppid}`]);
});

it("begins anew where an earlier version was killed as it wrote the password or made the cluster", async () => {
  await leave("password", "");
  await leave("password.x.draft", "01");
  await leave("data/base/1/1", "");
  expect(await query((await start()).url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await readdir(join(folder, "postgres"))).not.toContain("password.x.draft");
});

it("says that the password of a cluster is gone, and makes up no other", async () => {
  await start();
  await running?.stop();
  const password = join(folder, "postgres", "password");
  const text = await readFile(password, "utf8");
  await rm(password);
  await expect(start()).rejects.toThrow(/no password in .*put the file back/);
  await writeFile(password, text);
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
