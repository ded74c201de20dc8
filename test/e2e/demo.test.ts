import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unusedPort } from "../support/unused-port.js";
import { expectOneLine, runCommand } from "./run-command.js";
import { buildService } from "./service-process.js";

let folder: string;
beforeAll(async () => {
  await buildService();
  folder = await mkdtemp(join(tmpdir(), "dag-demo-"));
  await chmod(folder, 0o755);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (args: string[], env?: Record<string, string>, uid?: number) =>
  runCommand(folder, args, env, uid);

describe("the demo, and the file that it leaves", () => {
  it("opens without the service, as the README says, and a damaged one or none does not", async () => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    const env = { TMPDIR: temporary };
    const file = join(folder, "flights.backup");
    const demo = await run(["demo", "--keep", file], env);
    expect(demo).toMatchObject({ status: 0, out: expect.stringContaining("All comparisons hold") as string });
    expectOneLine(await run(["demo", "--keep", file], env), /exists already/);
    expectOneLine(await run(["demo", "--keep", join(folder, "none", "x")], env), /there is no folder/);

    const opening = join(folder, "opening");
    await mkdir(opening);
    env.TMPDIR = opening;
    const count = "MATCH (a:Airport) RETURN count(*)";
    const opened = await run(["open", file, "--query", count], env);
    expect(opened).toMatchObject({ status: 0, err: "" });
    expect(opened.out).toMatch(/3376\n.*1 row\n$/s);
    expectOneLine(await run(["open", file, "--query", "MATCH oops"], env), /parser exception/i);

    const damaged = join(folder, "damaged.backup");
    const bytes = await readFile(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(damaged, bytes);
    expectOneLine(await run(["open", damaged, "--query", count], env), /damaged: its SHA-256 differs/);
    expectOneLine(await run(["open", join(folder, "none.backup")], env), /no file at .*none\.backup/);
    expect((await readdir(temporary)).filter((name) => name.startsWith("daguerre-"))).toEqual([]);
    expect(await readdir(opening)).toEqual([]);
  }, 240_000);

  it("does not open what its user may not read, and says so", async () => {
    const kept = join(folder, "kept");
    await mkdir(kept);
    const file = join(kept, "theirs.backup");
    await writeFile(file, "sealed", { mode: 0o000 });
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    expectOneLine(await run(["open", file], {}, uid), /may not read .*theirs\.backup/);
    await chmod(kept, 0o000);
    expectOneLine(await run(["open", file], {}, uid), /may not read .*theirs\.backup/);
    await chmod(kept, 0o700);
  });

  it("names the service that does not answer, not a database", async () => {
    const DAGUERRE_URL = `http://127.0.0.1:${await unusedPort()}/graphql`;
    const ended = await run(["demo"], { DAGUERRE_URL, DAGUERRE_KEY: "a-key" });
    expectOneLine(
      ended,
      new RegExp(`no service answers at ${DAGUERRE_URL}`),
      /correct --url or DAGUERRE_URL/,
    );
    expect(ended.err).not.toMatch(/DATABASE_URL|a-key/);
    expectOneLine(await run(["demo"], { DAGUERRE_URL }), /--url needs --key/);
  }, 60_000);
});
