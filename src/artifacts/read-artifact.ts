import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import {
  ArtifactError,
  type ArtifactLayer,
  type ArtifactOptions,
  type ArtifactRef,
  type SourcePart,
} from "./artifact.js";
import { each } from "./each.js";
import {
  type ArtifactIndex,
  blockBytes,
  type Chunk,
  digestBytes,
  digestOf,
  type IndexedPart,
} from "./image-blocks.js";
import { type OpenedArtifact, openManifest, verifyObjects } from "./manifest.js";
import { type ArtifactTools, readIndex, readPlain } from "./write-artifact.js";

const decompress = promisify(zstdDecompress);
type Held = { opened: OpenedArtifact; index: ArtifactIndex };

/** Opens a chain's manifests, oldest first, and checks that each names the one below. */
export async function openChain({ store, wrapper }: ArtifactTools, chain: readonly ArtifactRef[]) {
  const all: OpenedArtifact[] = [];
  for (const ref of chain) {
    const opened = await openManifest(store, wrapper, ref);
    if (opened.manifest.base?.sha256 !== all.at(-1)?.sha256) {
      throw new ArtifactError("DAMAGED", `${ref.key} does not build on the artifact below it`);
    }
    all.push(opened);
  }
  return all;
}

export async function* readChain(
  tools: ArtifactTools,
  chain: readonly ArtifactRef[],
  options: ArtifactOptions = {},
): AsyncGenerator<ArtifactLayer> {
  const all = await openChain(tools, chain);
  for (const opened of all) await verifyObjects(tools.store, opened, options.signal);
  const images: Held[] = [];
  const increments: Held[] = [];
  for (const opened of all) {
    const held = { opened, index: await readIndex(tools.store, opened) };
    (opened.manifest.form === "image" ? images : increments).push(held);
  }
  let done = 0;
  const onBytes = (count: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.((done += count));
  };
  yield { form: "image", parts: partsOf(tools, images, onBytes) };
  for (const held of increments) yield { form: "increment", parts: partsOf(tools, [held], onBytes) };
}

function partsOf(
  tools: ArtifactTools,
  layers: readonly Held[],
  onBytes: (count: number) => void,
): AsyncIterable<SourcePart> {
  const parts = layers.at(-1)?.index.parts ?? [];
  return each(
    parts.map((part) => ({
      name: part.name,
      sizeBytes: part.sizeBytes,
      open: () => Readable.from(blocksOf(tools, layers, part, onBytes), { objectMode: false }),
    })),
  );
}

async function* blocksOf(
  { store }: ArtifactTools,
  layers: readonly Held[],
  part: IndexedPart,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  const places = new Map<number, { held: Held; chunk: Chunk; offset: number }>();
  for (const held of layers) {
    for (const chunk of held.index.chunks) {
      if (chunk.part !== part.name) continue;
      chunk.blocks.forEach((block, at) => places.set(block, { held, chunk, offset: at * blockBytes }));
    }
  }
  const open = new Map<Held, { chunk: Chunk; plain: Buffer }>();
  const digests = Buffer.from(part.digests, "base64");
  const whole = createHash("sha256");
  for (let number = 0; number * blockBytes < part.sizeBytes; number += 1) {
    const place = places.get(number);
    if (!place) throw new ArtifactError("DAMAGED", `block ${number} of ${part.name} is nowhere`);
    let last = open.get(place.held);
    if (last?.chunk !== place.chunk) {
      const { at, length } = place.chunk;
      const packed = await buffer(readPlain(store, place.held.opened, "data", { start: at, length }));
      last = { chunk: place.chunk, plain: await decompress(packed) };
      open.set(place.held, last);
    }
    const size = Math.min(blockBytes, part.sizeBytes - number * blockBytes);
    const block = last.plain.subarray(place.offset, place.offset + size);
    if (!digestOf(block).equals(digests.subarray(number * digestBytes, (number + 1) * digestBytes))) {
      throw new ArtifactError("DAMAGED", `block ${number} of ${part.name} is damaged`);
    }
    whole.update(block);
    onBytes(block.length);
    yield block;
  }
  if (whole.digest("hex") !== part.sha256) throw new ArtifactError("DAMAGED", `${part.name} is damaged`);
}
