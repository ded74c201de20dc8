import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  ArtifactError,
  type ArtifactOptions,
  type ExportRef,
  type SourcePart,
  type WriteExport,
  type WrittenExport,
} from "./artifact.js";
import { type ExportLayer, type ExportTally, packExport } from "./export-format.js";
import { openChain, readChain } from "./read-artifact.js";
import {
  deriveObjectKey,
  seal,
  sealedHeader,
  sealedHeaderBytes,
  sealedRange,
  sealedSize,
  unsealRange,
} from "./sealing.js";
import { present } from "./stored-objects.js";
import type { ArtifactTools } from "./write-artifact.js";

const objectName = "export";
const contextOf = (key: string) => ({ exportKey: key });

/** Verifies the chain, then streams it into one sealed object with a data key of its own. */
export async function writeExport(
  tools: ArtifactTools,
  { chain, key }: WriteExport,
  options: ArtifactOptions = {},
): Promise<WrittenExport> {
  const { store, wrapper, threads } = tools;
  const subject = (await openChain(tools, chain)).at(-1)?.manifest.subject;
  if (!subject) throw new ArtifactError("MISSING", "an export needs an artifact");
  const layers: ExportLayer[] = [];
  for await (const { form, parts } of readChain(tools, chain, { signal: options.signal })) {
    const listed: SourcePart[] = [];
    for await (const part of parts) listed.push(part);
    layers.push({ form, parts: listed });
  }
  const dataKey = tools.randomBytes(32);
  const wrappedKey = await wrapper.wrap(dataKey, contextOf(key));
  const tally: ExportTally = { sizeBytes: 0, sha256: "" };
  let done = 0;
  const plain = packExport(threads, subject, layers, tally, (count) => {
    options.signal?.throwIfAborted();
    options.onProgress?.((done += count));
  });
  await store.put(key, seal(deriveObjectKey(dataKey, objectName), plain), { signal: options.signal });
  return { key, wrappedKey, ...tally };
}

/** Throws ArtifactError before the stream is returned if the object, its size or its key is not as recorded. */
export async function openExport(
  { store, wrapper }: ArtifactTools,
  { key, wrappedKey, sizeBytes }: ExportRef,
  range = { start: 0, length: sizeBytes },
): Promise<Readable> {
  const { start, length } = range;
  if (start < 0 || length < 0 || start + length > sizeBytes) {
    throw new RangeError(`an export of ${sizeBytes} bytes has no ${length} bytes from ${start}`);
  }
  const objectKey = deriveObjectKey(await wrapper.unwrap(wrappedKey, contextOf(key)), objectName);
  const stored = await store.stat(key);
  if (!stored) throw new ArtifactError("MISSING", `${key} does not exist`);
  const front = await buffer(await present(store.open(key, { start: 0, length: sealedHeaderBytes })));
  if (stored.sizeBytes !== sealedSize(sizeBytes) || !front.equals(sealedHeader))
    throw new ArtifactError("DAMAGED", `${key} is not the export that was written`);
  if (length === 0) return Readable.from([]);
  const place = sealedRange(sizeBytes, start, length);
  const sealed = await present(store.open(key, { start: place.start, length: place.length }));
  return Readable.from(unsealRange(objectKey, sizeBytes, range, sealed as AsyncIterable<Buffer>), {
    objectMode: false,
  });
}
