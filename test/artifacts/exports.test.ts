import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { readExportFile } from "../../src/artifacts/export-file.js";
import { createBench, pseudoRandom } from "./captures.js";

async function exported(size: number) {
  const bench = await createBench();
  const plain = pseudoRandom(size);
  const full = await bench.write("s/1/", plain);
  const changed = Buffer.from(plain);
  changed[0]! ^= 1;
  const second = await bench.write("s/2/", changed, full);
  const file = await bench.artifacts.writeExport({ chain: [full, second], key: "exports/1" });
  return { ...bench, changed, file };
}

it("gives back in one file what a chain holds", async () => {
  const { artifacts, changed, file } = await exported(2_500_000);
  const bytes = await buffer(await artifacts.openExport(file));
  expect(bytes.length).toBe(file.sizeBytes);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(file.sha256);
  const folder = await mkdtemp(join(tmpdir(), "daguerre-export-"));
  const path = join(folder, "graph.dgexport");
  await writeFile(path, bytes);
  const opened = await readExportFile(path);
  expect(opened.subject.snapshotId).toBe("s/2/");
  expect(await opened.extract(join(folder, "out"))).toEqual([join(folder, "out", "p")]);
  expect((await readFile(join(folder, "out", "p"))).equals(changed)).toBe(true);
});

it("keeps increments as layers that can be read twice", async () => {
  const { artifacts, write } = await createBench();
  const full = await write("s/1/", pseudoRandom(70_000));
  const increment = await write("s/2/", Buffer.from("new"), full, "increment");
  const file = await artifacts.writeExport({ chain: [full, increment], key: "exports/1" });
  const folder = await mkdtemp(join(tmpdir(), "daguerre-export-"));
  await writeFile(join(folder, "file"), await buffer(await artifacts.openExport(file)));
  const opened = await readExportFile(join(folder, "file"));
  for (let pass = 0; pass < 2; pass += 1) {
    const read: [string, Buffer][] = [];
    for await (const { form, parts } of opened.layers) {
      for await (const part of parts) read.push([form, await buffer(part.open())]);
    }
    expect(read).toEqual([
      ["image", pseudoRandom(70_000)],
      ["increment", Buffer.from("new")],
    ]);
  }
  const paths = [join(folder, "out", "layer-0", "p"), join(folder, "out", "layer-1", "p")];
  expect(await opened.extract(join(folder, "out"))).toEqual(paths);
});

it("serves any range", async () => {
  const { artifacts, file } = await exported(300_000);
  const bytes = await buffer(await artifacts.openExport(file));
  for (const start of [0, 1, 65_535, 65_536, 65_537, bytes.length - 1, bytes.length]) {
    for (const wanted of [0, 1, 65_536, 100_000]) {
      const length = Math.min(wanted, bytes.length - start);
      const range = await buffer(await artifacts.openExport(file, { start, length }));
      expect(range.equals(bytes.subarray(start, start + length)), `${start}+${length}`).toBe(true);
    }
  }
  await expect(artifacts.openExport(file, { start: 1, length: bytes.length })).rejects.toThrow(RangeError);
});

it("refuses a file with any byte altered, cut or added", async () => {
  const { artifacts, file } = await exported(70_000);
  const bytes = await buffer(await artifacts.openExport(file));
  const path = join(await mkdtemp(join(tmpdir(), "daguerre-export-")), "damaged");
  const refused = async (content: Buffer) => {
    await writeFile(path, content);
    await expect(readExportFile(path)).rejects.toMatchObject({ name: "ArtifactError" });
  };
  for (let at = 0; at < bytes.length; at += at < 400 || at > bytes.length - 40 ? 1 : 997) {
    const altered = Buffer.from(bytes);
    altered[at]! ^= 1;
    await refused(altered);
  }
  for (const length of [0, 1, 11, 12, 100, bytes.length - 33, bytes.length - 1]) {
    await refused(bytes.subarray(0, length));
  }
  await refused(Buffer.concat([bytes, Buffer.alloc(1)]));
});

it("does not open for another key, size, or seal", async () => {
  const { artifacts, strange, directory, file } = await exported(70_000);
  await expect(strange.openExport(file)).rejects.toMatchObject({ code: "WRONG_KEY" });
  await expect(artifacts.openExport({ ...file, key: "exports/2" })).rejects.toMatchObject({
    code: "WRONG_KEY",
  });
  const larger = { ...file, sizeBytes: file.sizeBytes + 1 };
  await expect(artifacts.openExport(larger)).rejects.toMatchObject({ code: "DAMAGED" });
  const path = join(directory, file.key);
  const sealed = await readFile(path);
  sealed[7]! ^= 1;
  await writeFile(path, sealed);
  await expect(artifacts.openExport(file)).rejects.toMatchObject({ code: "DAMAGED" });
  await artifacts.remove(file.key);
  await expect(artifacts.openExport(file)).rejects.toMatchObject({ code: "MISSING" });
});
