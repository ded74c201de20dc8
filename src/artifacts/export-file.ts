import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { ArtifactError, type ArtifactLayer, type SourcePart } from "./artifact.js";
import { each } from "./each.js";
import {
  chunkMarker,
  chunkRecordBytes,
  endMarker,
  exportChunkBytes,
  exportFormatVersion,
  type ExportHeader,
  exportMagic,
  trailerBytes,
} from "./export-format.js";

const decompress = promisify(zstdDecompress);
const damaged = (what: string) => new ArtifactError("DAMAGED", `The export file is damaged: ${what}.`);
interface PlacedChunk {
  readonly at: number;
  readonly storedBytes: number;
  readonly plainBytes: number;
  readonly sha256: Buffer;
}

export interface ExportFile {
  readonly header: ExportHeader;
  readonly subject: ExportHeader["subject"];
  /** The data in the engine's own terms; can be read again and again. */
  readonly layers: AsyncIterable<ArtifactLayer>;
  /** Writes every part as a file and returns their paths: a lone layer's flat, others below `layer-N/`. */
  extract(directory: string): Promise<string[]>;
}

/** Opens a downloaded export without key, store or service. Throws ArtifactError DAMAGED or UNSUPPORTED before it returns. */
export async function readExportFile(path: string): Promise<ExportFile> {
  const file = await open(path, "r");
  let header: ExportHeader;
  let places: PlacedChunk[][];
  try {
    const { size } = await file.stat();
    const length = await readFront(file, size);
    await checkWhole(file, path, size);
    header = await readHeader(file, length);
    places = await placeChunks(file, header, size);
  } finally {
    await file.close();
  }
  let next = 0;
  const layers = header.layers.map(({ form, parts }) => ({
    form,
    parts: parts.map(({ name, sizeBytes }): SourcePart => {
      const chunks = places[next++] ?? [];
      return {
        name,
        sizeBytes,
        open: () => Readable.from(plainOf(path, chunks), { objectMode: false }),
      };
    }),
  }));
  return {
    header,
    subject: header.subject,
    layers: {
      [Symbol.asyncIterator]: () =>
        each(layers.map(({ form, parts }) => ({ form, parts: each(parts) })))[Symbol.asyncIterator](),
    },
    async extract(directory) {
      const paths: string[] = [];
      for (const [number, { parts }] of layers.entries()) {
        for (const part of parts) {
          const target = join(directory, layers.length > 1 ? `layer-${number}` : "", part.name);
          await mkdir(dirname(target), { recursive: true });
          await pipeline(part.open(), createWriteStream(target, { flags: "wx" }));
          paths.push(target);
        }
      }
      return paths;
    },
  };
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw damaged("it ends too early");
    done += bytesRead;
  }
  return bytes;
}

/** The length of the header, which lies within the file. */
async function readFront(file: FileHandle, size: number): Promise<number> {
  const front = await readAt(file, 0, exportMagic.length + 4);
  if (!front.subarray(0, exportMagic.length).equals(exportMagic))
    throw damaged("it does not begin like an export");
  const length = front.readUInt32BE(exportMagic.length);
  if (front.length + length + 1 + trailerBytes > size) throw damaged("it ends too early");
  return length;
}

async function readHeader(file: FileHandle, length: number): Promise<ExportHeader> {
  const text = (await readAt(file, exportMagic.length + 4, length)).toString();
  let header: ExportHeader;
  let names: string[];
  try {
    header = JSON.parse(text) as ExportHeader;
    names = header.layers.flatMap(({ parts }) => parts.map(({ name }) => name));
  } catch (cause) {
    throw new ArtifactError("DAMAGED", "The export file is damaged: its header is unreadable.", { cause });
  }
  if (header.format > exportFormatVersion)
    throw new ArtifactError("UNSUPPORTED", "The export file is of a newer format.");
  // Names become paths, so a crafted file must not name one outside the folder.
  if (names.some((name) => !/^[A-Za-z0-9._-]+$/.test(name) || name === "." || name === ".."))
    throw damaged("a part has no plain name");
  return header;
}

async function checkWhole(file: FileHandle, path: string, size: number): Promise<void> {
  const hash = createHash("sha256");
  const source = createReadStream(path, { end: size - trailerBytes - 1 });
  for await (const bytes of source as AsyncIterable<Buffer>) hash.update(bytes);
  const said = await readAt(file, size - trailerBytes, trailerBytes);
  if (!hash.digest().equals(said)) throw damaged("its SHA-256 differs");
}

async function placeChunks(file: FileHandle, header: ExportHeader, size: number): Promise<PlacedChunk[][]> {
  const length = (await readAt(file, exportMagic.length, 4)).readUInt32BE();
  const end = size - trailerBytes - 1;
  let at = exportMagic.length + 4 + length;
  const places: PlacedChunk[][] = [];
  for (const part of header.layers.flatMap(({ parts }) => parts)) {
    const chunks: PlacedChunk[] = [];
    for (let done = 0; done < part.sizeBytes;) {
      if (at + chunkRecordBytes > end) throw damaged("chunks are missing");
      const record = await readAt(file, at, chunkRecordBytes);
      const storedBytes = record.readUInt32BE(1);
      const plainBytes = record.readUInt32BE(5);
      at += chunkRecordBytes;
      done += plainBytes;
      const fits = plainBytes > 0 && plainBytes <= exportChunkBytes && done <= part.sizeBytes;
      if (record[0] !== chunkMarker || !fits || at + storedBytes > end) throw damaged("a chunk is misplaced");
      chunks.push({ at, storedBytes, plainBytes, sha256: record.subarray(9) });
      at += storedBytes;
    }
    places.push(chunks);
  }
  if (at !== end || (await readAt(file, at, 1))[0] !== endMarker) throw damaged("its end is misplaced");
  return places;
}

async function* plainOf(path: string, chunks: readonly PlacedChunk[]): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    for (const { at, storedBytes, plainBytes, sha256 } of chunks) {
      const packed = await readAt(file, at, storedBytes);
      const plain = await decompress(packed, { maxOutputLength: exportChunkBytes }).catch(() => {
        throw damaged("a chunk does not decompress");
      });
      if (plain.length !== plainBytes || !createHash("sha256").update(plain).digest().equals(sha256))
        throw damaged("a chunk differs");
      yield plain;
    }
  } finally {
    await file.close();
  }
}
