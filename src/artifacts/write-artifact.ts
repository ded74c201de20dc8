import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import type { ArtifactOptions, WriteArtifact, WrittenArtifact } from "./artifact.js";
import { type ArtifactStore, StoreError } from "./artifact-store.js";
import { type ArtifactIndex, packParts } from "./image-blocks.js";
import type { KeyWrapper } from "./master-key.js";
import {
  formatVersion,
  type Manifest,
  type OpenedArtifact,
  openManifest,
  present,
  sha256,
  writeManifest,
} from "./manifest.js";
import { deriveObjectKey, seal, sealedRange, unsealRange } from "./sealing.js";

export interface ArtifactTools {
  readonly store: ArtifactStore;
  readonly wrapper: KeyWrapper;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Writes data, index and, last, the manifest; removes what it wrote if it fails. An abort throws the signal's reason. */
export async function writeArtifact(
  tools: ArtifactTools,
  request: WriteArtifact,
  options: ArtifactOptions = {},
): Promise<WrittenArtifact> {
  const { store, wrapper } = tools;
  const { key, subject, form, mark } = request;
  for await (const found of store.list(key))
    throw new StoreError("ALREADY_EXISTS", `${found.key} exists already`);
  const base = request.base && (await openManifest(store, wrapper, request.base));
  // An increment is new data by nature; only an image repeats its base.
  const baseIndex = base && form === "image" ? await readIndex(store, base) : undefined;
  const dataKey = tools.randomBytes(32);
  const index: ArtifactIndex = { parts: [], chunks: [] };
  const written: string[] = [];
  let done = 0;
  const put = async (name: string, source: AsyncIterable<Uint8Array>) => {
    const hash = createHash("sha256");
    let plainBytes = 0;
    const plain = tap(source, (bytes) => (plainBytes += bytes.length));
    const sealed = tap(seal(deriveObjectKey(dataKey, name), plain), (bytes) => hash.update(bytes));
    const { sizeBytes } = await store.put(key + name, sealed, options);
    written.push(name);
    return { storedBytes: sizeBytes, plainBytes, sha256: hash.digest("hex") };
  };
  try {
    const onBytes = (count: number) => {
      done += count;
      options.onProgress?.(done);
    };
    const parts = packParts(request.parts, baseIndex, index, onBytes, options.signal);
    const data = await put("data", parts);
    const indexed = await put("index", Readable.from([Buffer.from(JSON.stringify(index))]));
    const manifest: Manifest = {
      format: formatVersion,
      subject: { ...subject, takenAt: subject.takenAt.toISOString() },
      form,
      ...(base && { base: { snapshotId: base.manifest.subject.snapshotId, sha256: base.sha256 } }),
      ...(mark !== undefined && { mark }),
      wrappedKey: await wrapper.wrap(dataKey, { snapshotId: subject.snapshotId }),
      sizeBytes: done,
      objects: { data, index: indexed },
    };
    const bytes = writeManifest(dataKey, manifest);
    await store.put(`${key}manifest.json`, Readable.from([bytes]), options);
    return {
      sha256: sha256(bytes),
      sizeBytes: done,
      storedBytes: data.storedBytes + indexed.storedBytes + bytes.length,
    };
  } catch (error) {
    // Only what this call wrote: another writer of the same key may have come first.
    for (const name of written) await store.remove(key + name).catch(() => undefined);
    options.signal?.throwIfAborted();
    throw error;
  }
}

export async function readIndex(store: ArtifactStore, opened: OpenedArtifact): Promise<ArtifactIndex> {
  const { plainBytes } = opened.manifest.objects.index;
  const bytes = await buffer(readPlain(store, opened, "index", { start: 0, length: plainBytes }));
  return JSON.parse(bytes.toString()) as ArtifactIndex;
}

/** A range of an object's plain bytes. */
export async function* readPlain(
  store: ArtifactStore,
  opened: OpenedArtifact,
  name: "data" | "index",
  range: { start: number; length: number },
) {
  const { plainBytes } = opened.manifest.objects[name];
  const { start, length } = sealedRange(plainBytes, range.start, range.length);
  const source = await present(store.open(opened.key + name, { start, length }));
  yield* unsealRange(
    deriveObjectKey(opened.dataKey, name),
    plainBytes,
    range,
    source as AsyncIterable<Buffer>,
  );
}

/** Shows each chunk to `see` as it passes. */
export async function* tap<T extends Uint8Array>(
  source: AsyncIterable<T>,
  see: (bytes: T) => void,
): AsyncGenerator<T> {
  for await (const bytes of source) {
    see(bytes);
    yield bytes;
  }
}
