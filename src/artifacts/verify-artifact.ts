import { buffer } from "node:stream/consumers";
import { ArtifactError } from "./artifact.js";
import { type SharedMemory } from "./memory.js";
import { type OpenedArtifact, present } from "./manifest.js";
import { inOrder, prefetched } from "./packing-threads.js";
import { dataMagic, pagesOf, placePacks, readExtents, readPage } from "./stored-pages.js";
import type { ArtifactTools } from "./write-artifact.js";

/** Reads every byte of the artifacts and authenticates it. Throws ArtifactError at the first that is not as written. */
export async function verifyArtifacts(
  tools: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  signal?: AbortSignal,
): Promise<void> {
  for (const opened of artifacts) await verifySize(tools, opened);
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
  const magic = await buffer(await present(store.open(key, { start: 0, length: dataMagic.length })));
  const last = pagesOf(opened).at(-1);
  const end = last ? last.start + last.record.packedBytes + last.record.indexBytes : dataMagic.length;
  if (
    !magic.equals(dataMagic) ||
    stored.sizeBytes !== opened.manifest.storedBytes ||
    stored.sizeBytes !== end
  )
    throw new ArtifactError("DAMAGED", `${key} is not what was written`);
}

async function* checksOf(
  { store, threads }: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  shared: SharedMemory,
) {
  for (const opened of artifacts) {
    const object = `${opened.key}data`;
    for (const page of pagesOf(opened)) {
      const packs = placePacks(page, await readPage(store, opened, page));
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
}
