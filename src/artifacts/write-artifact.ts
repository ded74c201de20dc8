import { addAbortSignal, Readable } from "node:stream";
import { type ByteReader, readerOf } from "../byte-reader.js";
import type { ArtifactOptions, SourcePart, WriteArtifact, WrittenArtifact } from "./artifact.js";
import { type ArtifactStore, StoreError } from "./artifact-store.js";
import { formatVersion, type Manifest, type OpenedArtifact, openManifest } from "./manifest.js";
import { type PartRecord, sha256, writeManifest } from "./manifest.js";
import type { KeyWrapper } from "./key-wrapper.js";
import { type Group, readGroups } from "./memory.js";
import { blocksInGroup, digestBytes } from "./packing.js";
import { inOrder, prefetched, type PackingThreads } from "./packing-threads.js";
import { groupsInPage, PageBuilder, type PageRecord } from "./pages.js";
import { deriveObjectKey } from "./sealing.js";
import { pagesOf, readPage } from "./stored-pages.js";

export interface ArtifactTools {
  readonly store: ArtifactStore;
  readonly wrapper: KeyWrapper;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly threads: PackingThreads;
}

/** Writes data and, last, the manifest; removes what it wrote if it fails. An abort throws the signal's reason. */
export async function writeArtifact(
  tools: ArtifactTools,
  request: WriteArtifact,
  options: ArtifactOptions = {},
): Promise<WrittenArtifact> {
  const { store, wrapper } = tools;
  const { key, subject, form, mark } = request;
  for await (const found of store.list(key))
    throw new StoreError("ALREADY_EXISTS", `${found.key} exists already`);
  const base = request.base && (await openManifest(store, wrapper, request.base));
  const dataKey = tools.randomBytes(32);
  const parts: PartRecord[] = [];
  let sizeBytes = 0;
  const onBytes = (count: number) => {
    sizeBytes += count;
    options.onProgress?.(sizeBytes);
  };
  let written = false;
  try {
    // An increment is new data by nature; only an image repeats its base.
    const known = base && form === "image" && base.manifest.form === "image" ? base : undefined;
    const data = packParts(
      tools,
      request.parts,
      known,
      deriveObjectKey(dataKey, "data"),
      parts,
      onBytes,
      options,
    );
    const { sizeBytes: storedBytes } = await store.put(`${key}data`, data, options);
    written = true;
    const manifest: Manifest = {
      format: formatVersion,
      subject: { ...subject, takenAt: subject.takenAt.toISOString() },
      form,
      ...(base && { base: { snapshotId: base.manifest.subject.snapshotId, sha256: base.sha256 } }),
      ...(mark !== undefined && { mark }),
      wrappedKey: await wrapper.wrap(dataKey, { snapshotId: subject.snapshotId }),
      sizeBytes,
      storedBytes,
      parts,
    };
    const bytes = writeManifest(dataKey, manifest);
    await store.put(`${key}manifest.json`, Readable.from([bytes]), options);
    return { sha256: sha256(bytes), sizeBytes, storedBytes: storedBytes + bytes.length };
  } catch (error) {
    // Only what this call wrote: another writer of the same key may have come first.
    if (written) await store.remove(`${key}data`).catch(() => undefined);
    options.signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Yields the object `data` of the parts, and records them as it goes; leaves out blocks that the base has. What it
 * yields is overwritten when the next is asked for.
 */
async function* packParts(
  tools: ArtifactTools,
  sources: readonly SourcePart[],
  base: OpenedArtifact | undefined,
  key: Uint8Array,
  records: PartRecord[],
  onBytes: (count: number) => void,
  { signal }: ArtifactOptions,
): AsyncGenerator<Uint8Array> {
  const shared = tools.threads.memory;
  let page = 0;
  for (const source of sources) {
    const groups = prefetched(readGroups(await openSource(source, signal), source.sizeBytes, shared));
    const tasks = packingsOf(tools, groups, base, source.name, key, page);
    const pages: PageRecord[] = [];
    let sizeBytes = 0;
    let builder = new PageBuilder();
    const close = () => {
      const { index, record } = builder.seal(key, page);
      pages.push(record);
      page += 1;
      builder = new PageBuilder();
      return index;
    };
    for await (const { digests, kept, storedBytes, memory, plainBytes } of inOrder(
      tasks,
      tools.threads.ahead,
    )) {
      signal?.throwIfAborted();
      sizeBytes += plainBytes;
      onBytes(plainBytes);
      builder.add(digests, { kept, storedBytes });
      if (storedBytes > 0) yield new Uint8Array(memory, 0, storedBytes);
      shared.give(memory);
      if (builder.isFull) yield close();
    }
    if (!builder.isEmpty) yield close();
    records.push({ name: source.name, sizeBytes, pages });
  }
}

async function openSource(source: SourcePart, signal?: AbortSignal): Promise<ByteReader> {
  if (source.openReader) return source.openReader();
  const stream = source.open();
  // A stream that has nothing to say must still end when the work is canceled.
  if (signal) addAbortSignal(signal, stream);
  return readerOf(stream as AsyncIterable<Uint8Array>);
}

/** One task for each group of a part. */
async function* packingsOf(
  { store, threads }: ArtifactTools,
  groups: AsyncIterable<Group>,
  base: OpenedArtifact | undefined,
  part: string,
  key: Uint8Array,
  firstPage: number,
) {
  const basePages = base ? pagesOf(base).filter((page) => page.part === part) : [];
  const digestsInGroup = blocksInGroup * digestBytes;
  let digests: Uint8Array = new Uint8Array();
  let number = 0;
  for await (const { memory, plainBytes } of groups) {
    const group = number % groupsInPage;
    const place = Math.floor(number / groupsInPage);
    number += 1;
    if (group === 0) {
      const page = basePages[place];
      digests = base && page ? (await readPage(store, base, page)).digests : new Uint8Array();
    }
    const known = digests.slice(group * digestsInGroup, (group + 1) * digestsInGroup);
    const input = { key, page: firstPage + place, group, memory, plainBytes, known };
    yield async () => ({ ...(await threads.run("packGroup", input, plainBytes)), memory, plainBytes });
  }
}
