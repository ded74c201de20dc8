import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copyTo, openPart, readerOf, readFully, streamOf, writeFully } from "../byte-reader.js";
import type { ArtifactLayer, SourcePart } from "./artifact.js";
import { each } from "./each.js";
import {
  chunkMarker,
  chunkRecordBytes,
  endMarker,
  exportChunkBytes,
  exportMagic,
  trailerBytes,
} from "./export-format.js";
import { damagedExport as damaged, type ExportHeader, parseExportHeader } from "./export-header.js";
import { packedBound, type SharedMemory } from "./memory.js";
import type { StoredChunk } from "./packing.js";
import {
  asDamage,
  createPackingThreads,
  inOrder,
  type PackingThreads,
  prefetched,
} from "./packing-threads.js";

/** Far more than parts take to be named; what is longer was written to be a burden. */
const mostHeaderBytes = 16 * 2 ** 20;

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
  let starts: number[];
  try {
    const { size } = await file.stat();
    const length = await readFront(file, size);
    await checkWhole(file, path, size);
    header = await readHeader(file, length);
    starts = await placeParts(file, header, size);
  } finally {
    await file.close();
  }
  let next = 0;
  const layers = header.layers.map(({ form, parts }) => ({
    form,
    parts: parts.map(({ name, sizeBytes }): SourcePart => {
      const start = starts[next++] ?? 0;
      return {
        name,
        sizeBytes,
        open: () => streamOf(plainOf(path, start, sizeBytes)),
        openReader: async () => readerOf(plainOf(path, start, sizeBytes)),
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
          const file = await open(target, "wx");
          await copyTo(await openPart(part), (bytes) => writeFully(file, bytes)).finally(() => file.close());
          paths.push(target);
        }
      }
      return paths;
    },
  };
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(file, at, bytes);
  return bytes;
}

async function fill(file: FileHandle, at: number, bytes: Uint8Array): Promise<void> {
  if ((await readFully(file, bytes, at)) < bytes.length) throw damaged("it ends too early");
}

/** The length of the header, which lies within the file. */
async function readFront(file: FileHandle, size: number): Promise<number> {
  const front = await readAt(file, 0, exportMagic.length + 4);
  if (!front.subarray(0, exportMagic.length).equals(exportMagic))
    throw damaged("it does not begin like an export");
  const length = front.readUInt32BE(exportMagic.length);
  if (front.length + length + 1 + trailerBytes > size) throw damaged("it ends too early");
  if (length > mostHeaderBytes) throw damaged("its header is too long");
  return length;
}

async function readHeader(file: FileHandle, length: number): Promise<ExportHeader> {
  return parseExportHeader((await readAt(file, exportMagic.length + 4, length)).toString());
}

async function checkWhole(file: FileHandle, path: string, size: number): Promise<void> {
  const hash = createHash("sha256");
  const source = createReadStream(path, { end: size - trailerBytes - 1 });
  for await (const bytes of source as AsyncIterable<Buffer>) hash.update(bytes);
  const said = await readAt(file, size - trailerBytes, trailerBytes);
  if (!hash.digest().equals(said)) throw damaged("its SHA-256 differs");
}

type ChunkRecord = Omit<StoredChunk, "memory">;

/** Throws where there is no record of a chunk that fits into what is left of its part. */
async function readRecord(file: FileHandle, at: number, leftBytes: number): Promise<ChunkRecord> {
  const record = await readAt(file, at, chunkRecordBytes);
  const storedBytes = record.readUInt32BE(1);
  const plainBytes = record.readUInt32BE(5);
  const fits = plainBytes > 0 && plainBytes <= Math.min(exportChunkBytes, leftBytes);
  if (record[0] !== chunkMarker || !fits) throw damaged("a chunk is misplaced");
  // No frame is longer: memory is taken for it before it is read.
  if (storedBytes > packedBound(plainBytes)) throw damaged("a chunk is larger than its data");
  return { storedBytes, plainBytes, sha256: new Uint8Array(record.subarray(9)) };
}

/** Where each part's first chunk is; goes through all chunks, and keeps none. */
async function placeParts(file: FileHandle, header: ExportHeader, size: number): Promise<number[]> {
  const length = (await readAt(file, exportMagic.length, 4)).readUInt32BE();
  const end = size - trailerBytes - 1;
  let at = exportMagic.length + 4 + length;
  const starts: number[] = [];
  for (const part of header.layers.flatMap(({ parts }) => parts)) {
    starts.push(at);
    for (let done = 0; done < part.sizeBytes;) {
      if (at + chunkRecordBytes > end) throw damaged("chunks are missing");
      const { storedBytes, plainBytes } = await readRecord(file, at, part.sizeBytes - done);
      at += chunkRecordBytes + storedBytes;
      done += plainBytes;
      if (at > end) throw damaged("a chunk is misplaced");
    }
  }
  if (at !== end || (await readAt(file, at, 1))[0] !== endMarker) throw damaged("its end is misplaced");
  return starts;
}

async function* plainOf(path: string, start: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const threads = createPackingThreads();
  const shared = threads.memory;
  const file = await open(path, "r");
  try {
    const tasks = chunksOf(file, start, sizeBytes, threads, shared);
    for await (const { memory, plainBytes } of inOrder(prefetched(tasks), threads.ahead)) {
      yield new Uint8Array(memory, 0, plainBytes);
      shared.give(memory);
    }
  } finally {
    await file.close();
  }
}

/** One task for each chunk of a part. */
async function* chunksOf(
  file: FileHandle,
  start: number,
  sizeBytes: number,
  threads: PackingThreads,
  shared: SharedMemory,
) {
  let at = start;
  for (let done = 0; done < sizeBytes;) {
    const record = await readRecord(file, at, sizeBytes - done);
    const { storedBytes, plainBytes } = record;
    const memory = shared.take(Math.max(storedBytes, plainBytes));
    await fill(file, at + chunkRecordBytes, new Uint8Array(memory, 0, storedBytes));
    at += chunkRecordBytes + storedBytes;
    done += plainBytes;
    const chunk = { ...record, memory };
    yield async () => {
      await threads
        .run("unpackChunk", chunk, plainBytes)
        .catch(asDamage("The export file is damaged: a chunk differs."));
      return chunk;
    };
  }
}
