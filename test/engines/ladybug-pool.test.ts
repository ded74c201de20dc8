import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { systemClock } from "../../src/clock.js";
import type { Engine, Generation } from "../../src/engines/engine.js";
import { createLadybugEngine, type LadybugOptions } from "../../src/engines/ladybug/ladybug-engine.js";

let directory: string;
const engines: Engine[] = [];
const warnings: { fields: object; message: string }[] = [];
const make = (options: Partial<LadybugOptions> = {}): Engine => {
  const engine = createLadybugEngine({
    directory,
    clock: systemClock,
    logger: { warn: (fields, message) => void warnings.push({ fields, message }) },
    ...options,
  });
  engines.push(engine);
  return engine;
};
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ladybug-pool-"));
});
afterEach(async () => {
  warnings.length = 0;
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let instances = 0;
async function created(engine: Engine): Promise<Generation> {
  const instanceId = `7a1c7b7e-6a35-4a0c-8d5f-${String(++instances).padStart(12, "0")}`;
  const generation: Generation = { instanceId, number: 1, version: "V5" };
  await engine.create(generation);
  return generation;
}

async function processesOf({ instanceId, number }: Generation): Promise<number[]> {
  const folder = join(directory, instanceId, String(number));
  const found: number[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (words.split("\0").includes(folder)) found.push(Number(pid));
  }
  return found;
}

const one = { text: "RETURN 1" };
const loop = (rounds: number) => ({
  text: `UNWIND range(1, ${rounds}) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 1000) AS c RETURN sum((a * b + c) % 7)`,
});
const endless = loop(10_000);
const killer = { text: "RETURN id(null)" };

it(
  "serves by turns more instances than it has places, to several who ask at a time",
  { timeout: 120_000 },
  async () => {
    const engine = make({ maxChildren: 2 });
    const fleet = [await created(engine), await created(engine), await created(engine)];
    let turn = 0;
    const worker = async () => {
      while (turn < 24)
        expect((await engine.query(fleet[turn++ % fleet.length]!, one)).values).toEqual([[1]]);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    await engine.close();
    for (const generation of fleet) expect(await processesOf(generation)).toEqual([]);
  },
);

it("closes while others wait for a place, and they learn it", { timeout: 60_000 }, async () => {
  const engine = make({ maxChildren: 1, queryTimeoutMs: 20_000 });
  const [busy, waiting] = [await created(engine), await created(engine)];
  await engine.query(busy, one);
  const long = expect(engine.query(busy, endless)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const late = expect(engine.query(waiting, one)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  // Whoever has room is served beside one that waits for it.
  expect((await engine.query(busy, one)).values).toEqual([[1]]);
  await engine.close();
  await Promise.all([late, long]);
});

it(
  "takes a place from a party that has many, however busy, for one that has none",
  { timeout: 60_000 },
  async () => {
    const engine = make({ maxChildren: 2, queryTimeoutMs: 1_500 });
    const [first, second, other] = [await created(engine), await created(engine), await created(engine)];
    const done = new AbortController();
    const greedy = async (generation: Generation) => {
      while (!done.signal.aborted)
        await engine
          .query(generation, endless, { party: "greedy", signal: done.signal })
          .catch(() => undefined);
    };
    await engine.query(first, one, { party: "greedy" });
    await engine.query(second, one, { party: "greedy" });
    const busy = [greedy(first), greedy(first), greedy(second), greedy(second)];
    expect((await engine.query(other, one, { party: "modest" })).values).toEqual([[1]]);
    done.abort();
    await Promise.all(busy);
  },
);

it(
  "leaves its only place to a party that pauses between statements, though one that has as many waits for another",
  { timeout: 60_000 },
  async () => {
    const engine = make({ maxChildren: 2 });
    const [busy, waiting, other] = [await created(engine), await created(engine), await created(engine)];
    const done = new AbortController();
    await engine.query(other, one, { party: "modest" });
    const [place] = await processesOf(other);
    const long = engine.query(busy, endless, { party: "greedy", signal: done.signal });
    long.catch(() => undefined);
    await vi.waitFor(async () => expect(await processesOf(busy)).toHaveLength(1), { timeout: 20_000 });
    let isServed = false;
    const served = engine.query(waiting, one, { party: "greedy" }).finally(() => (isServed = true));
    for (let time = 0; time < 20; time++) await engine.query(other, one, { party: "modest" });
    expect(isServed).toBe(false);
    expect(await processesOf(other)).toEqual([place]);
    // Not for ever.
    expect((await served).values).toEqual([[1]]);
    done.abort();
    await expect(long).rejects.toMatchObject({ code: "CANCELED" });
  },
);

it("kills a process that answers nobody any more, and reads elsewhere", { timeout: 60_000 }, async () => {
  const engine = make({ queryTimeoutMs: 1_000 });
  const generation = await created(engine);
  await engine.query(generation, one);
  const [pid] = await processesOf(generation);
  process.kill(pid!, "SIGSTOP");
  // Alone with it, it is held to be what the process is at.
  await expect(engine.query(generation, one)).rejects.toMatchObject({ code: "CRASHED" });
  expect((await engine.query(generation, one)).values).toEqual([[1]]);
  expect(await processesOf(generation)).not.toContain(pid);
  expect(warnings).toContainEqual({
    fields: { generation: `${generation.instanceId}/1`, end: "silence" },
    message: expect.stringContaining("ended by itself") as string,
  });
});

it(
  "ends a process whose statement no time limit reaches, as while it is parsed",
  { timeout: 60_000 },
  async () => {
    const engine = make({ queryTimeoutMs: 1_000 });
    const generation = await created(engine);
    const brackets = { text: `RETURN ${"(".repeat(30_000)}1${")".repeat(30_000)}` };
    await expect(engine.query(generation, brackets)).rejects.toMatchObject({ code: "CRASHED" });
    expect((await engine.query(generation, one)).values).toEqual([[1]]);
  },
);

it(
  "names the statement that crashes the engine, and repeats what was read beside it",
  { timeout: 60_000 },
  async () => {
    const engine = make();
    const generation = await created(engine);
    await engine.query(generation, one);
    await expect(engine.query(generation, killer)).rejects.toMatchObject({
      code: "CRASHED",
      outcomeUnknown: false,
    });
    await vi.waitFor(() =>
      expect(warnings).toContainEqual({
        fields: { generation: `${generation.instanceId}/1`, end: "SIGSEGV" },
        message: expect.stringContaining("ended by itself") as string,
      }),
    );
    const beside = engine.query(generation, loop(1));
    const crash = expect(engine.query(generation, killer)).rejects.toMatchObject({ code: "CRASHED" });
    expect((await beside).values).toHaveLength(1);
    await crash;
  },
);

it("ends what was called off, and the call with it, where the process has nothing else to do", async () => {
  const engine = make();
  const generation = await created(engine);
  await engine.query(generation, one);
  const [pid] = await processesOf(generation);
  const gone = new AbortController();
  let ended = false;
  const long = engine.query(generation, endless, { signal: gone.signal }).finally(() => (ended = true));
  const called = expect(long).rejects.toMatchObject({ code: "CANCELED", outcomeUnknown: false });
  await engine.query(generation, one);
  gone.abort();
  await engine.query(generation, one);
  expect(ended).toBe(false);
  await called;
  expect((await engine.query(generation, one)).values).toEqual([[1]]);
  expect(await processesOf(generation)).not.toContain(pid);
  expect(warnings).toEqual([]);
});

it(
  "holds the call for as long as the engine goes on with it beside others",
  { timeout: 60_000 },
  async () => {
    const engine = make({ queryTimeoutMs: 3_000 });
    const generation = await created(engine);
    await engine.query(generation, one);
    const gone = new AbortController();
    const order: string[] = [];
    const long = engine
      .query(generation, endless, { signal: gone.signal })
      .catch((error: { code: string }) => order.push(error.code));
    const beside = engine
      .query(generation, endless)
      .catch((error: { code: string }) => order.push(error.code));
    await engine.query(generation, one);
    gone.abort();
    await engine.query(generation, one);
    expect(order).toEqual([]);
    await Promise.all([long, beside]);
    expect(order.sort()).toEqual(["CANCELED", "LIMIT"]);
  },
);

it("refuses parameters that the engine would be at for ever, and serves on", async () => {
  const engine = make();
  const generation = await created(engine);
  const nested = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level++) value = [value];
    return value;
  };
  const ask = (x: unknown) => engine.query(generation, { text: "RETURN 1", parameters: { x } });
  for (const levels of [24, 33, 500, 20_000])
    await expect(ask(nested(levels))).rejects.toMatchObject({ code: "PARAMETER" });
  expect((await ask(nested(12))).values).toEqual([[1]]);
  // A list has one type.
  await expect(ask([{ a: "x" }, { b: 1 }])).rejects.toMatchObject({ code: "PARAMETER" });
});

it("takes what a statement itself says for no damage of the data, nor of the machine", async () => {
  const engine = make();
  const generation = await created(engine);
  await engine.query(generation, one);
  const running = await processesOf(generation);
  for (const word of ["checksum", "corrupt", "ENOSPC", "bad_alloc"])
    await expect(engine.query(generation, { text: `RETURN error('${word}')` })).rejects.toMatchObject({
      code: "EVALUATION",
    });
  await engine.query(generation, one);
  expect(await processesOf(generation)).toEqual(running);
});

it("gives what a tenant calls __proto__ as data", async () => {
  const engine = make();
  const generation = await created(engine);
  const text = (statement: string, parameters = {}) =>
    engine.query(generation, { text: statement, parameters });
  const column = await text("RETURN 1 AS `__proto__`");
  expect([column.fields, column.values]).toEqual([["__proto__"], [[1]]]);
  const inner = async (statement: string, parameters?: object) =>
    JSON.stringify((await text(statement, parameters)).values[0]?.[0]);
  expect(await inner("RETURN {`__proto__`: 1, b: {`__proto__`: [2]}}")).toBe(
    '{"__proto__":1,"b":{"__proto__":[2]}}',
  );
  expect(await inner("RETURN map(['__proto__'], [1])")).toBe('{"__proto__":1}');
  const sent = JSON.parse('{"x": {"__proto__": {"a": 1}}}') as object;
  expect(await inner("RETURN $x", sent)).toBe('{"__proto__":{"a":1}}');
  await text("CREATE NODE TABLE P(id INT64 PRIMARY KEY, `__proto__` STRING)");
  await text("CREATE (:P {id: 1, `__proto__`: 'a'})");
  expect(await inner("MATCH (p:P) RETURN p")).toContain('"__proto__":"a"');
});

it("ends a process that met the end of its memory, once it has said so", { timeout: 60_000 }, async () => {
  const engine = make();
  const generation = await created(engine);
  await engine.query(generation, one);
  const [pid] = await processesOf(generation);
  const greedy = { text: "UNWIND range(1, 100000000000) AS i RETURN sum(i)" };
  await expect(engine.query(generation, greedy)).rejects.toMatchObject({ code: "LIMIT" });
  expect((await engine.query(generation, one)).values).toEqual([[1]]);
  expect(await processesOf(generation)).not.toContain(pid);
  expect(warnings).toEqual([]);
});
