import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openExportFile, requireRoom } from "../../src/cli/offline/open-export.js";
import { systemClock } from "../../src/clock.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import { craftBomb, craftExport, goodSubject, layerOf } from "../artifacts/craft-export.js";

let home: string;
let graph: Buffer;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "dag-open-"));
  graph = await makeGraph(join(home, "engine"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The bytes of a real database with one node. */
async function makeGraph(directory: string): Promise<Buffer> {
  const engine = createLadybugEngine({ directory, clock: systemClock });
  const generation = { instanceId: goodSubject.instanceId, number: 1, version: "V5" } as const;
  await engine.create(generation);
  await engine.query(generation, { text: "CREATE NODE TABLE Person(name STRING PRIMARY KEY)" });
  await engine.query(generation, { text: "CREATE (:Person {name: 'Ada'})" });
  const capture = await engine.capture(generation);
  const bytes = await readFile(join(directory, generation.instanceId, "1", "graph.lbug"));
  await capture.finish();
  await capture.release();
  await engine.close();
  return bytes;
}

async function bytesIn(path: string): Promise<number> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Where a file that names `../../victim` as its instance would lead. */
const victim = () => join(home, "victim");
const folder = () => join(home, "of", "this");
const precious = ["1", "1.dropped", "1.old", "1.staging"];
beforeEach(async () => {
  for (const path of [victim(), folder()]) await rm(path, { recursive: true, force: true });
  await mkdir(folder(), { recursive: true });
  for (const name of precious) {
    await mkdir(join(victim(), name), { recursive: true });
    await writeFile(join(victim(), name, "precious"), name);
  }
});
async function expectUntouched(): Promise<void> {
  expect((await readdir(victim())).sort()).toEqual(precious);
  for (const name of precious) expect(await readFile(join(victim(), name, "precious"), "utf8")).toBe(name);
  const names = (await readdir(home)).filter((name) => name !== "file");
  expect(names.sort()).toEqual(["engine", "of", "victim"]);
}

async function open(subject: object, content: Buffer = graph) {
  const file = join(home, "file");
  const header = { format: 1, subject, layers: layerOf("graph.lbug", content.length) };
  await writeFile(file, craftExport(header, content));
  return openExportFile(file, folder());
}

const outside = ["../../victim", "/victim", "..", ".", "", "../../victim/1/..", "a/b"];

it.each(outside)("opens a sound file that names the instance %j in its own folder", async (instanceId) => {
  const opened = await open({ ...goodSubject, instanceId });
  const { values } = await opened.query("MATCH (p:Person) RETURN p.name");
  await opened.close();
  expect(values).toEqual([["Ada"]]);
  await expectUntouched();
});

it("leaves nothing elsewhere of bytes that are no database", async () => {
  const opening = open({ ...goodSubject, instanceId: "../../victim" }, Buffer.from("a stranger's bytes"));
  await expect(opening).rejects.toMatchObject({ name: "EngineError" });
  await expectUntouched();
});

it("refuses another engine's data before it builds anything", async () => {
  await expect(open({ ...goodSubject, engine: "other" })).rejects.toMatchObject({
    code: "UNSUPPORTED",
    message: expect.stringMatching(/engine other; only ladybug's/) as string,
  });
  expect(await readdir(folder())).toEqual([]);
});

it("refuses a small file that holds more than a database has, before it writes any of it", async () => {
  const file = join(home, "file");
  const bomb = craftBomb("graph.lbug", 4097);
  expect(bomb.length).toBeLessThan(2 ** 20);
  await writeFile(file, bomb);
  const refused = /^The image has 4296015872 bytes; a database|^the file holds 4296015872 bytes, and/;
  await expect(openExportFile(file, folder())).rejects.toThrow(refused);
  expect(await bytesIn(folder())).toBe(0);
  await expectUntouched();
});

it("refuses what has no room on the disk, and says where there may be some", async () => {
  await expect(requireRoom(folder(), 2 ** 53 - 1)).rejects.toThrow(
    /holds 9007199254740991 bytes.*set TMPDIR/,
  );
  // One that is not there yet, too.
  await requireRoom(join(folder(), "new"), 1);
});

it.each(outside)("keeps an engine's folders in its own for the instance %j", async (instanceId) => {
  const engine = createLadybugEngine({ directory: folder(), clock: systemClock });
  const generation = { instanceId, number: 1, version: "V5" } as const;
  const refused = { name: "EngineError", code: "NOT_FOUND" };
  await expect(engine.create(generation)).rejects.toMatchObject(refused);
  await expect(engine.drop(generation)).rejects.toMatchObject(refused);
  await expect(engine.inspect(generation)).rejects.toMatchObject(refused);
  await expect(engine.query(generation, { text: "RETURN 1" })).rejects.toMatchObject(refused);
  await engine.close();
  await expectUntouched();
});
