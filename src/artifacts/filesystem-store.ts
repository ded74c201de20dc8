import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { openFileReader } from "../byte-reader.js";
import { DurableWriter, syncFolder } from "../durable-file.js";
import { type ArtifactStore, checkKey, checkRange, StoreError, type StoredObject } from "./artifact-store.js";

const temporaryFolder = ".tmp";
/** Tells the store from the empty folder that an unmounted disk leaves in its place. */
export const storeMarker = ".daguerre-store";
const markerText =
  "Daguerre keeps artifacts in this folder. Without this file it takes the folder for another.\n";
/** What an empty disk, or an earlier version's look at one, may have. */
const notTheStores = new Set([temporaryFolder, "lost+found"]);
/** At a time: a larger read is a smaller number of ways to the file system and back. */
const readBytes = 256 * 1024;

export interface FilesystemStoreOptions {
  readonly directory: string;
  /** Asked where the folder is empty: whether it may be a new store's. No, where objects are known to be kept. */
  readonly mayBeNew?: () => Promise<boolean>;
}

/** Keeps objects as files below one folder, which must be on one file system that has hard links. */
export function createFilesystemStore({ directory, mayBeNew }: FilesystemStoreOptions): ArtifactStore {
  const temporary = join(directory, temporaryFolder);
  const marker = join(directory, storeMarker);
  let wasThere = false;

  /** Throws UNAVAILABLE where the folder is not the store. Asked before anything is written or said to be missing. */
  async function requireStore(): Promise<void> {
    if (!(await find(marker))) {
      const isNew = !wasThere && ((await holdsFolders(directory)) || ((await mayBeNew?.()) ?? true));
      if (!isNew)
        throw new StoreError(
          "UNAVAILABLE",
          `the store is not in ${directory}: mount its disk, or make an empty file ${storeMarker} there if all that it held is lost`,
        );
      await makeFolder(directory);
      await writeDurably(marker, Readable.from([Buffer.from(markerText)])).catch(unlessThere);
      await syncFolder(directory);
    }
    wasThere = true;
  }

  async function put(key: string, source: AsyncIterable<Uint8Array>, options: { signal?: AbortSignal } = {}) {
    const path = pathOf(directory, key);
    return told(async () => {
      await requireStore();
      if (await find(path)) throw new StoreError("ALREADY_EXISTS", `${key} exists already`);
      await mkdir(temporary, { recursive: true });
      const draft = join(temporary, randomUUID());
      try {
        const sizeBytes = await writeDurably(draft, source, options.signal);
        await makeFolder(dirname(path));
        // A link fails where a name exists; a rename would replace it.
        await link(draft, path);
        await syncFolder(dirname(path));
        return { sizeBytes };
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  async function missing(key: string, cause?: unknown): Promise<StoreError> {
    await requireStore();
    return new StoreError("NOT_FOUND", `${key} does not exist`, { cause });
  }

  async function locate(key: string, range?: { start: number; length: number }) {
    const path = pathOf(directory, key);
    const found = await find(path);
    if (!found) throw await missing(key);
    const { start, length } = range ?? { start: 0, length: found.sizeBytes };
    checkRange(key, found.sizeBytes, { start, length });
    return { path, start, length };
  }

  async function* list(prefix: string) {
    await told(requireStore);
    for await (const key of keysBelow(directory, prefix)) {
      const found = await told(() => find(join(directory, key)));
      if (found) yield { key, ...found };
    }
  }

  return {
    name: "filesystem",
    put,
    open: (key, range) =>
      told(async () => {
        const { path, start, length } = await locate(key, range);
        return length === 0
          ? Readable.from([])
          : createReadStream(path, { start, end: start + length - 1, highWaterMark: readBytes });
      }),
    openReader: (key, range) =>
      told(async () => {
        const path = pathOf(directory, key);
        return openFileReader(path, range.start, range.length).catch(async (cause: unknown) => {
          throw codeOf(cause) === "ENOENT" ? await missing(key, cause) : cause;
        });
      }),
    list,
    async stat(key): Promise<StoredObject | undefined> {
      const path = pathOf(directory, key);
      return told(async () => {
        const found = await find(path);
        if (!found) await requireStore();
        return found && { sizeBytes: found.sizeBytes };
      });
    },
    async remove(key) {
      const path = pathOf(directory, key);
      await told(async () => {
        await requireStore();
        await unlink(path).catch(unlessMissing);
      });
    },
    async removeAll(prefix) {
      if (!prefix.endsWith("/")) throw new StoreError("INVALID_KEY", "a prefix to remove ends in /");
      const path = pathOf(directory, prefix.slice(0, -1));
      await told(async () => {
        await requireStore();
        if ((await stat(path).catch(unlessMissing))?.isDirectory())
          await rm(path, { recursive: true, force: true });
      });
    },
    async sweepTemporary(before) {
      return told(async () => {
        let count = 0;
        for (const name of (await readdir(temporary).catch(unlessMissing)) ?? []) {
          const found = await find(join(temporary, name));
          if (!found || found.modifiedAt >= before) continue;
          await rm(join(temporary, name), { force: true });
          count += 1;
        }
        return count;
      });
    },
    async check() {
      await told(async () => {
        await requireStore();
        await mkdir(temporary, { recursive: true });
        const draft = join(temporary, randomUUID());
        try {
          await writeDurably(draft, Readable.from([Buffer.from("check")]));
        } finally {
          await rm(draft, { force: true });
        }
      });
    },
  };
}

async function writeDurably(
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<number> {
  const file = await open(path, "wx", 0o600);
  const writer = new DurableWriter(file);
  let size = 0;
  try {
    signal?.throwIfAborted();
    for await (const bytes of source) {
      signal?.throwIfAborted();
      await writer.write(bytes);
      size += bytes.length;
    }
    signal?.throwIfAborted();
    await writer.finish();
  } finally {
    await file.close();
  }
  return size;
}

function pathOf(directory: string, key: string): string {
  checkKey(key);
  const [top = ""] = key.split("/");
  if ([temporaryFolder, storeMarker].includes(top))
    throw new StoreError("INVALID_KEY", `${key} is the store's own`);
  return join(directory, key);
}

async function find(path: string) {
  const found = await stat(path).catch(unlessMissing);
  return found?.isFile() ? { sizeBytes: found.size, modifiedAt: found.mtime } : undefined;
}

/** A new folder is durable only once the folder above it is. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (!first) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder))
    await syncFolder(dirname(folder));
}

/** One folder's names at a time, in the order of whole keys; folders that cannot hold the prefix are not read. */
async function* keysBelow(directory: string, prefix: string, folder = ""): AsyncGenerator<string> {
  const entries = await told(() =>
    readdir(join(directory, folder), { withFileTypes: true }).catch(unlessMissing),
  );
  const names = (entries ?? []).map((entry) => folder + entry.name + (entry.isDirectory() ? "/" : "")).sort();
  for (const name of names) {
    if (name === `${temporaryFolder}/` || name === storeMarker) continue;
    if (!name.endsWith("/")) {
      if (name.startsWith(prefix)) yield name;
    } else if (name.startsWith(prefix) || prefix.startsWith(name)) yield* keysBelow(directory, prefix, name);
  }
}

/** As a store has that was made before there was a marker. */
async function holdsFolders(directory: string): Promise<boolean> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(unlessMissing)) ?? [];
  return entries.some((entry) => entry.isDirectory() && !notTheStores.has(entry.name));
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR") throw error;
}

/** Another process has made it at the same time. */
function unlessThere(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}

/** Says a file system's error in the store's words; a source's own errors and aborts pass unchanged. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const call = (error as NodeJS.ErrnoException | undefined)?.syscall;
    if (error instanceof StoreError || !call) throw error;
    const code = codeOf(error);
    if (code === "EEXIST") throw new StoreError("ALREADY_EXISTS", "the key exists already", { cause: error });
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new StoreError(full ? "OUT_OF_SPACE" : "UNAVAILABLE", (error as Error).message, { cause: error });
  }
}
