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
    const frame = zstdCompressSync(plain);
    const digest = createHash("sha256").update(plain).digest();
    pieces.push(Buffer.of(1), bigEndian(frame.length), bigEndian(plain.length), digest, frame);
  }
  const body = Buffer.concat([...pieces, Buffer.of(0)]);
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

function bigEndian(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
