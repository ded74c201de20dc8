import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readExportFile } from "../../src/artifacts/export-file.js";
import { craftExport, goodSubject, layerOf } from "./craft-export.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daguerre-header-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const content = Buffer.from("content");
const good = { format: 1, subject: goodSubject, layers: layerOf("graph.lbug", content.length) };
async function read(header: unknown) {
  const path = join(folder, "file");
  await writeFile(path, craftExport(header, content));
  return readExportFile(path);
}

it("takes a header that says all it should, and what a later writer may add", async () => {
  expect((await read(good)).subject).toEqual(goodSubject);
  expect((await read({ ...good, note: "of a later writer" })).subject.engine).toBe("ladybug");
});

it.each<[string, unknown, string, RegExp]>([
  ["no JSON", "{", "DAMAGED", /header is unreadable/],
  ["JSON that is no object", null, "DAMAGED", /header does not say/],
  ["no format", { ...good, format: undefined }, "DAMAGED", /a good format/],
  ["a format that is text", { ...good, format: "1" }, "DAMAGED", /a good format/],
  ["a format of before the first", { ...good, format: 0 }, "DAMAGED", /a good format/],
  ["a newer format, whatever else it has", { format: 2 }, "UNSUPPORTED", /newer format/],
  ["no subject", { ...good, subject: undefined }, "DAMAGED", /a good subject/],
  [
    "an unknown version",
    { ...good, subject: { ...goodSubject, version: "V9" } },
    "DAMAGED",
    /subject\.version/,
  ],
  [
    "an engine with no name",
    { ...good, subject: { ...goodSubject, engine: "\u001b[2J" } },
    "DAMAGED",
    /engine/,
  ],
  [
    "an instant that is none",
    { ...good, subject: { ...goodSubject, takenAt: "soon" } },
    "DAMAGED",
    /takenAt/,
  ],
  ["no layers", { ...good, layers: [] }, "DAMAGED", /a good layers/],
  ["a negative size", { ...good, layers: layerOf("p", -1) }, "DAMAGED", /layers\.0\.parts\.0\.sizeBytes/],
  ["a size that is text", { ...good, layers: layerOf("p", "7") }, "DAMAGED", /sizeBytes/],
  ["a size that no double counts", { ...good, layers: layerOf("p", 2 ** 53) }, "DAMAGED", /sizeBytes/],
  ["a part that is the folder above", { ...good, layers: layerOf("..", 7) }, "DAMAGED", /parts\.0\.name/],
  ["a part elsewhere", { ...good, layers: layerOf("../x", 7) }, "DAMAGED", /parts\.0\.name/],
])("refuses %s in one line", async (_, header, code, message) => {
  const refused = await read(header).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: "ArtifactError", code });
  expect((refused as Error).message).toMatch(message);
  expect((refused as Error).message).not.toMatch(/\p{Cc}/u);
});
