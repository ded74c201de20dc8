import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject } from "node:crypto";
import { ArtifactError } from "./artifact.js";

/** Plain bytes of every segment but the last, which has 0 to this many. */
export const segmentBytes = 64 * 1024;
const tagBytes = 16;
const header = Buffer.from("DGSEAL\x00\x01", "latin1");
export const sealedHeader: Uint8Array = header;
export const sealedHeaderBytes = header.length;
const sealedSegmentBytes = segmentBytes + tagBytes;

/** The key of one object: the same data key under another name opens nothing. */
export function deriveObjectKey(dataKey: Uint8Array | KeyObject, name: string): Buffer {
  return Buffer.from(hkdfSync("sha256", dataKey, "", `daguerre object v1 ${name}`, 32));
}

export function sealedSize(plainBytes: number): number {
  return header.length + plainBytes + segmentCount(plainBytes) * tagBytes;
}

const segmentCount = (plainBytes: number) => Math.max(1, Math.ceil(plainBytes / segmentBytes));

/** Encrypts a stream under an object key that is used for this one object only. */
export async function* seal(key: Uint8Array, source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  yield header;
  let index = 0;
  const pending = Buffer.alloc(segmentBytes);
  let filled = 0;
  for await (const bytes of source) {
    const segments: Buffer[] = [];
    for (let from = 0; from < bytes.length;) {
      // Only when more follows is it known that the full segment is not the last.
      if (filled === segmentBytes) {
        segments.push(sealSegment(key, index++, false, pending));
        filled = 0;
      }
      const count = Math.min(segmentBytes - filled, bytes.length - from);
      pending.set(bytes.subarray(from, from + count), filled);
      filled += count;
      from += count;
    }
    if (segments.length > 0) yield Buffer.concat(segments);
  }
  yield sealSegment(key, index, true, pending.subarray(0, filled));
}

/** Where the sealed bytes of a plain range lie, the header left out. `plainBytes` is the size of the whole object. */
export function sealedRange(plainBytes: number, start: number, length: number) {
  const last = segmentCount(plainBytes) - 1;
  const first = Math.min(Math.floor(start / segmentBytes), last);
  const end = Math.min(Math.floor(Math.max(start, start + length - 1) / segmentBytes), last);
  const from = header.length + first * sealedSegmentBytes;
  const to = Math.min(header.length + (end + 1) * sealedSegmentBytes, sealedSize(plainBytes));
  return { start: from, length: to - from, firstSegment: first, skip: start - first * segmentBytes };
}

/** Decrypts what `sealedRange` names. Throws ArtifactError DAMAGED at the first byte that is not as written. */
export async function* unsealRange(
  key: Uint8Array,
  plainBytes: number,
  range: { start: number; length: number },
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const last = segmentCount(plainBytes) - 1;
  const place = sealedRange(plainBytes, range.start, range.length);
  let { firstSegment: index, skip } = place;
  let left = range.length;
  let expected = place.length;
  let pending: Buffer = Buffer.alloc(0);
  for await (const bytes of source) {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const size = Math.min(sealedSegmentBytes, expected);
      if (expected === 0 || pending.length < size) break;
      const plain = openSegment(key, index, index === last, pending.subarray(0, size));
      pending = pending.subarray(size);
      expected -= size;
      index += 1;
      const wanted = plain.subarray(skip, skip + left);
      skip = 0;
      left -= wanted.length;
      if (wanted.length > 0) yield wanted;
    }
  }
  if (expected > 0 || pending.length > 0)
    throw new ArtifactError("DAMAGED", "a sealed object has another size");
}

function nonceOf(index: number, final: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 3);
  nonce[11] = final ? 1 : 0;
  return nonce;
}

function sealSegment(key: Uint8Array, index: number, final: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index, final)).setAAD(header);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openSegment(key: Uint8Array, index: number, final: boolean, sealed: Buffer): Buffer {
  const cut = sealed.length - tagBytes;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index, final), { authTagLength: tagBytes });
    decipher.setAAD(header).setAuthTag(sealed.subarray(cut));
    return Buffer.concat([decipher.update(sealed.subarray(0, cut)), decipher.final()]);
  } catch (error) {
    throw new ArtifactError("DAMAGED", `segment ${index} of a sealed object is damaged`, { cause: error });
  }
}
