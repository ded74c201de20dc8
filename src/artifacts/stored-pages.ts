import type { ArtifactStore } from "./artifact-store.js";
import type { OpenedArtifact } from "./manifest.js";
import type { SharedMemory } from "./memory.js";
import { openPage, pageBytes, type PageIndex, type PageRecord } from "./pages.js";
import { type Extent, openRange, readExactly, readRange } from "./stored-objects.js";

/** A page of an artifact, and where its bytes are. */
export interface StoredPage {
  readonly part: string;
  /** Of all pages of the artifact, from 0. */
  readonly number: number;
  readonly plainBytes: number;
  /** Of the first pack in `data`. */
  readonly start: number;
  readonly record: PageRecord;
}

/** The pages of an artifact, in the order in which they lie in `data`. */
export function pagesOf({ manifest }: OpenedArtifact): StoredPage[] {
  let start = 0;
  let number = 0;
  return manifest.parts.flatMap((part) =>
    part.pages.map((record, place) => {
      const plainBytes = Math.min(pageBytes, part.sizeBytes - place * pageBytes);
      const page = { part: part.name, number: number++, plainBytes, start, record };
      start += record.packedBytes + record.indexBytes;
      return page;
    }),
  );
}

export async function readPage(
  store: ArtifactStore,
  opened: OpenedArtifact,
  page: StoredPage,
): Promise<PageIndex> {
  const { packedBytes, indexBytes } = page.record;
  const sealed = new Uint8Array(indexBytes);
  await readRange(store, `${opened.key}data`, page.start + packedBytes, sealed);
  return openPage(opened.objectKey, page.number, page.record, page.plainBytes, sealed);
}

export interface PlacedPack extends Extent {
  readonly group: number;
}

/** Where a page's packs lie in `data`. */
export function placePacks({ start }: StoredPage, { groups }: PageIndex): PlacedPack[] {
  let at = start;
  return groups.flatMap(({ storedBytes: length }, group) => {
    const pack = { group, start: at, length };
    at += length;
    return length > 0 ? [pack] : [];
  });
}

/** Bytes between two extents that are cheaper to read than to ask anew. */
const worthReadingOver = 256 * 1024;

/** Yields memory that begins with each extent of an object; they are in ascending order, and neighbours come in one read. */
export async function* readExtents(
  store: ArtifactStore,
  key: string,
  extents: readonly Extent[],
  shared: SharedMemory,
): AsyncGenerator<SharedArrayBuffer> {
  for (let first = 0; first < extents.length;) {
    let end = first + 1;
    for (; end < extents.length; end += 1) {
      const before = extents[end - 1]!;
      if (extents[end]!.start - before.start - before.length > worthReadingOver) break;
    }
    yield* readRun(store, key, extents.slice(first, end), shared);
    first = end;
  }
}

async function* readRun(store: ArtifactStore, key: string, extents: readonly Extent[], shared: SharedMemory) {
  const { start } = extents[0]!;
  const last = extents.at(-1)!;
  const reader = await openRange(store, key, { start, length: last.start + last.length - start });
  const fill = (memory: SharedArrayBuffer, length: number) =>
    readExactly(reader, key, new Uint8Array(memory, 0, length));
  try {
    let at = start;
    for (const extent of extents) {
      const gap = extent.start - at;
      const memory = shared.take(Math.max(gap, extent.length));
      if (gap > 0) await fill(memory, gap);
      await fill(memory, extent.length);
      at = extent.start + extent.length;
      yield memory;
    }
  } finally {
    await reader.close();
  }
}
