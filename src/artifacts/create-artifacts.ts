import type { Artifacts } from "./artifact.js";
import { listArtifacts } from "./list-artifacts.js";
import { openManifest } from "./manifest.js";
import { createPackingThreads } from "./packing-threads.js";
import { openChain, readChain } from "./read-artifact.js";
import { verifyArtifacts } from "./verify-artifact.js";
import { type ArtifactTools, writeArtifact } from "./write-artifact.js";
import { openExport, writeExport } from "./write-export.js";

/** Artifacts as `docs/artifact-format.md` lays them out, in any store. */
export function createArtifacts(
  parts: Omit<ArtifactTools, "threads"> & Partial<Pick<ArtifactTools, "threads">>,
): Artifacts {
  const tools: ArtifactTools = { threads: createPackingThreads(), ...parts };
  const { store, wrapper } = tools;
  return {
    write: (request, options) => writeArtifact(tools, request, options),
    verify: async (ref, options) =>
      verifyArtifacts(tools, [await openManifest(store, wrapper, ref)], options?.signal),
    read: (chain, options) => readChain(tools, chain, options),
    async measure(chain) {
      const all = await openChain(tools, chain);
      // The last image stands for all that is below it; every increment above it is written besides.
      const image = all.findLastIndex(({ manifest }) => manifest.form === "image");
      const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);
      return {
        sizeBytes: sum(all.slice(image).map(({ manifest }) => manifest.sizeBytes)),
        storedBytes: sum(all.map(({ manifest }) => manifest.storedBytes)),
      };
    },
    writeExport: (request, options) => writeExport(tools, request, options),
    openExport: (file, range) => openExport(tools, file, range),
    list: (prefix) => listArtifacts(store, prefix),
    remove: (key) => (key.endsWith("/") ? store.removeAll(key) : store.remove(key)),
  };
}
