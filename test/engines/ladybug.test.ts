import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import type { Engine, Layer, Part } from "../../src/engines/engine.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";

const one = { instanceId: "7a1c7b7e-6a35-4a0c-8d5f-0c8f5b4f0a01", number: 1, version: "V5" } as const;
const two = { ...one, number: 2 };
let directory: string;
let engine: Engine;
let other: Engine;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ladybug-"));
  engine = createLadybugEngine({ directory, clock: systemClock });
  other = createLadybugEngine({ directory, clock: systemClock });
});
afterAll(async () => {
  await other.close();
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});
async function* each<T>(...items: T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

it("creates, writes, reads, captures, stages, checks and drops", { timeout: 60_000 }, async () => {
  await engine.create(one);
  await engine.create(one);
  await engine.query(one, { text: "CREATE NODE TABLE P(id INT64 PRIMARY KEY, name STRING)" });
  const rows = [
    { id: 1, name: "a" },
    { id: 2, name: "b" },
  ];
  await engine.query(one, {
    text: "UNWIND $rows AS row CREATE (:P {id: row.id, name: row.name})",
    parameters: { rows },
  });
  const read = await other.query(one, { text: "MATCH (p:P) RETURN p ORDER BY p.id", access: "READ" });
  expect(read.values[0]?.[0]).toMatchObject({ labels: ["P"], properties: { id: 1, name: "a" } });
  await expect(engine.query(one, { text: "CREATE (:P {id: 1})" })).rejects.toMatchObject({
    code: "CONSTRAINT",
  });
  await expect(engine.query(one, { text: "MATCH oops" })).rejects.toMatchObject({ code: "SYNTAX" });
  const capture = await engine.capture(one);
  await engine.query(one, { text: "CREATE (:P {id: 3})" });
  const layer: Layer = { form: "image", parts: each<Part>(...capture.parts) };
  await engine.stage(two, each(layer));
  await capture.finish();
  await capture.release();
  await engine.check(two);
  const count = await engine.query(two, { text: "MATCH (p:P) RETURN count(*) AS n", access: "READ" });
  expect(count.values).toEqual([[2]]);
  const hold = await engine.holdWrites(one);
  const waiting = other.query(one, { text: "CREATE (:P {id: 4})" });
  const moved = expect(waiting).rejects.toMatchObject({ code: "MOVED" });
  await hold.retire();
  await moved;
  await engine.drop(one);
  expect(await engine.list()).toEqual([{ instanceId: one.instanceId, number: 2 }]);
});

it.each([
  "COPY P FROM 'x'",
  "MATCH (n) RETURN n; MATCH (m) RETURN m",
  "/* */ LOAD FROM 'x' RETURN *",
  "CALL threads=1",
  "CHECKPOINT",
  "ATTACH 'x' AS y",
])("refuses %s", async (text) => {
  await expect(engine.query(two, { text })).rejects.toMatchObject({ code: "FORBIDDEN_STATEMENT" });
});
