import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { ArtifactRef, SourcePart } from "../../src/artifacts/artifact.js";
import { groupBytes } from "../../src/artifacts/packing.js";
import { pageBytes } from "../../src/artifacts/pages.js";
import { createBench, partOf, pseudoRandom, subjectOf } from "./captures.js";

/** Zeros, but for the given stretches: more bytes than a page holds, made as they are read. */
function sparsePart(name: string, sizeBytes: number, stretches: ReadonlyMap<number, Buffer>): SourcePart {
  function* bytes() {
    for (let at = 0; at < sizeBytes; at += groupBytes) {
      const group = Buffer.alloc(Math.min(groupBytes, sizeBytes - at));
      stretches.get(at)?.copy(group);
      yield group;
    }
  }
  return { name, sizeBytes, open: () => Readable.from(bytes(), { objectMode: false }) };
}

async function digestOf(source: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of source as AsyncIterable<Buffer>) hash.update(bytes);
  return hash.digest("hex");
}

it("reads parts of several pages, which grew and shrank since the base", async () => {
  const { artifacts } = await createBench();
  const captures = [
    [sparsePart("large", pageBytes + 3 * groupBytes + 5, new Map([[pageBytes, pseudoRandom(70_000)]]))],
    [
      partOf("first", pseudoRandom(100)),
      sparsePart("large", pageBytes + 9 * groupBytes, new Map([[0, pseudoRandom(groupBytes, "b")]])),
      partOf("empty", Buffer.alloc(0)),
    ],
    [sparsePart("large", pageBytes - 1, new Map([[groupBytes, pseudoRandom(9, "c")]]))],
  ];
  const chain: ArtifactRef[] = [];
  for (const [number, parts] of captures.entries()) {
    const key = `s/${number}/`;
    const request = { key, subject: subjectOf(key), form: "image" as const, parts, base: chain.at(-1) };
    chain.push({ key, sha256: (await artifacts.write(request)).sha256 });
    await artifacts.verify(chain.at(-1)!);
    for await (const layer of artifacts.read(chain)) {
      const read: unknown[] = [];
      for await (const part of layer.parts) read.push([part.name, await digestOf(part.open())]);
      const wanted = await Promise.all(parts.map(async (part) => [part.name, await digestOf(part.open())]));
      expect(read).toEqual(wanted);
    }
  }
});

it("refuses a source that has more or less than it announced", async () => {
  const { artifacts, store } = await createBench();
  for (const sizeBytes of [9, 11, 0]) {
    const part = { ...partOf("p", pseudoRandom(10)), sizeBytes };
    const request = { key: "s/1/", subject: subjectOf("s"), form: "image" as const, parts: [part] };
    await expect(artifacts.write(request)).rejects.toThrow("announced");
  }
  for await (const { key } of store.list("")) expect.unreachable(key);
});

it("takes a source of unknown size", async () => {
  const { artifacts } = await createBench();
  const plain = pseudoRandom(2 * groupBytes);
  for (const [number, size] of [0, 10, groupBytes, 2 * groupBytes - 1].entries()) {
    const part = { ...partOf("p", plain.subarray(0, size)), sizeBytes: undefined };
    const request = { key: `${number}/`, subject: subjectOf("s"), form: "image" as const, parts: [part] };
    const written = await artifacts.write(request);
    expect(written.sizeBytes).toBe(size);
    for await (const layer of artifacts.read([{ key: request.key, sha256: written.sha256 }])) {
      for await (const found of layer.parts) {
        expect(found.sizeBytes).toBe(size);
        expect(await digestOf(found.open())).toBe(await digestOf(Readable.from([plain.subarray(0, size)])));
      }
    }
  }
});
