import { ArtifactError } from "./artifact.js";
import type { ArtifactStore } from "./artifact-store.js";
import { type SharedMemory } from "./memory.js";
import type { OpenedArtifact } from "./manifest.js";
import { inOrder, prefetched } from "./packing-threads.js";
import { pagesOf, placePacks, readExtents, readPage } from "./stored-pages.js";
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

async function* checksOf(
  { store, threads }: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  shared: SharedMemory,
) {
  for await (const { opened, page, packs } of inOrder(indexesOf(store, artifacts), indexesAhead)) {
    const object = `${opened.key}data`;
    let next = 0;
    for await (const memory of prefetched(readExtents(store, object, packs, shared))) {
      const { group, length: storedBytes } = packs[next++]!;
      const pack = { key: opened.objectKey, page: page.number, group, memory, storedBytes };
      yield () =>
        threads.run("checkPack", pack, storedBytes).then(
          () => memory,
          (cause: unknown) => {
            throw new ArtifactError("DAMAGED", `a pack of ${object} is damaged`, { cause });
          },
        );
    }
  }
}

/** Of small artifacts the way to the store takes longest, so the next few indexes are asked for meanwhile. */
const indexesAhead = 8;

async function* indexesOf(store: ArtifactStore, artifacts: readonly OpenedArtifact[]) {
  for (const opened of artifacts) {
    for (const page of pagesOf(opened))
      yield async () => ({ opened, page, packs: placePacks(page, await readPage(store, opened, page)) });
  }
}
