import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import type { Artifacts, ArtifactRef } from "../../src/artifacts/artifact.js";
import { groupBytes } from "../../src/artifacts/packing.js";
import { seededRandom } from "../support/clock.js";
import { createBench, pseudoRandom } from "./captures.js";

async function readFirst(artifacts: Artifacts, chain: readonly ArtifactRef[]) {
  for await (const { form } of artifacts.read(chain)) return form;
  return undefined;
}

async function chainOfTwo() {
  const bench = await createBench();
  const plain = pseudoRandom(70_000);
  const full = await bench.write("s/1/", plain);
  const changed = Buffer.from(plain);
  changed[69_999]! ^= 1;
  const chain = [full, await bench.write("s/2/", changed, full)];
  const objects: string[] = [];
  for (const { key } of chain) {
    for (const name of await readdir(join(bench.directory, key))) objects.push(key + name);
  }
  const refuses = async (what: string) => {
    await expect(readFirst(bench.artifacts, chain), what).rejects.toMatchObject({ name: "ArtifactError" });
  };
  return { ...bench, chain, objects, refuses };
}

it("yields no layer of a chain with any object altered, cut, extended or missing", async () => {
  const { artifacts, chain, directory, objects, refuses } = await chainOfTwo();
  expect(objects).toHaveLength(4);
  for (const object of objects) {
    const path = join(directory, object);
    const bytes = await readFile(path);
    const step = Math.ceil(bytes.length / 23);
    for (let at = 0; at < bytes.length; at += step) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1 << (at % 8);
      await writeFile(path, altered);
      await refuses(`${object} at ${at}`);
    }
    for (const length of [0, 8, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length));
      await refuses(`${object} cut to ${length}`);
    }
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(1)]));
    await refuses(`${object} extended`);
    await rm(path);
    await refuses(`${object} missing`);
    await writeFile(path, bytes);
  }
  expect(await readFirst(artifacts, chain)).toBe("image");
});

it("yields no layer of a chain whose objects were swapped or put in another order", async () => {
  const { artifacts, chain, directory, refuses } = await chainOfTwo();
  for (const name of ["data", "manifest.json"]) {
    const [one, two] = chain.map(({ key }) => join(directory, key, name)) as [string, string];
    const [first, second] = [await readFile(one), await readFile(two)];
    await writeFile(one, second);
    await writeFile(two, first);
    await refuses(`${name} swapped`);
    await writeFile(one, first);
    await writeFile(two, second);
  }
  await expect(readFirst(artifacts, [...chain].reverse())).rejects.toMatchObject({ code: "DAMAGED" });
  await expect(readFirst(artifacts, chain.slice(1))).rejects.toMatchObject({ code: "DAMAGED" });
});

it("notices damage at random places of packs, indexes and manifests alike", async () => {
  const bench = await createBench();
  const plain = pseudoRandom(3 * groupBytes + 70_000);
  const full = await bench.write("s/1/", plain);
  const changed = Buffer.from(plain);
  for (const at of [0, groupBytes + 5, plain.length - 1]) changed[at]! ^= 1;
  const chain = [full, await bench.write("s/2/", changed, full)];
  const random = seededRandom(20_261_123);
  const below = (end: number) => Math.floor(random() * end);
  for (let round = 0; round < 40; round += 1) {
    const path = join(bench.directory, `s/${1 + below(2)}/${below(3) > 0 ? "data" : "manifest.json"}`);
    const bytes = await readFile(path);
    const [at, to] = [below(bytes.length), below(bytes.length)];
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << below(8);
    const moved = Buffer.from(bytes);
    moved.copyWithin(to, at, at + 1 + below(1000));
    const damages = [flipped, moved, bytes.subarray(0, at), Buffer.concat([bytes, bytes.subarray(at)])];
    const damaged = damages[round % damages.length]!;
    if (damaged.equals(bytes)) continue;
    await writeFile(path, damaged);
    const what = `round ${round}: ${path} at ${at}`;
    await expect(readFirst(bench.artifacts, chain), what).rejects.toMatchObject({ name: "ArtifactError" });
    await writeFile(path, bytes);
  }
  expect(await readFirst(bench.artifacts, chain)).toBe("image");
});

it("opens nothing under another master key", async () => {
  const { strange, chain } = await chainOfTwo();
  await expect(readFirst(strange, chain)).rejects.toMatchObject({ code: "WRONG_KEY" });
  await expect(strange.verify(chain[0]!)).rejects.toMatchObject({ code: "WRONG_KEY" });
});

it("reads a chain of 24", async () => {
  const { artifacts, write } = await createBench();
  const data = pseudoRandom(400_000);
  const chain: ArtifactRef[] = [];
  for (let number = 0; number < 24; number += 1) {
    data[(number * 16_661) % data.length]! ^= 1;
    chain.push(await write(`s/${number}/`, Buffer.from(data), chain.at(-1)));
  }
  const read: Buffer[] = [];
  for await (const layer of artifacts.read(chain)) {
    for await (const part of layer.parts) read.push(await buffer(part.open()));
  }
  expect(read).toHaveLength(1);
  expect(read[0]!.equals(data)).toBe(true);
  expect((await artifacts.measure(chain)).sizeBytes).toBe(data.length);
});
