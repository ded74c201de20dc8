import { createHash } from "node:crypto";
import { ArtifactError } from "./artifact.js";
import {
  blockBytes,
  blocksInGroup,
  digestBytes,
  groupBytes,
  openPack,
  sealPack,
  tagBytes,
} from "./packing.js";

export const groupsInPage = 128;
export const pageBytes = groupsInPage * groupBytes;
/** In place of a group's number in the nonce of a page's own seal. */
const indexNumber = 0xff_ff_ff_ff;
const groupRecordBytes = 6;

/** Where a page lies in `data`: its packs, and right behind them its index. */
export interface PageRecord {
  readonly packedBytes: number;
  readonly indexBytes: number;
  /** Of the index, as stored. */
  readonly sha256: string;
}

/** The index of at most 128 groups of one part. */
export interface PageIndex {
  readonly digests: Uint8Array;
  readonly groups: readonly IndexedGroup[];
}
export interface IndexedGroup {
  /** Bit k: block k is in the group's pack; 0: the group has no pack. */
  readonly kept: number;
  /** Of the pack, as stored. */
  readonly storedBytes: number;
}

/** Gathers a page's index while its packs are written. */
export class PageBuilder {
  readonly #digests: Uint8Array[] = [];
  readonly #groups: IndexedGroup[] = [];

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }
  get isFull(): boolean {
    return this.#groups.length === groupsInPage;
  }
  add(digests: Uint8Array, group: IndexedGroup): void {
    this.#digests.push(digests);
    this.#groups.push(group);
  }
  seal(key: Uint8Array, page: number): { index: Uint8Array; record: PageRecord } {
    const digests = Buffer.concat(this.#digests);
    const groups = Buffer.alloc(this.#groups.length * groupRecordBytes);
    for (const [number, { kept, storedBytes }] of this.#groups.entries()) {
      groups.writeUInt16BE(kept, number * groupRecordBytes);
      groups.writeUInt32BE(storedBytes, number * groupRecordBytes + 2);
    }
    const index = new Uint8Array(digests.length + groups.length + tagBytes);
    sealPack(key, page, indexNumber, Buffer.concat([digests, groups]), index);
    const packedBytes = this.#groups.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    return {
      index,
      record: {
        packedBytes,
        indexBytes: index.length,
        sha256: createHash("sha256").update(index).digest("hex"),
      },
    };
  }
}

/** Throws ArtifactError DAMAGED where the bytes are not the index of the page that has so many plain bytes. */
export function openPage(
  key: Uint8Array,
  page: number,
  record: PageRecord,
  plainBytes: number,
  sealed: Uint8Array,
): PageIndex {
  const damaged = (cause?: unknown) =>
    new ArtifactError("DAMAGED", `the index of page ${page} is damaged`, { cause });
  if (createHash("sha256").update(sealed).digest("hex") !== record.sha256) throw damaged();
  let bytes: Buffer;
  try {
    bytes = openPack(key, page, indexNumber, sealed);
  } catch (error) {
    throw damaged(error);
  }
  const blocks = Math.ceil(plainBytes / blockBytes);
  const count = Math.ceil(blocks / blocksInGroup);
  const cut = blocks * digestBytes;
  if (bytes.length !== cut + count * groupRecordBytes) throw damaged();
  const groups = Array.from({ length: count }, (_, number) => ({
    kept: bytes.readUInt16BE(cut + number * groupRecordBytes),
    storedBytes: bytes.readUInt32BE(cut + number * groupRecordBytes + 2),
  }));
  if (groups.reduce((sum, { storedBytes }) => sum + storedBytes, 0) !== record.packedBytes) throw damaged();
  return { digests: new Uint8Array(bytes.subarray(0, cut)), groups };
}
