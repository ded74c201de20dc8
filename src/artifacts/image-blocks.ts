import { createHash } from "node:crypto";
import { addAbortSignal } from "node:stream";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import type { SourcePart } from "./artifact.js";

export const blockBytes = 64 * 1024;
export const digestBytes = 16;
const blocksInChunk = 16;
const inFlight = 4;
const compress = promisify(zstdCompress);

/** What the `index` object holds, as JSON. `digests` is base64: 16 bytes of SHA-256 a block, in order. */
export interface IndexedPart {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly digests: string;
}
/** A zstd frame at `at` in the plain `data` object: the named blocks of one part, one after another. */
export interface Chunk {
  readonly part: string;
  readonly at: number;
  readonly length: number;
  readonly blocks: readonly number[];
}
export interface ArtifactIndex {
  readonly parts: IndexedPart[];
  readonly chunks: Chunk[];
}

export const digestOf = (block: Uint8Array) =>
  createHash("sha256").update(block).digest().subarray(0, digestBytes);

/** Yields the plain `data` object of the parts and fills the index as it goes; leaves out blocks that the base has. */
export async function* packParts(
  parts: readonly SourcePart[],
  base: ArtifactIndex | undefined,
  index: ArtifactIndex,
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let at = 0;
  const queue: { part: string; blocks: number[]; packed: Promise<Buffer> }[] = [];
  const shift = async () => {
    const { part, blocks, packed } = queue.shift()!;
    const bytes = await packed;
    index.chunks.push({ part, blocks, at, length: bytes.length });
    at += bytes.length;
    return bytes;
  };
  for (const part of parts) {
    const known = base?.parts.find(({ name }) => name === part.name);
    const knownDigests = Buffer.from(known?.digests ?? "", "base64");
    const whole = createHash("sha256");
    const digests: Buffer[] = [];
    let size = 0;
    let pack: { number: number; block: Buffer }[] = [];
    const flush = () => {
      const packed = compress(Buffer.concat(pack.map(({ block }) => block)), {
        params: { [constants.ZSTD_c_compressionLevel]: 3 },
      });
      packed.catch(() => undefined);
      queue.push({ part: part.name, blocks: pack.map(({ number }) => number), packed });
      pack = [];
    };
    const source = part.open();
    // A source that has nothing to say must still end when the work is canceled.
    if (signal) addAbortSignal(signal, source);
    for await (const block of cut(source as AsyncIterable<Buffer>)) {
      const number = digests.length;
      const digest = digestOf(block);
      whole.update(block);
      digests.push(digest);
      size += block.length;
      onBytes(block.length);
      if (digest.equals(knownDigests.subarray(number * digestBytes, (number + 1) * digestBytes))) continue;
      pack.push({ number, block });
      if (pack.length === blocksInChunk) flush();
      while (queue.length > inFlight) yield await shift();
    }
    if (pack.length > 0) flush();
    const all = Buffer.concat(digests).toString("base64");
    index.parts.push({ name: part.name, sizeBytes: size, sha256: whole.digest("hex"), digests: all });
  }
  while (queue.length > 0) yield await shift();
}

async function* cut(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(blockBytes);
  let filled = 0;
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length;) {
      const count = bytes.copy(block, filled, from);
      filled += count;
      from += count;
      if (filled < blockBytes) continue;
      yield block;
      block = Buffer.allocUnsafe(blockBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
