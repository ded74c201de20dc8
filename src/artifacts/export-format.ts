import { createHash } from "node:crypto";
import { openPart } from "../byte-reader.js";
import type { ArtifactLayer, SourcePart } from "./artifact.js";
import { exportFormatVersion, type ExportHeader } from "./export-header.js";
import type { Manifest } from "./manifest.js";
import { readGroups, type SharedMemory } from "./memory.js";
import { groupBytes, type StoredChunk } from "./packing.js";
import { inOrder, type PackingThreads, prefetched } from "./packing-threads.js";

export const exportMagic = Buffer.from("DGEXPORT", "latin1");
export const exportChunkBytes = groupBytes;
/** Of a chunk's record: 1 (u8), stored size (u32 BE), plain size (u32 BE), SHA-256 of the plain bytes. */
export const chunkRecordBytes = 41;
export const endMarker = 0;
export const chunkMarker = 1;
export const trailerBytes = 32;

export interface ExportLayer {
  readonly form: ArtifactLayer["form"];
  readonly parts: readonly SourcePart[];
}

export interface ExportTally {
  sizeBytes: number;
  /** Of the whole file; empty until its last byte is yielded. */
  sha256: string;
}

/** Yields the plain bytes of an export file, and keeps the tally. `onBytes` is told of the plain data as it is packed. What it yields is overwritten when the next is asked for. */
export async function* packExport(
  threads: PackingThreads,
  subject: Manifest["subject"],
  layers: readonly ExportLayer[],
  tally: ExportTally,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const whole = createHash("sha256");
  const counted = (bytes: Uint8Array) => {
    whole.update(bytes);
    tally.sizeBytes += bytes.length;
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
  yield counted(Buffer.concat([exportMagic, length, text]));
  const shared = threads.memory;
  for (const part of layers.flatMap(({ parts }) => parts)) {
    for await (const chunk of inOrder(chunksOf(threads, part, shared), threads.ahead)) {
      yield counted(recordOf(chunk));
      yield counted(new Uint8Array(chunk.memory, 0, chunk.storedBytes));
      shared.give(chunk.memory);
      onBytes(chunk.plainBytes);
    }
  }
  yield counted(Buffer.from([endMarker]));
  const trailer = counted(whole.copy().digest());
  tally.sha256 = whole.digest("hex");
  yield trailer;
}

/** One task for each chunk. Every chunk is full but a part's last; an empty part has none. */
async function* chunksOf(threads: PackingThreads, part: SourcePart, shared: SharedMemory) {
  const groups = readGroups(await openPart(part), part.sizeBytes, shared);
  for await (const group of prefetched(groups))
    yield async () => ({ ...group, ...(await threads.run("packChunk", group, group.plainBytes)) });
}

function recordOf({ storedBytes, plainBytes, sha256 }: Omit<StoredChunk, "memory">): Buffer {
  const record = Buffer.alloc(chunkRecordBytes);
  record.writeUInt8(chunkMarker, 0);
  record.writeUInt32BE(storedBytes, 1);
  record.writeUInt32BE(plainBytes, 5);
  record.set(sha256, 9);
  return record;
}
