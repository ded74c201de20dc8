import { ArtifactError } from "./artifact.js";
import type { ArtifactStore } from "./artifact-store.js";
import { each } from "./each.js";
import type { OpenedArtifact } from "./manifest.js";
import type { SharedMemory } from "./memory.js";
import { groupBytes, type PackedStretch } from "./packing.js";
import { asDamage, inOrder, prefetched } from "./packing-threads.js";
import { openPage } from "./pages.js";
import { readRange } from "./stored-objects.js";
import {
  pagesOf,
  type PlacedPack,
  placePacks,
  readExtents,
  readPage,
  type StoredPage,
} from "./stored-pages.js";
import type { ArtifactTools } from "./write-artifact.js";

/** Reads every byte of the artifacts and authenticates it. Throws ArtifactError at the first that is not as written. */
export async function verifyArtifacts(
  tools: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(artifacts.map((opened) => verifySize(tools, opened)));
  const shared = tools.threads.memory;
  for await (const memory of inOrder(checksOf(tools, artifacts, shared), tools.threads.ahead)) {
    signal?.throwIfAborted();
    shared.give(memory);
  }
}

async function verifySize({ store }: ArtifactTools, opened: OpenedArtifact): Promise<void> {
  const key = `${opened.key}data`;
  const stored = await store.stat(key);
  if (!stored) throw new ArtifactError("MISSING", `${key} does not exist`);
  const last = pagesOf(opened).at(-1);
  const end = last ? last.start + last.record.packedBytes + last.record.indexBytes : 0;
  if (stored.sizeBytes !== opened.manifest.storedBytes || stored.sizeBytes !== end)
    throw new ArtifactError("DAMAGED", `${key} is not what was written`);
}

/** One task for each stretch of packs, which answers the memory that it was read to. */
async function* checksOf(
  { store, threads }: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  shared: SharedMemory,
) {
  for await (const { opened, page, packs, whole } of inOrder(
    fetchesOf(store, artifacts, shared),
    pagesAhead,
  )) {
    const object = `${opened.key}data`;
    const stretches = gather(packs);
    const memories = whole ? each([whole]) : prefetched(readExtents(store, object, stretches, shared));
    let next = 0;
    for await (const memory of memories) {
      const { packs = [], length = 0 } = stretches[next++] ?? {};
      const input = { key: opened.objectKey, page: page.number, memory, packs };
      yield () =>
        threads
          .run("checkPacks", input, length)
          .then(() => memory, asDamage(`a pack of ${object} is damaged`));
    }
  }
}

interface FetchedPage {
  readonly opened: OpenedArtifact;
  readonly page: StoredPage;
  readonly packs: readonly PlacedPack[];
  /** Memory that begins with the packs, where they were read with their index. */
  readonly whole?: SharedArrayBuffer;
}

/** Of small artifacts the way to the store takes longest, so the next few pages are asked for meanwhile. */
const pagesAhead = 8;

async function* fetchesOf(store: ArtifactStore, artifacts: readonly OpenedArtifact[], shared: SharedMemory) {
  for (const opened of artifacts)
    for (const page of pagesOf(opened)) yield () => fetchPage(store, opened, page, shared);
}

/** A small page in one read, with its packs; of a large one the index, which tells where its packs lie. */
async function fetchPage(
  store: ArtifactStore,
  opened: OpenedArtifact,
  page: StoredPage,
  shared: SharedMemory,
): Promise<FetchedPage> {
  const { packedBytes, indexBytes } = page.record;
  const length = packedBytes + indexBytes;
  if (length > groupBytes)
    return { opened, page, packs: placePacks(page, await readPage(store, opened, page)) };
  const whole = shared.take(length);
  const bytes = new Uint8Array(whole, 0, length);
  await readRange(store, `${opened.key}data`, page.start, bytes);
  const sealed = bytes.subarray(packedBytes);
  const index = openPage(opened.objectKey, page.number, page.record, page.plainBytes, sealed);
  return { opened, page, packs: placePacks(page, index), whole };
}

/** Packs lie one behind another: as many as a group has bytes go to a thread together. */
function gather(packs: readonly PlacedPack[]) {
  const stretches: { start: number; length: number; packs: PackedStretch["packs"][number][] }[] = [];
  for (const { group, start, length: storedBytes } of packs) {
    let last = stretches.at(-1);
    if (!last || last.length + storedBytes > groupBytes)
      stretches.push((last = { start, length: 0, packs: [] }));
    last.packs.push({ group, at: last.length, storedBytes });
    last.length += storedBytes;
  }
  return stretches;
}
