import type { Artifacts } from "./artifact.js";
import { openManifest, verifyObjects } from "./manifest.js";
import { openChain, readChain } from "./read-artifact.js";
import { type ArtifactTools, writeArtifact } from "./write-artifact.js";
import { openExport, writeExport } from "./write-export.js";

/** Artifacts as `docs/artifact-format.md` lays them out, in any store. */
export function createArtifacts(tools: ArtifactTools): Artifacts {
  const { store, wrapper } = tools;
  return {
    write: (request, options) => writeArtifact(tools, request, options),
    verify: async (ref, options) =>
      verifyObjects(store, await openManifest(store, wrapper, ref), options?.signal),
    read: (chain, options) => readChain(tools, chain, options),
    async measure(chain) {
      const all = await openChain(tools, chain);
      // The last image stands for all images below it; every increment is written besides.
      const image = all.findLast(({ manifest }) => manifest.form === "image");
      const restored = all
        .filter((opened) => opened === image || opened.manifest.form === "increment")
        .reduce((sum, { manifest }) => sum + manifest.sizeBytes, 0);
      const stored = all.map(
        ({ manifest: { objects } }) => objects.data.storedBytes + objects.index.storedBytes,
      );
      return {
        sizeBytes: restored,
        storedBytes: stored.reduce((a, b) => a + b, 0),
      };
    },
    writeExport: (request, options) => writeExport(tools, request, options),
    openExport: (file, range) => openExport(tools, file, range),
    remove: (key) => (key.endsWith("/") ? store.removeAll(key) : store.remove(key)),
  };
}
