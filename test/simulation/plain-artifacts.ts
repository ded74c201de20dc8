import { createHash } from "node:crypto";
import type { ArtifactStore } from "../../src/artifacts/artifact-store.js";
import { listArtifacts } from "../../src/artifacts/list-artifacts.js";
import { ArtifactError, type ArtifactRef, type Artifacts } from "../../src/artifacts/artifact.js";

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function read(store: ArtifactStore, { key, sha256 }: ArtifactRef): Promise<Buffer> {
  if (!(await store.stat(`${key}manifest.json`))) throw new ArtifactError("MISSING", `${key} is not there`);
  const chunks: Buffer[] = [];
  for await (const chunk of await store.open(`${key}manifest.json`)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (digest(bytes) !== sha256) throw new ArtifactError("DAMAGED", `${key} is not what was written`);
  return bytes;
}

/**
 * Artifacts without sealing, one object each, in any store: a hundred days of a fleet are far more of them than can be
 * encrypted in a test's time. What the simulation asks of them is what the contract says: whole or not there, pinned by
 * a digest, damage found, and a base that is read before something is built on it.
 */
export function createPlainArtifacts(store: ArtifactStore): Artifacts {
  const unused = () => Promise.reject(new Error("not in this simulation"));
  return {
    async write({ key, base, parts, subject }, { onProgress } = {}) {
      if (base) await read(store, base);
      const chunks: Buffer[] = [Buffer.from(subject.snapshotId)];
      for (const part of parts) for await (const chunk of part.open()) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      onProgress?.(bytes.length);
      async function* once() {
        yield bytes;
      }
      await store.put(`${key}manifest.json`, once());
      return { sha256: digest(bytes), sizeBytes: bytes.length, storedBytes: bytes.length };
    },
    verify: async (ref) => void (await read(store, ref)),
    async *read(chain) {
      const all: Buffer[] = [];
      for (const ref of chain) all.push(await read(store, ref));
      const data = all.at(-1)?.subarray(36) ?? Buffer.alloc(0);
      const { Readable } = await import("node:stream");
      async function* parts() {
        yield { name: "data", sizeBytes: data.length, open: () => Readable.from([data]) };
      }
      yield { form: "image" as const, parts: parts() };
    },
    measure: unused,
    writeExport: unused,
    openExport: unused,
    remove: (key) => store.removeAll(key),
    list: (prefix) => listArtifacts(store, prefix),
  };
}
