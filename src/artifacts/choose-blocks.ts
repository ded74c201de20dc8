import { ArtifactError } from "./artifact.js";
import type { OpenedArtifact } from "./manifest.js";
import { blockBytes, groupBytes, type HeldPack } from "./packing.js";
import type { PageIndex } from "./pages.js";
import type { StoredPage } from "./stored-pages.js";

/** The page of one artifact that stands for the same bytes of a part as those of the others beside it. */
export interface HeldPage {
  readonly opened: OpenedArtifact;
  readonly page: StoredPage;
  readonly index: PageIndex;
}

export interface ChosenGroup {
  readonly plainBytes: number;
  /** Of which held page, by its place in the list, and what of its pack. */
  readonly choices: readonly (readonly [number, Omit<HeldPack, "memory">])[];
}

/** Chooses for each block of a page the newest artifact that holds it. Throws DAMAGED where none does. */
export function chooseBlocks(
  newestFirst: readonly HeldPage[],
  pageBytes: number,
  part: string,
): ChosenGroup[] {
  return Array.from({ length: Math.ceil(pageBytes / groupBytes) }, (_, group) => {
    const plainBytes = Math.min(groupBytes, pageBytes - group * groupBytes);
    const choices: [number, Omit<HeldPack, "memory">][] = [];
    let missing = 2 ** Math.ceil(plainBytes / blockBytes) - 1;
    for (const [layer, { opened, page, index }] of newestFirst.entries()) {
      const { kept = 0, storedBytes = 0 } = index.groups[group] ?? {};
      const wanted = kept & missing;
      if (wanted === 0) continue;
      missing &= ~wanted;
      const own = Math.min(groupBytes, page.plainBytes - group * groupBytes);
      const place = { key: opened.objectKey, page: page.number, group, storedBytes };
      choices.push([layer, { ...place, plainBytes: own, kept, wanted }]);
    }
    if (missing !== 0) throw new ArtifactError("DAMAGED", `blocks of group ${group} of ${part} are nowhere`);
    return { plainBytes, choices };
  });
}
