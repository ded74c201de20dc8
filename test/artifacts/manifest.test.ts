import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { openManifest, writeManifest, type Manifest } from "../../src/artifacts/manifest.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { createTestClock } from "../support/clock.js";
import { createMemoryStore } from "../support/memory-store.js";
import { subjectOf } from "./captures.js";

const wrapper = createKeyWrapper(createFileKeyring(Buffer.alloc(32, 7)));
const dataKey = randomBytes(32);

async function manifestOf(snapshotId: string): Promise<Manifest> {
  const takenAt = new Date(0).toISOString();
  const wrappedKey = await wrapper.wrap(dataKey, { snapshotId });
  const sizes = { sizeBytes: 0, storedBytes: 0 };
  return {
    format: 2,
    subject: { ...subjectOf(snapshotId), takenAt },
    form: "image",
    wrappedKey,
    ...sizes,
    parts: [],
  };
}

async function openBytes(bytes: Buffer) {
  const store = createMemoryStore({ clock: createTestClock(new Date(0)) });
  await store.put("a/manifest.json", Readable.from([bytes]));
  return openManifest(store, wrapper, {
    key: "a/",
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
}

/** As docs/artifact-format.md says it, and no other way. */
function envelopeOf(text: string): Buffer {
  const key = Buffer.from(hkdfSync("sha256", dataKey, "", "daguerre manifest v1", 32));
  return Buffer.from(`{"manifest":${text},"hmac":"${createHmac("sha256", key).update(text).digest("hex")}"}`);
}

it("is written as the page on the format says", async () => {
  const manifest = await manifestOf("s");
  expect(writeManifest(dataKey, manifest)).toEqual(envelopeOf(JSON.stringify(manifest)));
  expect((await openBytes(writeManifest(dataKey, manifest))).manifest).toEqual(manifest);
});

it("is authentic by its bytes as they stand, however another writer words them", async () => {
  const manifest = await manifestOf('a name with ","hmac":" in it');
  const worded = JSON.stringify(manifest, null, 2).replace('"image"', '"\\u0069mage"');
  const bytes = envelopeOf(worded);
  expect((await openBytes(bytes)).manifest).toEqual(manifest);
  const respaced = Buffer.from(bytes.toString().replace('"format": 2', '"format":  2'));
  expect(respaced).not.toEqual(bytes);
  await expect(openBytes(respaced)).rejects.toMatchObject({ code: "DAMAGED" });
});

it.each(["{}", '{"manifest":{},"hmac":""}', '{"manifest":{"format":2},"hmac":"00"}', "no JSON"])(
  "is not %s",
  async (text) => {
    await expect(openBytes(Buffer.from(text))).rejects.toMatchObject({ code: "DAMAGED" });
  },
);
