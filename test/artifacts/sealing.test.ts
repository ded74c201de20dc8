import { createHash, randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp } from "node:fs/promises";
import { expect, it } from "vitest";
import {
  deriveObjectKey,
  seal,
  sealedRange,
  sealedSize,
  segmentBytes,
  unsealRange,
} from "../../src/artifacts/sealing.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { readMasterKey } from "../../src/artifacts/master-key.js";

const key = deriveObjectKey(Buffer.alloc(32, 1), "data");
const pseudoRandom = (size: number) => createHash("shake256", { outputLength: size }).update("seed").digest();
const sealed = (plain: Buffer) => buffer(seal(key, Readable.from([plain])));
function unseal(bytes: Buffer, size: number, start: number, length: number) {
  const place = sealedRange(size, start, length);
  const cut = bytes.subarray(place.start, place.start + place.length);
  return buffer(unsealRange(key, size, { start, length }, Readable.from([cut])));
}

it.each([0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, 3 * segmentBytes])(
  "seals %i bytes",
  async (size) => {
    const plain = pseudoRandom(Math.max(1, size)).subarray(0, size);
    const bytes = await sealed(plain);
    expect(bytes.length).toBe(sealedSize(size));
    expect((await unseal(bytes, size, 0, size)).equals(plain)).toBe(true);
    const start = Math.floor(size / 2);
    expect((await unseal(bytes, size, start, size - start)).equals(plain.subarray(start))).toBe(true);
  },
);

it("notices a flipped bit, a cut and a swapped segment", async () => {
  const size = 2 * segmentBytes + 10;
  const bytes = await sealed(pseudoRandom(size));
  for (let at = 8; at < bytes.length; at += 9973) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    await expect(unseal(damaged, size, 0, size)).rejects.toMatchObject({ code: "DAMAGED" });
  }
  await expect(unseal(bytes.subarray(0, -1), size, 0, size)).rejects.toMatchObject({ code: "DAMAGED" });
  const step = segmentBytes + 16;
  const swapped = Buffer.concat([
    bytes.subarray(0, 8),
    bytes.subarray(8 + step, 8 + 2 * step),
    bytes.subarray(8, 8 + step),
    bytes.subarray(8 + 2 * step),
  ]);
  await expect(unseal(swapped, size, 0, size)).rejects.toMatchObject({ code: "DAMAGED" });
});

it("wraps a key for one master key and one context", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "daguerre-key-")), "master.key");
  await expect(readMasterKey({ path, randomBytes, createIfAbsent: false })).rejects.toThrow("is missing");
  const master = await readMasterKey({ path, randomBytes, createIfAbsent: true });
  expect((await readMasterKey({ path, randomBytes, createIfAbsent: false })).equals(master)).toBe(true);
  const wrapper = createKeyWrapper(createFileKeyring(master));
  const wrapped = await wrapper.wrap(key, { snapshot: "a" });
  expect((await wrapper.unwrap(wrapped, { snapshot: "a" })).equals(key)).toBe(true);
  await expect(wrapper.unwrap(wrapped, { snapshot: "b" })).rejects.toMatchObject({ code: "WRONG_KEY" });
  const other = createKeyWrapper(createFileKeyring(randomBytes(32)));
  await expect(other.unwrap(wrapped, { snapshot: "a" })).rejects.toMatchObject({ code: "WRONG_KEY" });
});

it("opens no data key that somebody altered", async () => {
  const wrapper = createKeyWrapper(createFileKeyring(Buffer.alloc(32, 7)));
  type Wrapped = { provider: string; info: string; key: string };
  const wrapped = await wrapper.wrap(key, { snapshot: "a" });
  const [one] = JSON.parse(Buffer.from(wrapped, "base64").toString()) as [Wrapped];
  const refuses = async (list: unknown, what: string) => {
    const altered = Buffer.from(JSON.stringify(list)).toString("base64");
    await expect(wrapper.unwrap(altered, { snapshot: "a" }), what).rejects.toMatchObject({
      code: "WRONG_KEY",
    });
  };
  for (const field of ["info", "key"] as const) {
    const bytes = Buffer.from(one[field], "base64");
    for (const [at] of bytes.entries()) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1 << (at % 8);
      await refuses([{ ...one, [field]: altered.toString("base64") }], `${field} at ${at}`);
    }
    await refuses([{ ...one, [field]: bytes.subarray(1).toString("base64") }], `${field} cut`);
  }
  await refuses([{ ...one, provider: "another" }], "of another provider");
  await refuses([{ ...one, key: "no base64" }], "no base64");
  // What its keyring does not know is passed over.
  const both = Buffer.from(JSON.stringify([{ ...one, provider: "another" }, one])).toString("base64");
  expect((await wrapper.unwrap(both, { snapshot: "a" })).equals(key)).toBe(true);
});

it("keeps secrets of any length, and a data key as earlier versions kept it", async () => {
  const wrapper = createKeyWrapper(createFileKeyring(Buffer.alloc(32, 7)));
  for (const size of [0, 1, 31, 33, 5000]) {
    const secret = pseudoRandom(Math.max(1, size)).subarray(0, size);
    const message = await wrapper.encrypt(secret, { webhook: "a" });
    expect((await wrapper.decrypt(message, { webhook: "a" })).equals(secret)).toBe(true);
    await expect(wrapper.decrypt(message, { webhook: "b" })).rejects.toMatchObject({ code: "WRONG_KEY" });
  }
  const message = await wrapper.encrypt(key, { snapshot: "a" });
  expect((await wrapper.unwrap(message, { snapshot: "a" })).equals(key)).toBe(true);
});
