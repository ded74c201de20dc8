import { createHash, randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ArtifactRef, ArtifactSubject } from "../../src/artifacts/artifact.js";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createFilesystemStore } from "../../src/artifacts/filesystem-store.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";

export const pseudoRandom = (size: number, seed = "a") =>
  createHash("shake256", { outputLength: size }).update(seed).digest();

export const subjectOf = (snapshotId: string): ArtifactSubject => ({
  snapshotId,
  instanceId: "i",
  instanceName: "n",
  version: "V5",
  engine: "e",
  engineVersion: "1",
  takenAt: new Date(0),
});

export const partOf = (name: string, plain: Buffer) => ({
  name,
  sizeBytes: plain.length,
  open: () => Readable.from([plain]),
});

/** Artifacts over a real folder, and the same folder under another master key. */
export async function createBench() {
  const directory = await mkdtemp(join(tmpdir(), "daguerre-"));
  const store = createFilesystemStore({ directory });
  const under = (byte: number) =>
    createArtifacts({
      store,
      wrapper: createKeyWrapper(createFileKeyring(Buffer.alloc(32, byte))),
      randomBytes,
    });
  const artifacts = under(7);
  async function write(
    key: string,
    plain: Buffer,
    base?: ArtifactRef,
    form: "image" | "increment" = "image",
  ) {
    const { sha256 } = await artifacts.write({
      key,
      subject: subjectOf(key),
      form,
      parts: [partOf("p", plain)],
      ...(base && { base }),
    });
    return { key, sha256 };
  }
  return { directory, store, artifacts, strange: under(8), write };
}
