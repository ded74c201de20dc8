import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { ArtifactError, type ArtifactLayer, type SourcePart } from "./artifact.js";
import type { Manifest } from "./manifest.js";

export const exportMagic = Buffer.from("DGEXPORT", "latin1");
export const exportFormatVersion = 1;
export const exportChunkBytes = 1024 * 1024;
/** Of a chunk's record: 1 (u8), stored size (u32 BE), plain size (u32 BE), SHA-256 of the plain bytes. */
export const chunkRecordBytes = 41;
export const endMarker = 0;
export const chunkMarker = 1;
export const trailerBytes = 32;
const compress = promisify(zstdCompress);

/** The JSON near the file's front: all that a reader needs besides the chunks. */
export interface ExportHeader {
  readonly format: number;
  readonly subject: Manifest["subject"];
  readonly layers: readonly {
    readonly form: ArtifactLayer["form"];
    readonly parts: readonly { readonly name: string; readonly sizeBytes: number }[];
  }[];
}

export interface ExportLayer {
  readonly form: ArtifactLayer["form"];
  readonly parts: readonly SourcePart[];
}

/** Yields the plain bytes of an export file. `onBytes` is told of the plain data as it is packed. */
export async function* packExport(
  subject: Manifest["subject"],
  layers: readonly ExportLayer[],
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  const whole = createHash("sha256");
  const hashed = (bytes: Buffer) => {
    whole.update(bytes);
    return bytes;
  };
  const header: ExportHeader = {
    format: exportFormatVersion,
    subject,
    layers: layers.map(({ form, parts }) => ({
      form,
      parts: parts.map(({ name, sizeBytes }) => ({ name, sizeBytes: sizeBytes ?? 0 })),
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  yield hashed(Buffer.concat([exportMagic, length, text]));
  for (const part of layers.flatMap(({ parts }) => parts)) {
    let size = 0;
    for await (const plain of gather(part.open() as AsyncIterable<Buffer>)) {
      size += plain.length;
      yield hashed(await packChunk(plain));
      onBytes(plain.length);
    }
    if (size !== part.sizeBytes) throw new ArtifactError("DAMAGED", `${part.name} has another size`);
  }
  yield hashed(Buffer.from([endMarker]));
  yield whole.digest();
}

async function packChunk(plain: Buffer): Promise<Buffer> {
  const packed = await compress(plain, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  const record = Buffer.alloc(chunkRecordBytes);
  record.writeUInt8(chunkMarker, 0);
  record.writeUInt32BE(packed.length, 1);
  record.writeUInt32BE(plain.length, 5);
  createHash("sha256").update(plain).digest().copy(record, 9);
  return Buffer.concat([record, packed]);
}

/** Every chunk is full but a part's last; an empty part has none. */
async function* gather(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (let bytes of source) {
    while (size + bytes.length >= exportChunkBytes) {
      const cut = exportChunkBytes - size;
      yield Buffer.concat([...held, bytes.subarray(0, cut)]);
      bytes = bytes.subarray(cut);
      held = [];
      size = 0;
    }
    if (bytes.length === 0) continue;
    held.push(bytes);
    size += bytes.length;
  }
  if (size > 0) yield Buffer.concat(held);
}
