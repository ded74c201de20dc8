/**
 * The work on bytes: digests, zstd, AES-GCM. Pure and synchronous, and importing nothing of this house, so that worker
 * threads run this file as it stands in tests (packing.ts) and compiled (packing.js). See docs/artifact-format.md.
 */
import { type CipherKey, createCipheriv, createDecipheriv, createHash, createSecretKey } from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

export const blockBytes = 64 * 1024;
export const blocksInGroup = 16;
export const groupBytes = blocksInGroup * blockBytes;
export const digestBytes = 16;
export const tagBytes = 16;

export interface PackInput {
  readonly key: Uint8Array;
  readonly page: number;
  readonly group: number;
  /** Begins with the group's blocks, one after another; when the task is done, with the pack. */
  readonly memory: SharedArrayBuffer;
  readonly plainBytes: number;
  /** The digests that the base has for these blocks; as many as it has. */
  readonly known: Uint8Array;
}
export interface Packed {
  readonly digests: Uint8Array;
  /** Bit k: block k of the group differs from the base's and is in the pack. */
  readonly kept: number;
  /** 0 where nothing is kept. */
  readonly storedBytes: number;
}
export interface HeldPack {
  readonly key: Uint8Array;
  readonly page: number;
  readonly group: number;
  /** Begins with the pack. */
  readonly memory: SharedArrayBuffer;
  readonly storedBytes: number;
  /** Of the group as it was when the pack was made: its last block may have been shorter. */
  readonly plainBytes: number;
  /** The group's blocks that the pack has, and those that are wanted from it. */
  readonly kept: number;
  readonly wanted: number;
}

/** The twelve bytes that no two seals under one key share. */
function nonceOf(page: number, group: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(page, 4);
  nonce.writeUInt32BE(group, 8);
  return nonce;
}

/** Writes the pack of these bytes into `target` and returns its size. */
export function sealPack(
  key: Uint8Array,
  page: number,
  group: number,
  plain: Uint8Array,
  target: Uint8Array,
): number {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(page, group));
  target.set(cipher.update(plain));
  cipher.final();
  target.set(cipher.getAuthTag(), plain.length);
  return plain.length + tagBytes;
}

/** Throws an Error where the bytes are not what was sealed in this place. */
export function openPack(key: CipherKey, page: number, group: number, sealed: Uint8Array): Buffer {
  const cut = sealed.length - tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(page, group), { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(cut));
  const plain = decipher.update(sealed.subarray(0, cut));
  decipher.final();
  return plain;
}

function compress(plain: Uint8Array): Buffer {
  return zstdCompressSync(plain, {
    // Enough for the whole answer, so that it comes in one piece.
    chunkSize: plain.length + (plain.length >> 7) + 1024,
    // Known beforehand, the tables of a small frame are small.
    pledgedSrcSize: plain.length,
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

function decompress(packed: Uint8Array, plainBytes: number): Buffer<ArrayBuffer> {
  const plain = zstdDecompressSync(packed, {
    chunkSize: Math.max(1024, plainBytes),
    maxOutputLength: Math.max(1024, plainBytes),
  });
  if (plain.length !== plainBytes) throw new Error(`${plain.length} bytes instead of ${plainBytes}`);
  return plain;
}

const bytesOfBlock = (block: number, plainBytes: number) =>
  Math.min(blockBytes, plainBytes - block * blockBytes);

function packGroup({ key, page, group, memory, plainBytes, known }: PackInput): Packed {
  const plain = new Uint8Array(memory, 0, plainBytes);
  const count = Math.ceil(plainBytes / blockBytes);
  const digests = new Uint8Array(count * digestBytes);
  const blocks: Uint8Array[] = [];
  let kept = 0;
  for (let number = 0; number < count; number += 1) {
    const block = plain.subarray(number * blockBytes, (number + 1) * blockBytes);
    const digest = createHash("sha256").update(block).digest().subarray(0, digestBytes);
    digests.set(digest, number * digestBytes);
    if (digest.equals(known.subarray(number * digestBytes, (number + 1) * digestBytes))) continue;
    kept |= 1 << number;
    blocks.push(block);
  }
  if (kept === 0) return { digests, kept, storedBytes: 0 };
  const packed = compress(blocks.length === count ? plain : Buffer.concat(blocks));
  return { digests, kept, storedBytes: sealPack(key, page, group, packed, new Uint8Array(memory)) };
}

export interface UnpackInput {
  readonly packs: readonly HeldPack[];
  /** Gets the group's plain bytes. */
  readonly memory: SharedArrayBuffer;
  readonly plainBytes: number;
}

/** Gathers a group's plain bytes from the packs that hold its blocks. */
function unpackGroup({ packs, memory, plainBytes }: UnpackInput): void {
  const group = new Uint8Array(memory, 0, plainBytes);
  for (const { kept, wanted, plainBytes: own, ...pack } of packs) {
    const sealed = new Uint8Array(pack.memory, 0, pack.storedBytes);
    const numbers = Array.from({ length: blocksInGroup }, (_, block) => block).filter(
      (block) => kept & (1 << block),
    );
    const size = numbers.reduce((sum, block) => sum + bytesOfBlock(block, own), 0);
    const blocks = decompress(openPack(pack.key, pack.page, pack.group, sealed), size);
    let at = 0;
    for (const block of numbers) {
      const length = bytesOfBlock(block, own);
      if (wanted & (1 << block)) group.set(blocks.subarray(at, at + length), block * blockBytes);
      at += length;
    }
  }
}

export interface PackedStretch {
  readonly key: Uint8Array;
  readonly page: number;
  readonly memory: SharedArrayBuffer;
  /** Each of the packs, and where it begins in the memory. */
  readonly packs: readonly { readonly group: number; readonly at: number; readonly storedBytes: number }[];
}

/** Authenticates packs of a page without decompressing them. */
function checkPacks({ key, page, memory, packs }: PackedStretch): void {
  const prepared = createSecretKey(key);
  for (const { group, at, storedBytes } of packs)
    openPack(prepared, page, group, new Uint8Array(memory, at, storedBytes));
}

export interface ChunkInput {
  /** Begins with the chunk's bytes; when the task is done, with its frame. */
  readonly memory: SharedArrayBuffer;
  readonly plainBytes: number;
}

/** An export's chunk: the size of its frame, and the SHA-256 of the plain bytes. */
function packChunk({ memory, plainBytes }: ChunkInput): { storedBytes: number; sha256: Uint8Array } {
  const plain = new Uint8Array(memory, 0, plainBytes);
  const sha256 = createHash("sha256").update(plain).digest();
  const frame = compress(plain);
  new Uint8Array(memory).set(frame);
  return { storedBytes: frame.length, sha256 };
}

export interface StoredChunk {
  /** Begins with the frame; has room for the plain bytes. */
  readonly memory: SharedArrayBuffer;
  readonly storedBytes: number;
  readonly plainBytes: number;
  readonly sha256: Uint8Array;
}

/** Puts the plain bytes in the place of the frame. */
function unpackChunk({ memory, storedBytes, plainBytes, sha256 }: StoredChunk): void {
  const plain = decompress(new Uint8Array(memory, 0, storedBytes), plainBytes);
  if (!createHash("sha256").update(plain).digest().equals(sha256)) throw new Error("another SHA-256");
  new Uint8Array(memory).set(plain);
}

/** What can be asked of a worker, by name. */
export const packingTasks = { packGroup, unpackGroup, checkPacks, packChunk, unpackChunk };
export type PackingTasks = typeof packingTasks;
