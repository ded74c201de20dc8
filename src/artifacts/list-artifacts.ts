import type { ListedArtifact } from "./artifact.js";
import type { ArtifactStore } from "./artifact-store.js";

const objectNames = ["data", "manifest.json"];

/** Joins the objects of each artifact, which are neighbours in key order; any other object is an export. */
export async function* listArtifacts(store: ArtifactStore, prefix: string): AsyncGenerator<ListedArtifact> {
  let open: ListedArtifact | undefined;
  for await (const { key, sizeBytes, modifiedAt } of store.list(prefix)) {
    const cut = key.lastIndexOf("/") + 1;
    const name = key.slice(cut);
    const folder = key.slice(0, cut);
    if (open && open.key !== folder) {
      yield open;
      open = undefined;
    }
    if (!objectNames.includes(name)) {
      yield { key, kind: "EXPORT", storedBytes: sizeBytes, modifiedAt };
      continue;
    }
    open = {
      key: folder,
      kind: name === "manifest.json" ? "ARTIFACT" : (open?.kind ?? "BROKEN"),
      storedBytes: sizeBytes + (open?.storedBytes ?? 0),
      modifiedAt: open && open.modifiedAt > modifiedAt ? open.modifiedAt : modifiedAt,
    };
  }
  if (open) yield open;
}
