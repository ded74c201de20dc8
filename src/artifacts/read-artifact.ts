import { readerOf, streamOf } from "../byte-reader.js";
import {
  ArtifactError,
  type ArtifactLayer,
  type ArtifactOptions,
  type ArtifactRef,
  type SourcePart,
} from "./artifact.js";
import { each } from "./each.js";
import { type OpenedArtifact, openManifest, type PartRecord } from "./manifest.js";
import type { ArtifactStore } from "./artifact-store.js";
import { chooseBlocks, type ChosenGroup, type HeldPage } from "./choose-blocks.js";
import { type SharedMemory } from "./memory.js";
import type { HeldPack } from "./packing.js";
import { asDamage, inOrder, prefetched } from "./packing-threads.js";
import { pageBytes } from "./pages.js";
import { pagesOf, placePacks, readExtents, readPage, type StoredPage } from "./stored-pages.js";
import { verifyArtifacts } from "./verify-artifact.js";
import type { ArtifactTools } from "./write-artifact.js";

/** Opens a chain's manifests, oldest first, and checks that each names the one below. */
export async function openChain({ store, wrapper }: ArtifactTools, chain: readonly ArtifactRef[]) {
  const all = await Promise.all(chain.map((ref) => openManifest(store, wrapper, ref)));
  for (const [place, { key, manifest }] of all.entries()) {
    if (manifest.base?.sha256 !== all[place - 1]?.sha256)
      throw new ArtifactError("DAMAGED", `${key} does not build on the artifact below it`);
  }
  return all;
}

export async function* readChain(
  tools: ArtifactTools,
  chain: readonly ArtifactRef[],
  options: ArtifactOptions = {},
): AsyncGenerator<ArtifactLayer> {
  const all = await openChain(tools, chain);
  await verifyArtifacts(tools, all, options.signal);
  let done = 0;
  const onBytes = (count: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.((done += count));
  };
  const last = all.findLastIndex(({ manifest }) => manifest.form === "image");
  const images = all.slice(0, last + 1).filter(({ manifest }) => manifest.form === "image");
  if (images.length > 0) yield { form: "image", parts: partsOf(tools, images, onBytes) };
  for (const increment of all.slice(last + 1))
    yield { form: "increment", parts: partsOf(tools, [increment], onBytes) };
}

/** The parts of the newest of the artifacts, each block from the newest that holds it. */
function partsOf(
  tools: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  onBytes: (count: number) => void,
): AsyncIterable<SourcePart> {
  return each(
    (artifacts.at(-1)?.manifest.parts ?? []).map((part) => ({
      name: part.name,
      sizeBytes: part.sizeBytes,
      open: () => streamOf(bytesOf(tools, artifacts, part, onBytes)),
      openReader: async () => readerOf(bytesOf(tools, artifacts, part, onBytes)),
    })),
  );
}

/** Yields the part's bytes. What it yields is overwritten when the next is asked for. */
async function* bytesOf(
  tools: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  part: PartRecord,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  const shared = tools.threads.memory;
  const tasks = unpackingsOf(tools, artifacts, part, shared);
  for await (const { packs, memory, plainBytes } of inOrder(prefetched(tasks), tools.threads.ahead)) {
    for (const pack of packs) shared.give(pack.memory);
    onBytes(plainBytes);
    yield new Uint8Array(memory, 0, plainBytes);
    shared.give(memory);
  }
}

/** One task for each group of the part, which answers the group's plain bytes. */
async function* unpackingsOf(
  tools: ArtifactTools,
  artifacts: readonly OpenedArtifact[],
  part: PartRecord,
  shared: SharedMemory,
) {
  const newestFirst = artifacts
    .map((opened) => ({ opened, pages: pagesOf(opened).filter((page) => page.part === part.name) }))
    .reverse();
  for (let number = 0; number * pageBytes < part.sizeBytes; number += 1) {
    const held = await Promise.all(
      newestFirst.flatMap(({ opened, pages }) => {
        const page = pages[number];
        return page ? [openHeld(tools.store, opened, page)] : [];
      }),
    );
    const groups = chooseBlocks(held, Math.min(pageBytes, part.sizeBytes - number * pageBytes), part.name);
    const readers = held.map((of) => readUsed(tools, of, groups, shared));
    try {
      for (const { plainBytes, choices } of groups) {
        const packs: HeldPack[] = [];
        for (const [layer, choice] of choices) {
          const read = await readers[layer]!.next();
          if (!read.done) packs.push({ ...choice, memory: read.value });
        }
        const input = { packs, memory: shared.take(plainBytes), plainBytes };
        yield async () => {
          await tools.threads.run("unpackGroup", input, plainBytes).catch(asDamage("a pack is damaged"));
          return input;
        };
      }
    } finally {
      await Promise.all(readers.map(async (reader) => reader.return?.()));
    }
  }
}

async function openHeld(store: ArtifactStore, opened: OpenedArtifact, page: StoredPage): Promise<HeldPage> {
  return { opened, page, index: await readPage(store, opened, page) };
}

/** The packs of one artifact's page that the groups use, in order. */
function readUsed(
  { store }: ArtifactTools,
  { opened, page, index }: HeldPage,
  groups: readonly ChosenGroup[],
  shared: SharedMemory,
) {
  const used = placePacks(page, index).filter(({ group }) =>
    groups[group]?.choices.some(([, choice]) => choice.key === opened.objectKey),
  );
  return prefetched(readExtents(store, `${opened.key}data`, used, shared));
}
