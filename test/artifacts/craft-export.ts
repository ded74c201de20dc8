import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";

export const goodSubject = {
  snapshotId: "0198f000-0000-7000-8000-000000000001",
  instanceId: "0198f000-0000-7000-8000-000000000002",
  instanceName: "flights",
  version: "V5",
  engine: "ladybug",
  engineVersion: "0.19.1",
  takenAt: "2026-11-23T06:00:00.000Z",
};

export const layerOf = (name: string, sizeBytes: unknown) => [
  { form: "image", parts: [{ name, sizeBytes }] },
];

/** An export with whatever header: its digests hold, as a stranger would make them hold. */
export function craftExport(header: unknown, content: Buffer = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const pieces = [Buffer.from("DGEXPORT"), bigEndian(text.length), text];
  for (let at = 0; at < content.length; at += 2 ** 20) {
    const plain = content.subarray(at, at + 2 ** 20);
    pieces.push(chunkOf(plain, zstdCompressSync(plain)));
  }
  return sealExport(pieces);
}

/** A file of so many bytes of zeros in a few hundred for each megabyte. */
export function craftBomb(name: string, megabytes: number): Buffer {
  const header = { format: 1, subject: goodSubject, layers: layerOf(name, megabytes * 2 ** 20) };
  const text = Buffer.from(JSON.stringify(header));
  const plain = Buffer.alloc(2 ** 20);
  const chunk = chunkOf(plain, zstdCompressSync(plain));
  const chunks = Array.from({ length: megabytes }, () => chunk);
  return sealExport([Buffer.from("DGEXPORT"), bigEndian(text.length), text, ...chunks]);
}

/** The record of a chunk and its frame, which says of itself what the record says. */
export const chunkOf = (plain: Buffer, frame: Buffer): Buffer =>
  Buffer.concat([
    Buffer.of(1),
    bigEndian(frame.length),
    bigEndian(plain.length),
    createHash("sha256").update(plain).digest(),
    frame,
  ]);

/** Puts the end behind what is given, with the digest that a reader expects. */
export function sealExport(pieces: readonly Buffer[]): Buffer {
  const body = Buffer.concat([...pieces, Buffer.of(0)]);
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

export function bigEndian(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
