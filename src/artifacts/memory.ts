import { groupBytes } from "./packing.js";

/** Bytes that this thread and the packing threads see alike, so that nothing is copied between them. */
export type SharedBytes = Uint8Array<SharedArrayBuffer>;

/** Memory that goes from group to group. Fresh memory for each would cost as much as the work on it. */
export interface SharedMemory {
  take(bytes: number): SharedArrayBuffer;
  /** For memory that nobody reads any more. Whoever forgets to give some back leaves it to the garbage collector. */
  give(memory: SharedArrayBuffer): void;
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
  };
}

/** What a group may grow to when it does not compress: its frame, its tag, its record. */
export const packedBound = (plainBytes: number) => plainBytes + (plainBytes >> 7) + 1024;

export interface Group {
  readonly memory: SharedArrayBuffer;
  readonly plainBytes: number;
}

/** Cuts a stream into groups, each at the front of memory with room for its packed form; all but the last are full. */
export async function* cutGroups(
  source: AsyncIterable<Uint8Array>,
  sizeBytes: number | undefined,
  shared: SharedMemory,
): AsyncGenerator<Group> {
  let left = sizeBytes ?? Infinity;
  let group: SharedBytes | undefined;
  let filled = 0;
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length;) {
      const size = Math.min(left, groupBytes);
      if (size === 0) throw new Error(`a source has more than the ${sizeBytes} bytes announced`);
      group ??= new Uint8Array(shared.take(packedBound(size)));
      const count = Math.min(size - filled, bytes.length - from);
      group.set(bytes.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < size) continue;
      yield { memory: group.buffer, plainBytes: filled };
      left -= filled;
      group = undefined;
      filled = 0;
    }
  }
  if (sizeBytes !== undefined && left > filled)
    throw new Error(`a source has ${sizeBytes - left + filled} bytes instead of the ${sizeBytes} announced`);
  if (group) yield { memory: group.buffer, plainBytes: filled };
}
