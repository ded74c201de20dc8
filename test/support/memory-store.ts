import { Readable } from "node:stream";
import { type ArtifactStore, checkKey, checkRange, StoreError } from "../../src/artifacts/artifact-store.js";
import type { Clock } from "../../src/clock.js";

/** One moment of a call, as the fault hook sees it. */
export interface StoreCall {
  readonly verb: "put" | "open" | "stat" | "list" | "remove" | "removeAll" | "sweepTemporary" | "check";
  /** The key or the prefix; empty where the call names none. */
  readonly key: string;
  /** "begin": nothing is done yet. "end": all is done, but the caller does not know it yet. */
  readonly moment: "begin" | "end";
}

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /**
   * What it throws or rejects with, the caller gets. A promise that never settles is a process killed there: a put
   * stopped at "begin" leaves a temporary object, which `sweepTemporary` finds.
   */
  readonly fault?: (call: StoreCall) => void | Promise<void>;
}

export interface MemoryStore extends ArtifactStore {
  /** Every published key, in order. */
  keys(): readonly string[];
}

interface StoredBytes {
  readonly bytes: Buffer;
  readonly modifiedAt: Date;
}

/** Keeps objects in this process: for simulations. Nothing in it waits, so that a run depends on its seed alone. */
export function createMemoryStore({ clock, fault = () => undefined }: MemoryStoreOptions): MemoryStore {
  const objects = new Map<string, StoredBytes>();
  const sorted: string[] = [];
  const temporary = new Set<{ readonly touchedAt: Date }>();

  /** The place of the first key that is not below the given one. */
  function placeOf(key: string): number {
    let low = 0;
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function drop(key: string): void {
    if (objects.delete(key)) sorted.splice(placeOf(key), 1);
  }
  async function around<T>(verb: StoreCall["verb"], key: string, work: () => T | Promise<T>): Promise<T> {
    await fault({ verb, key, moment: "begin" });
    const answer = await work();
    await fault({ verb, key, moment: "end" });
    return answer;
  }
  function get(key: string): StoredBytes {
    const found = objects.get(key);
    if (!found) throw new StoreError("NOT_FOUND", `${key} does not exist`);
    return found;
  }

  return {
    name: "memory",
    keys: () => [...sorted],
    async put(key, source, { signal } = {}) {
      checkKey(key);
      const draft = { touchedAt: clock.now() };
      temporary.add(draft);
      try {
        await fault({ verb: "put", key, moment: "begin" });
        if (objects.has(key)) throw new StoreError("ALREADY_EXISTS", `${key} exists already`);
        const chunks: Uint8Array[] = [];
        signal?.throwIfAborted();
        for await (const bytes of source) {
          signal?.throwIfAborted();
          chunks.push(Uint8Array.from(bytes));
        }
        signal?.throwIfAborted();
        if (objects.has(key)) throw new StoreError("ALREADY_EXISTS", `${key} exists already`);
        const bytes = Buffer.concat(chunks);
        objects.set(key, { bytes, modifiedAt: clock.now() });
        sorted.splice(placeOf(key), 0, key);
      } finally {
        temporary.delete(draft);
      }
      await fault({ verb: "put", key, moment: "end" });
      return { sizeBytes: get(key).bytes.length };
    },
    open: (key, range) =>
      around("open", key, () => {
        checkKey(key);
        const { bytes } = get(key);
        if (!range) return Readable.from([bytes], { objectMode: false });
        checkRange(key, bytes.length, range);
        const wanted = bytes.subarray(range.start, range.start + range.length);
        return Readable.from(wanted.length > 0 ? [wanted] : [], { objectMode: false });
      }),
    stat: (key) =>
      around("stat", key, () => {
        checkKey(key);
        const found = objects.get(key);
        return found && { sizeBytes: found.bytes.length };
      }),
    async *list(prefix) {
      await fault({ verb: "list", key: prefix, moment: "begin" });
      // Looked up anew at each step: keys come and go while a caller goes through the list.
      for (let at = placeOf(prefix); sorted[at]?.startsWith(prefix);) {
        const key = sorted[at]!;
        const { bytes, modifiedAt } = get(key);
        yield { key, sizeBytes: bytes.length, modifiedAt };
        at = placeOf(`${key}\0`);
      }
      await fault({ verb: "list", key: prefix, moment: "end" });
    },
    remove: (key) =>
      around("remove", key, () => {
        checkKey(key);
        drop(key);
      }),
    removeAll: (prefix) =>
      around("removeAll", prefix, () => {
        if (!prefix.endsWith("/")) throw new StoreError("INVALID_KEY", "a prefix to remove ends in /");
        checkKey(prefix.slice(0, -1));
        for (let at = placeOf(prefix); sorted[at]?.startsWith(prefix);) drop(sorted[at]);
      }),
    sweepTemporary: (before) =>
      around("sweepTemporary", "", () => {
        const old = [...temporary].filter(({ touchedAt }) => touchedAt < before);
        for (const draft of old) temporary.delete(draft);
        return old.length;
      }),
    check: () => around("check", "", () => undefined),
  };
}
