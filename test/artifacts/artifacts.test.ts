import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import type { ArtifactRef } from "../../src/artifacts/artifact.js";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createFilesystemStore } from "../../src/artifacts/filesystem-store.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { createBench, pseudoRandom } from "./captures.js";

it("reads a differential that grew back as it was", async () => {
  const store = createFilesystemStore({ directory: await mkdtemp(join(tmpdir(), "daguerre-")) });
  const wrapper = createKeyWrapper(createFileKeyring(Buffer.alloc(32, 7)));
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  const data = createHash("shake256", { outputLength: 3_000_000 }).update("a").digest();
  const chain: { key: string; sha256: string }[] = [];
  for (const size of [2_500_000, 900_001, 3_000_000]) {
    data[5] = size % 251;
    const plain = Buffer.from(data.subarray(0, size));
    const key = `s/${size}/`;
    const subject = {
      snapshotId: key,
      instanceId: "i",
      instanceName: "n",
      version: "5" as never,
      engine: "e",
      engineVersion: "1",
      takenAt: new Date(0),
    };
    const parts = [{ name: "p", sizeBytes: size, open: () => Readable.from([plain]) }];
    const { sha256 } = await artifacts.write({ key, subject, form: "image", parts, base: chain.at(-1) });
    chain.push({ key, sha256 });
    for await (const layer of artifacts.read(chain)) {
      for await (const part of layer.parts) expect((await buffer(part.open())).equals(plain)).toBe(true);
    }
  }
});

it("holds in a differential only what is new since its base", async () => {
  const { store, write } = await createBench();
  const data = pseudoRandom(8_000_000);
  const full = await write("s/full/", data);
  data[4_000_000]! ^= 1;
  const last = await write("s/differential/", data, full);
  const storedIn = async (key: string) => {
    let bytes = 0;
    for await (const { sizeBytes } of store.list(key)) bytes += sizeBytes;
    return bytes;
  };
  expect(await storedIn(full.key)).toBeGreaterThan(8_000_000);
  expect(await storedIn(last.key)).toBeLessThan(800_000);
});

it("reads a chain that an earlier version wrote in this format", async () => {
  const directory = join(import.meta.dirname, "format-2");
  const store = createFilesystemStore({ directory });
  const wrapper = createKeyWrapper(createFileKeyring(Buffer.alloc(32, 7)));
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  const chain = JSON.parse(await readFile(join(directory, "chain.json"), "utf8")) as ArtifactRef[];
  const plain = Buffer.from(Array.from({ length: 12_000 }, (_, n) => `line ${n}\n`).join(""));
  plain.write("changed", 70_000);
  const read: Buffer[] = [];
  for await (const layer of artifacts.read(chain))
    for await (const part of layer.parts) read.push(await buffer(part.open()));
  expect(read).toHaveLength(1);
  expect(read[0]?.equals(plain)).toBe(true);
});
