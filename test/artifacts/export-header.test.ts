import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readExportFile } from "../../src/artifacts/export-file.js";
import { bigEndian, chunkOf, craftExport, goodSubject, layerOf, sealExport } from "./craft-export.js";

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

const headOf = (header: object) => {
  const text = Buffer.from(JSON.stringify(header));
  return Buffer.concat([Buffer.from("DGEXPORT"), bigEndian(text.length), text]);
};
const frame = zstdCompressSync(content);
const chunk = chunkOf(content, frame);
const padded = chunkOf(content, Buffer.concat([frame, Buffer.alloc(2 ** 20)]));
const another = chunkOf(Buffer.from("CONTENT"), frame);
const longer = chunkOf(content, zstdCompressSync(Buffer.alloc(2 ** 22)));

it.each<[string, Buffer[], RegExp]>([
  ["a header of many megabytes", [headOf({ ...good, note: "x".repeat(17 * 2 ** 20) }), chunk], /too long/],
  ["a chunk that takes far more than it holds", [headOf(good), padded], /larger than its data/],
  ["a chunk more than the parts have", [headOf(good), chunk, chunk], /its end is misplaced/],
  ["a chunk less", [headOf(good)], /chunks are missing/],
  [
    "a chunk that is larger than its part",
    [headOf({ ...good, layers: layerOf("p", 3) }), chunk],
    /misplaced/,
  ],
])("refuses %s before it gives out anything", async (_, pieces, message) => {
  const path = join(folder, "file");
  await writeFile(path, sealExport(pieces));
  await expect(readExportFile(path)).rejects.toMatchObject({
    code: "DAMAGED",
    message: expect.stringMatching(message) as string,
  });
});

it.each<[string, Buffer, boolean]>([
  ["what it says", chunk, true],
  ["another's bytes", another, false],
  ["4 MiB where 7 bytes are said", longer, false],
])("a chunk that holds %s is given out: only then", async (_, held, isGood) => {
  const path = join(folder, "file");
  await writeFile(path, sealExport([headOf(good), held]));
  const out = join(folder, `out-${randomUUID()}`);
  const extracting = readExportFile(path).then((file) => file.extract(out));
  if (isGood) expect(await extracting).toHaveLength(1);
  else await expect(extracting).rejects.toMatchObject({ code: "DAMAGED" });
});
