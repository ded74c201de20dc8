import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import type { Engine, Generation } from "../../src/engines/engine.js";
import { openSocketFolder } from "../../src/engines/ladybug/socket-folder.js";
import { ladybugEngines } from "./ladybug-engines.js";

const warnings: string[] = [];
const files = ladybugEngines("ladybug-process");
const { newGeneration } = files;
const make = () => files.make({ logger: { warn: (_fields, message) => void warnings.push(message) } });
const folderOf = ({ instanceId, number }: Generation) => join(files.directory, instanceId, String(number));

async function processOf(generation: Generation): Promise<number> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (words.split("\0").includes(folderOf(generation))) return Number(pid);
  }
  throw new Error("no process serves it");
}

async function prepared(engine: Engine): Promise<Generation> {
  const generation = newGeneration();
  await engine.create(generation);
  await engine.query(generation, { text: "CREATE NODE TABLE N(id INT64 PRIMARY KEY, s STRING)" });
  return generation;
}
const add = { text: "UNWIND $ids AS id CREATE (:N {id: id, s: 'a text that takes a little room'})" };
const ids = (from: number, count: number) => ({
  ...add,
  parameters: { ids: Array.from({ length: count }, (_, index) => from + index) },
});
const count = { text: "MATCH (n:N) RETURN count(*)" };

it.runIf(process.platform === "linux")(
  "starts behind whatever answers requests, and runs statements behind whatever starts",
  async () => {
    const engine = make();
    const generation = await prepared(engine);
    await Promise.all(Array.from({ length: 8 }, () => engine.query(generation, count)));
    const pid = await processOf(generation);
    const threads = (await readdir(`/proc/${pid}/task`)).map(Number);
    const behind = (by: number) => Math.min(19, getPriority() + by);
    expect(getPriority(pid)).toBe(behind(5));
    const others = threads.filter((thread) => thread !== pid).map((thread) => getPriority(thread));
    expect(new Set(others)).toEqual(new Set([behind(15)]));
  },
);

it(
  "recovers what was committed before a commit that was torn anywhere, and commits on",
  { timeout: 120_000 },
  async () => {
    const engine = make();
    for (const part of [0.0001, 0.03, 0.5, 0.97, 0.9999]) {
      const generation = await prepared(engine);
      const log = join(folderOf(generation), "graph.lbug.wal");
      const kill = async () => {
        process.kill(await processOf(generation), "SIGKILL");
        await vi.waitFor(async () => await expect(processOf(generation)).rejects.toThrow(), {
          timeout: 10_000,
        });
      };
      await engine.query(generation, ids(1, 500));
      const { size: whole } = await stat(log);
      await engine.query(generation, ids(1000, 500));
      const { size: torn } = await stat(log);
      await kill();
      await truncate(log, Math.ceil(whole + (torn - whole) * part));
      expect((await engine.query(generation, count)).values, String(part)).toEqual([[500]]);
      await engine.query(generation, ids(2000, 10));
      await kill();
      expect((await engine.query(generation, count)).values, String(part)).toEqual([[510]]);
    }
    expect(warnings).toContainEqual(expect.stringContaining("dropped the end of a log"));
  },
);

it("gives its processes nothing of the service's environment", async () => {
  vi.stubEnv("DAGUERRE_BOOTSTRAP_KEY", "a secret");
  const engine = make();
  const generation = await prepared(engine);
  const environment = await readFile(`/proc/${await processOf(generation)}/environ`, "utf8");
  const names = environment.split("\0").map((entry) => entry.split("=")[0]);
  expect(names.filter(Boolean).sort()).toEqual(["HOME", "PWD", "TZ", "UV_THREADPOOL_SIZE"]);
  vi.unstubAllEnvs();
});

it("keeps data and sockets to its own user", async () => {
  const engine = make();
  const generation = await prepared(engine);
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(folderOf(generation))).toBe("700");
  expect(await modeOf(join(folderOf(generation), "graph.lbug"))).toBe("600");
  const sockets = await openSocketFolder(files.directory);
  expect(await modeOf(sockets)).toBe("700");
  for (const name of await readdir(sockets)) expect(await modeOf(join(sockets, name))).toBe("600");
});

it("refuses a folder for its sockets that is open to others", async () => {
  const root = join(files.directory, "of-another");
  const sockets = await openSocketFolder(root);
  await chmod(sockets, 0o777);
  await expect(openSocketFolder(root)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await rm(sockets, { recursive: true });
  await writeFile(sockets, "");
  await expect(openSocketFolder(root)).rejects.toMatchObject({ name: "EngineError" });
  await rm(sockets);
});

it("lists what a killed process left, and leaves nothing of it when it is dropped", async () => {
  const engine = make();
  const generation = await prepared(engine);
  const left = newGeneration();
  for (const suffix of ["staging", "old", "dropped"])
    await mkdir(`${folderOf(left)}.${suffix}`, { recursive: true });
  const { instanceId } = left;
  expect(await engine.list()).toContainEqual({ instanceId, number: 1 });
  await expect(engine.query(left, count)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await engine.drop(left);
  await engine.drop(generation);
  expect(await readdir(files.directory)).not.toContain(instanceId);
  expect(await readdir(dirname(dirname(folderOf(generation))))).not.toContain(generation.instanceId);
});

it("reads beside a hold, also what merely looks like a write", async () => {
  const engine = make();
  const generation = await prepared(engine);
  const hold = await engine.holdWrites(generation);
  const texts = [
    "MATCH (n:N) WHERE n.s = 'create' RETURN count(*) /* merge */ // set",
    "MATCH (n:N) RETURN count(*) AS `delete`",
    "MATCH (n:N) WHERE $drop = 1 RETURN count(*)",
  ];
  for (const text of texts) {
    const read = await engine.query(generation, {
      text,
      parameters: { ...(text.includes("$") && { drop: 1 }) },
    });
    expect(read).toMatchObject({ values: [[0]], wrote: false });
  }
  await hold.resume();
  await engine.query(generation, { text: "CREATE SEQUENCE s" });
  expect(await engine.query(generation, { text: "RETURN nextval('s')" })).toMatchObject({ wrote: true });
});

it("says so where the engine has rounded a value already, instead of giving it", async () => {
  const engine = make();
  const generation = await prepared(engine);
  const inexact = { code: "LIMIT", message: expect.stringContaining("INT128") as string };
  await expect(engine.query(generation, { text: "RETURN 9007199254740993" })).rejects.toMatchObject(inexact);
  await expect(
    engine.query(generation, { text: "CREATE (n:N {id: 9007199254740993}) RETURN n" }),
  ).rejects.toMatchObject(inexact);
  expect((await engine.query(generation, count)).values).toEqual([[0]]);
});

it("bounds what a statement may take of the machine's memory", async () => {
  const engine = make();
  const generation = await prepared(engine);
  await engine.query(generation, ids(1, 3));
  const greedy = engine.query(generation, { text: "UNWIND range(1, 100000000000) AS i RETURN sum(i)" });
  await expect(greedy).rejects.toMatchObject({ code: "LIMIT" });
  const write = { text: "UNWIND range(10, 100000000000) AS i CREATE (:N {id: i})" };
  await expect(engine.query(generation, write)).rejects.toMatchObject({
    code: "LIMIT",
    outcomeUnknown: false,
  });
  expect((await engine.query(generation, count)).values).toEqual([[3]]);
  await engine.query(generation, ids(10, 3));
  expect((await engine.query(generation, count)).values).toEqual([[6]]);
});
