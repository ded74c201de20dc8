import { buffer } from "node:stream/consumers";
import { type ByteReader, readerOf } from "../byte-reader.js";
import { ArtifactError } from "./artifact.js";
import { type ArtifactStore, StoreError } from "./artifact-store.js";

/** Of small objects, enough for the whole in one read. */
const readAtOnceBytes = 16 * 1024;

export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** An object that the store does not have is a fault of the artifact; other faults stay the store's. */
export async function present<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === "NOT_FOUND") throw new ArtifactError("MISSING", error.message, { cause: error });
    if (error.code === "OUT_OF_RANGE") throw new ArtifactError("DAMAGED", error.message, { cause: error });
    throw error;
  }
}

export async function openRange(store: ArtifactStore, key: string, range: Extent): Promise<ByteReader> {
  if (store.openReader) return present(store.openReader(key, range));
  return readerOf((await present(store.open(key, range))) as AsyncIterable<Uint8Array>);
}

/** Fills the target with the object's bytes from `start`. Throws DAMAGED where they end before. */
export async function readRange(
  store: ArtifactStore,
  key: string,
  start: number,
  target: Uint8Array,
): Promise<void> {
  const reader = await openRange(store, key, { start, length: target.length });
  try {
    await readExactly(reader, key, target);
  } finally {
    await reader.close();
  }
}

export async function readExactly(reader: ByteReader, key: string, target: Uint8Array): Promise<void> {
  if ((await reader.read(target)) < target.length)
    throw new ArtifactError("DAMAGED", `${key} is shorter than it was`);
}

/** A whole object of unknown size: a small one, as a stream for each would cost more than all else about it. */
export async function readObject(store: ArtifactStore, key: string): Promise<Buffer> {
  if (!store.openReader) return buffer(await present(store.open(key)));
  const reader = await present(store.openReader(key, { start: 0, length: Number.MAX_SAFE_INTEGER }));
  try {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(readAtOnceBytes);
      const count = await reader.read(chunk);
      chunks.push(chunk.subarray(0, count));
      if (count < chunk.length) return Buffer.concat(chunks);
    }
  } finally {
    await reader.close();
  }
}
