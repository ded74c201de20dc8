import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactRef, SourcePart, WrittenArtifact } from "../src/artifacts/artifact.ts";
import type * as CreateArtifacts from "../src/artifacts/create-artifacts.ts";
import type * as FilesystemStore from "../src/artifacts/filesystem-store.ts";
import type * as KeyWrapper from "../src/artifacts/key-wrapper.ts";
import type * as FileKeyring from "../src/artifacts/file-keyring.js";
import type * as ByteReader from "../src/byte-reader.ts";
import type * as LadybugEngine from "../src/engines/ladybug/ladybug-engine.ts";
import type { Engine, Generation, Layer } from "../src/engines/engine.ts";
import { product } from "./bench.ts";

const { openFileReader } = await product<typeof ByteReader>("byte-reader.js");
const { createArtifacts } = await product<typeof CreateArtifacts>("artifacts/create-artifacts.js");
const { createFilesystemStore } = await product<typeof FilesystemStore>("artifacts/filesystem-store.js");
const { createFileKeyring } = await product<typeof FileKeyring>("artifacts/file-keyring.js");
const { createKeyWrapper } = await product<typeof KeyWrapper>("artifacts/key-wrapper.js");
const { createLadybugEngine } = await product<typeof LadybugEngine>("engines/ladybug/ladybug-engine.js");

export const generation = (number: number): Generation => ({
  instanceId: "00000000-0000-4000-8000-000000000000",
  number,
  version: "V5",
});

/** The real engine, the real store and the artifacts between them, in one folder. */
export function createParts(directory: string) {
  const store = createFilesystemStore({ directory: join(directory, "store") });
  const wrapper = createKeyWrapper(createFileKeyring(randomBytes(32)));
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  const engine: Engine = createLadybugEngine({
    directory: join(directory, "engine"),
    clock: { now: () => new Date() },
  });

  /** Writes parts as an artifact, as the job that takes a snapshot does before it verifies. */
  async function write(key: string, parts: readonly SourcePart[], base?: ArtifactRef): Promise<Snapshot> {
    const subject = {
      snapshotId: key,
      instanceId: generation(1).instanceId,
      instanceName: "bench",
      version: "V5" as const,
      engine: engine.name,
      engineVersion: "bench",
      takenAt: new Date(),
    };
    const written = await artifacts.write({ key, subject, form: "image", parts, ...(base && { base }) });
    return { ...written, key };
  }
  return { store, artifacts, engine, write };
}

export interface Snapshot extends WrittenArtifact, ArtifactRef {
  readonly sha256: string;
}

/** A file as a part, read as the engine's driver reads its own. */
export async function partOf(path: string): Promise<SourcePart> {
  const { size: sizeBytes } = await stat(path);
  return {
    name: "graph.lbug",
    sizeBytes,
    open: () => createReadStream(path),
    openReader: () => openFileReader(path, 0, sizeBytes),
  };
}

export async function* layerOf(part: SourcePart): AsyncGenerator<Layer> {
  async function* parts() {
    yield part;
  }
  yield { form: "image", parts: parts() };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) hash.update(bytes);
  return hash.digest("hex");
}
