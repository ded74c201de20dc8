import type { ByteReader } from "../byte-reader.js";
import { groupBytes } from "./packing.js";

/**
 * Memory that this thread and the packing threads see alike, and that goes from group to group. Fresh memory for each,
 * and what the garbage collector does about it, would cost as much as the work on it.
 */
export interface SharedMemory {
  take(bytes: number): SharedArrayBuffer;
  /** For memory that nobody reads any more. Whoever forgets to give some back leaves it to the garbage collector. */
  give(memory: SharedArrayBuffer): void;
  /** Keeps nothing for later. */
  clear(): void;
}

const stepBytes = 64 * 1024;
/** What is kept for later, beside what is in use. */
const mostSpareBytes = 16 * 1024 * 1024;

export function createSharedMemory(): SharedMemory {
  let spare: SharedArrayBuffer[] = [];
  let spareBytes = 0;
  return {
    take(bytes) {
      const found = spare.find(
        ({ byteLength }) => byteLength >= bytes && byteLength <= 4 * bytes + stepBytes,
      );
      if (!found)
        return new SharedArrayBuffer(bytes < stepBytes ? bytes : Math.ceil(bytes / stepBytes) * stepBytes);
      spare = spare.filter((memory) => memory !== found);
      spareBytes -= found.byteLength;
      return found;
    },
    give(memory) {
      if (spareBytes + memory.byteLength > mostSpareBytes) return;
      spare.push(memory);
      spareBytes += memory.byteLength;
    },
    clear() {
      spare = [];
      spareBytes = 0;
    },
  };
}

/** What a group may grow to when it does not compress: its frame, its tag, its record. */
export const packedBound = (plainBytes: number) => plainBytes + (plainBytes >> 7) + 1024;

export interface Group {
  readonly memory: SharedArrayBuffer;
  readonly plainBytes: number;
}

/** Reads groups, each to the front of memory with room for its packed form; all but the last are full. Closes the reader. */
export async function* readGroups(
  reader: ByteReader,
  sizeBytes: number | undefined,
  shared: SharedMemory,
): AsyncGenerator<Group> {
  try {
    for (let done = 0; ;) {
      const wanted = Math.min((sizeBytes ?? Infinity) - done, groupBytes);
      // One byte more than was announced tells a source that has more.
      const memory = shared.take(packedBound(Math.max(1, wanted)));
      const plainBytes = await reader.read(new Uint8Array(memory, 0, Math.max(1, wanted)));
      done += plainBytes;
      if (sizeBytes !== undefined && plainBytes !== wanted)
        throw new Error(
          `a source has ${plainBytes > wanted ? "more" : "less"} than the ${sizeBytes} bytes announced`,
        );
      if (plainBytes > 0) yield { memory, plainBytes };
      if (wanted === 0 || plainBytes < wanted) return;
    }
  } finally {
    await reader.close();
  }
}
