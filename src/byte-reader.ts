import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";

/**
 * Bytes that whoever reads them pulls into memory of their own. Streams take fresh memory for each chunk, and the
 * garbage collector then works as hard as everything else; large data is read so instead.
 */
export interface ByteReader {
  /** Fills the target from its front and returns how much; less than it has room for only where the bytes end. */
  read(target: Uint8Array): Promise<number>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Of what is at hand as a stream only. */
export function readerOf(source: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  return {
    async read(target) {
      for (let filled = 0; ;) {
        const count = Math.min(target.length - filled, chunk.length);
        target.set(chunk.subarray(0, count), filled);
        chunk = chunk.subarray(count);
        filled += count;
        if (filled === target.length) return filled;
        const next = await chunks.next();
        if (next.done) return filled;
        chunk = next.value;
      }
    },
    async close() {
      await chunks.return?.();
    },
  };
}

/** A stream of chunks that their maker may overwrite afterwards: each goes out in memory of its own. */
export function streamOf(source: AsyncIterable<Uint8Array>): Readable {
  async function* copies() {
    for await (const bytes of source) yield Buffer.from(bytes);
  }
  return Readable.from(copies(), { objectMode: false });
}

/** Of `length` bytes of a file from `start`, or of fewer where the file ends. */
export async function openFileReader(path: string, start: number, length: number): Promise<ByteReader> {
  const file = await open(path, "r");
  let at = start;
  const end = start + length;
  let closed = false;
  return {
    async read(target) {
      const wanted = Math.min(target.length, end - at);
      const count = await readFully(file, target.subarray(0, wanted), at);
      at += count;
      return count;
    },
    async close() {
      if (closed) return;
      closed = true;
      await file.close();
    },
  };
}

/** Fills the target from the file's bytes at a place, and returns how much; less only where the file ends. */
export async function readFully(file: FileHandle, target: Uint8Array, at: number): Promise<number> {
  for (let done = 0; ;) {
    if (done === target.length) return done;
    const { bytesRead } = await file.read(target, done, target.length - done, at + done);
    if (bytesRead === 0) return done;
    done += bytesRead;
  }
}

/** What a part of a capture or of a layer is read from. */
export interface ReadablePart {
  open(): AsyncIterable<unknown>;
  openReader?(): Promise<ByteReader>;
}

export async function openPart(part: ReadablePart): Promise<ByteReader> {
  return part.openReader ? part.openReader() : readerOf(part.open() as AsyncIterable<Uint8Array>);
}

const copyBytes = 1024 * 1024;

/**
 * Gives all that is left to `write`, reading one stretch while the one before is written; closes the reader. Aborted,
 * it throws the signal's reason at once, also where the reader has nothing to say.
 */
export async function copyTo(
  reader: ByteReader,
  write: (bytes: Uint8Array) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = () => reject(signal?.reason as Error);
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    let [current, next] = [new Uint8Array(copyBytes), new Uint8Array(copyBytes)];
    let count = await Promise.race([reader.read(current), aborted]);
    while (count > 0) {
      const both = Promise.all([reader.read(next), write(current.subarray(0, count))]);
      const [following] = await Promise.race([both, aborted]);
      [current, next, count] = [next, current, following];
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    // Not waited for: a reader that has nothing to say would hold up the failure.
    reader.close().catch(() => undefined);
  }
}

export async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}
