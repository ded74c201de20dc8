import { buffer } from "node:stream/consumers";
import { ArtifactError } from "./artifact.js";
import type { ArtifactStore } from "./artifact-store.js";
import type { SharedMemory } from "./memory.js";
import { type OpenedArtifact, present } from "./manifest.js";
import { openPage, pageBytes, type PageIndex, type PageRecord } from "./pages.js";

/** What `data` begins with. */
export const dataMagic = Buffer.from("DGDATA\x00\x02", "latin1");

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
  let start = dataMagic.length;
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
  const range = { start: page.start + packedBytes, length: indexBytes };
  const sealed = await buffer(await present(store.open(`${opened.key}data`, range)));
  return openPage(opened.objectKey, page.number, page.record, page.plainBytes, sealed);
}

export interface Extent {
  readonly start: number;
  readonly length: number;
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
  const source = await present(store.open(key, { start, length: last.start + last.length - start }));
  let number = 0;
  let memory = new Uint8Array(shared.take(extents[0]!.length));
  let at = start;
  let filled = 0;
  for await (const bytes of source as AsyncIterable<Buffer>) {
    for (let from = 0; from < bytes.length;) {
      const extent = extents[number]!;
      const gap = Math.min(Math.max(0, extent.start - at), bytes.length - from);
      const count = Math.min(extent.length - filled, bytes.length - from - gap);
      memory.set(bytes.subarray(from + gap, from + gap + count), filled);
      filled += count;
      from += gap + count;
      at += gap + count;
      if (filled < extent.length) continue;
      yield memory.buffer;
      number += 1;
      filled = 0;
      if (number === extents.length) return;
      memory = new Uint8Array(shared.take(extents[number]!.length));
    }
  }
  throw new ArtifactError("DAMAGED", `${key} is shorter than it was`);
}
