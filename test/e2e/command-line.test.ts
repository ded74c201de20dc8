import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, chmod, chown, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { unusedPort } from "../support/unused-port.js";
import { expectOneLine, main, runCommand } from "./run-command.js";
import { buildService, startServiceProcess } from "./service-process.js";

const root = process.getuid?.() === 0;
let folder: string;
beforeAll(async () => {
  await buildService();
  folder = await mkdtemp(join(tmpdir(), "dag-cli-"));
  await chmod(folder, 0o755);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (args: string[], env?: Record<string, string>, uid?: number) =>
  runCommand(folder, args, env, uid);

/** Starts the service, which must print an ADMIN key that works, and stops it. */
async function expectFirstKey(env: Record<string, string>): Promise<void> {
  const service = await startServiceProcess(env);
  const [, key = ""] = /API key +(dag_[\w-]{43}) /.exec(service.output()) ?? [];
  expect((await ask(service.url, key)).data?.viewer).toMatchObject({ role: "ADMIN" });
  expect(await service.stop()).toBe(0);
}

async function ask(url: string, key: string) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ viewer { role keyName } }" }),
  });
  return (await response.json()) as { data?: { viewer: object } };
}

/** Starts the service and ends it without a word as soon as what is waited for is there. */
async function startAndKill(env: Record<string, string>, isThere: () => Promise<void>): Promise<void> {
  const child = execFile(process.execPath, [main, "up"], {
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
    cwd: folder,
  });
  const exited = once(child, "exit");
  await vi.waitFor(isThere, { timeout: 60_000, interval: 2 });
  child.kill("SIGKILL");
  await exited;
  expect(child.signalCode).toBe("SIGKILL");
}

describe("a start that cannot be ends with one line and a status other than 0", () => {
  it("for a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const env = { DAGUERRE_HOME: join(folder, "port") };
    const ended = await run(["up"], { ...env, PORT: String(port) });
    taken.close();
    expectOneLine(ended, new RegExp(`port ${port} is already taken`), /set PORT/);
    await expectFirstKey(env);
  }, 60_000);

  it("for a database that cannot be reached", async () => {
    const port = await unusedPort();
    const DATABASE_URL = `postgres://me:hunter2@127.0.0.1:${port}/daguerre`;
    const ended = await run(["up"], { DAGUERRE_HOME: join(folder, "database"), DATABASE_URL });
    expectOneLine(ended, /cannot reach the database/, /DATABASE_URL/);
    expect(ended.err).not.toContain("hunter2");
    expectOneLine(await run(["migrate"], { DATABASE_URL }), /cannot reach the database/);
  });

  it("for a database whose name does not resolve", async () => {
    const DATABASE_URL = "postgres://me@no-such-host.invalid/daguerre";
    expectOneLine(await run(["migrate"], { DATABASE_URL }), /cannot reach the database/, /DATABASE_URL/);
  });

  it("for a folder that cannot be written", async () => {
    const closed = join(folder, "closed");
    await mkdir(closed, { mode: 0o555 });
    const uid = root ? 65_534 : undefined;
    expectOneLine(
      await run(["up"], { DAGUERRE_HOME: closed }, uid),
      /cannot write to .*closed/,
      /DAGUERRE_HOME/,
    );
    expectOneLine(await run(["up"], { DAGUERRE_HOME: join(closed, "below") }, uid), /cannot write to/);
  });

  it("for a folder that is a file", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expectOneLine(await run(["up"], { DAGUERRE_HOME: file }), /cannot write to/, /DAGUERRE_HOME/);
    expectOneLine(await run(["up"], { DAGUERRE_HOME: join(file, "below") }), /cannot write to/);
  });

  it("for a key file that is missing, and for one that is none", async () => {
    const DAGUERRE_HOME = join(folder, "key");
    const missing = join(folder, "missing.key");
    const ended = await run(["up"], { DAGUERRE_HOME, DAGUERRE_MASTER_KEY_FILE: missing });
    expectOneLine(ended, /missing\.key/, /DAGUERRE_MASTER_KEY_FILE|restore|make/);
    const wrong = join(folder, "wrong.key");
    await writeFile(wrong, "short");
    expectOneLine(await run(["up"], { DAGUERRE_HOME, DAGUERRE_MASTER_KEY_FILE: wrong }), /wrong\.key/);
    expectOneLine(await run(["up"], { DAGUERRE_HOME, DAGUERRE_MASTER_KEY_FILE: folder }), /is a folder/);
  }, 60_000);

  it.runIf(root)(
    "for a key file that another user owns",
    async () => {
      const home = join(folder, "foreign-key");
      await mkdir(home);
      await chown(home, 65_534, 65_534);
      const DAGUERRE_MASTER_KEY_FILE = join(folder, "foreign.key");
      await writeFile(DAGUERRE_MASTER_KEY_FILE, randomBytes(32).toString("base64"), { mode: 0o600 });
      const ended = await run(["up"], { DAGUERRE_HOME: home, DAGUERRE_MASTER_KEY_FILE }, 65_534);
      expectOneLine(ended, /foreign\.key may not be read by this user: make it the user's own/);
    },
    60_000,
  );

  it("for a master key that is gone, or is another than the database's", async () => {
    const home = join(folder, "lost-key");
    const env = { DAGUERRE_HOME: home };
    const [file, kept] = [join(home, "master.key"), join(home, "kept.key")];
    expect(await (await startServiceProcess(env)).stop()).toBe(0);
    await rename(file, kept);
    expectOneLine(await run(["up"], env), /master\.key is missing: put it back/, /DAGUERRE_MASTER_KEY_FILE/);
    expect(await readdir(home)).not.toContain("master.key");
    await writeFile(file, randomBytes(32).toString("base64"), { mode: 0o600 });
    expectOneLine(await run(["up"], env), /master\.key is not the one .* put that one back/);
    await rename(kept, file);
    expect(await (await startServiceProcess(env)).stop()).toBe(0);
    await rm(file);
    expect((await run(["replace-master-key"], env)).out).toMatch(/master\.key from now on/);
    expect(await (await startServiceProcess(env)).stop()).toBe(0);
  }, 120_000);

  it("for a database that has not noted its key, where the store holds what was sealed under one", async () => {
    const home = join(folder, "sealed");
    await mkdir(join(home, "store"), { recursive: true });
    await writeFile(join(home, "store", "object"), "sealed");
    expectOneLine(await run(["up"], { DAGUERRE_HOME: home }), /master\.key is missing/);
    expect(await readdir(home)).not.toContain("master.key");
  }, 60_000);

  it("for a setting that makes no sense", async () => {
    expectOneLine(await run(["up"], { PORT: "http" }), /PORT makes no sense/, /set it to/);
    expectOneLine(await run(["config"], { DAGUERRE_MAX_BODY_BYTES: "much" }), /DAGUERRE_MAX_BODY_BYTES/);
  });

  it("for a command that is none", async () => {
    const ended = await run(["upp"]);
    expect(ended.status).not.toBe(0);
    expect(ended.err).toMatch(/unknown command|too many arguments/);
  });
});

describe("a first start that is killed", () => {
  it("while initdb works leaves nothing that a later one takes for a database", async () => {
    const env = { DAGUERRE_HOME: join(folder, "killed-early") };
    const postgres = join(env.DAGUERRE_HOME, "postgres");
    await startAndKill(env, async () => {
      const [draft] = (await readdir(postgres)).filter((name) => name.startsWith("data."));
      await access(join(postgres, draft ?? "none", "PG_VERSION"));
    });
    expect(await readdir(postgres)).not.toContain("data");
    await expectFirstKey(env);
    expect((await readdir(postgres)).filter((name) => name.startsWith("data"))).toEqual(["data"]);
  }, 120_000);

  it("after it has made the ADMIN key shows that key when it is started again, and once", async () => {
    const env = { DAGUERRE_HOME: join(folder, "killed-late") };
    const file = join(env.DAGUERRE_HOME, "admin.key");
    await startAndKill(env, () => access(file));
    await expectFirstKey(env);
    expect(await readdir(env.DAGUERRE_HOME)).not.toContain("admin.key");
    const later = await startServiceProcess(env);
    expect(later.output()).toMatch(
      /API key +as before; for another: npx daguerre keys create .*--role ADMIN/,
    );
    expect(await later.stop()).toBe(0);
    const another = ["keys", "create", "--name", "admin", "--role", "ADMIN"];
    expect((await run(another, env)).out).toMatch(/^dag_/);
  }, 120_000);
});

it.runIf(root)(
  "a user without a name starts the embedded Postgres, or is told what to do",
  async () => {
    const home = join(folder, "nameless");
    await mkdir(home);
    const uid = 54_321;
    await chown(home, uid, uid);
    const made = await run(["keys", "list"], { DAGUERRE_HOME: home }, uid);
    expectOneLine(made, /start the service once/);
    const child = execFile(process.execPath, [main, "up"], {
      env: { PATH: process.env["PATH"], PORT: "0", DAGUERRE_HOME: home },
      uid,
      gid: uid,
      cwd: "/",
    });
    let output = "";
    child.stderr?.on("data", (text: string) => (output += text));
    const up = new Promise<void>((resolve) =>
      child.stdout?.on("data", (text: string) => {
        output += text;
        if (output.includes("Ctrl-C")) resolve();
      }),
    );
    await Promise.race([up, once(child, "exit")]);
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
      expect(child.exitCode).toBe(0);
    } else expect(output).toMatch(/^daguerre: .*54321.*DATABASE_URL\.?\n$/);
  },
  60_000,
);

describe("keys, for operators", () => {
  it("are made, listed and ended beside a service that runs and without one", async () => {
    const env = { DAGUERRE_HOME: join(folder, "keys") };
    expectOneLine(await run(["keys", "list"], env), /start the service once/);

    const service = await startServiceProcess(env);
    const made = await run(["keys", "create", "--name", "ci", "--role", "member"], env);
    expect(made).toMatchObject({ status: 0, out: expect.stringMatching(/^dag_[\w-]{43}\n$/) as string });
    const secret = made.out.trim();
    const id = /key_\w+/.exec(made.err)?.[0] ?? "";
    expect((await ask(service.url, secret)).data?.viewer).toEqual({ role: "MEMBER", keyName: "ci" });

    const listed = await run(["keys", "list"], env);
    expect(listed.out).toMatch(new RegExp(`${id} .* ci .* MEMBER .* live`));
    expect(listed.out).not.toContain(secret);

    expect(await run(["keys", "revoke", id], env)).toMatchObject({ status: 0 });
    expect((await ask(service.url, secret)).data).toBeFalsy();
    expect(await service.stop()).toBe(0);

    expect((await run(["keys", "list"], env)).out).toMatch(new RegExp(`${id} .* revoked`));
    expectOneLine(await run(["keys", "revoke", "ci"], env), /keys list/);
    expectOneLine(await run(["keys", "revoke", "key_01m83rp0nxe7v877x2kxemtkh1"], env), /no such API key/i);
    expectOneLine(
      await run(["keys", "create", "--name", "x", "--role", "king"], env),
      /VIEWER, MEMBER, ADMIN/,
    );
    expectOneLine(await run(["keys", "create", "--name", "x", "--expires", "soon"], env), /instant/);
    expectOneLine(await run(["keys", "list", "--project", "other"], env), /no such project/);
  }, 120_000);
});

describe("orphans, for operators", () => {
  it("are listed beside a running service, and removed when an operator says so", async () => {
    const home = join(folder, "orphans");
    const env = { DAGUERRE_HOME: home, DAGUERRE_ORPHAN_GRACE_MINUTES: "0" };
    const service = await startServiceProcess(env);
    expect((await run(["orphans"], env)).out).toBe("Every file has its row.\n");
    const operation = "01a21a1d-80a0-7375-81df-7e49aff754e8";
    const key = `aws/eu-west-1/p/i/exports/${operation}-1`;
    await mkdir(join(home, "store", dirname(key)), { recursive: true });
    await writeFile(join(home, "store", key), "left behind");
    const listed = await run(["orphans"], env);
    expect(listed.out).toMatch(new RegExp(`EXPORT +UNKNOWN +11 +\\S+Z +never +${key}`));
    expectOneLine(await run(["orphans", "--unknown"], env), /goes with --remove/);
    expect((await run(["orphans", "--remove", "--unknown"], env)).out).toMatch(/Removed 1 of 1\./);
    expect(await service.stop()).toBe(0);
    expect((await run(["orphans"], env)).out).toBe("Every file has its row.\n");
  }, 120_000);
});
