import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ArtifactStore } from "../../src/artifacts/artifact-store.js";

/** The contract of `ArtifactStore` as a suite. `makeStore` answers a new, empty store each time. */
export function artifactStoreConformance(name: string, makeStore: () => Promise<ArtifactStore>): void {
  describe(`artifact store: ${name}`, () => {
    let store: ArtifactStore;
    beforeEach(async () => {
      store = await makeStore();
    });
    const put = (key: string, text: string) => store.put(key, source(text));
    const keys = async (prefix: string) => {
      const found: string[] = [];
      for await (const { key } of store.list(prefix)) found.push(key);
      return found;
    };

    it("gives back what was put, whole and in ranges", async () => {
      expect(await put("a/b", "0123456789")).toEqual({ sizeBytes: 10 });
      expect((await buffer(await store.open("a/b"))).toString()).toBe("0123456789");
      expect((await buffer(await store.open("a/b", { start: 3, length: 4 }))).toString()).toBe("3456");
      expect((await buffer(await store.open("a/b", { start: 10, length: 0 }))).length).toBe(0);
      await expect(store.open("a/b", { start: 8, length: 3 })).rejects.toMatchObject({
        code: "OUT_OF_RANGE",
      });
    });

    it("never replaces an object", async () => {
      await put("a", "first");
      await expect(put("a", "second")).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
      expect((await buffer(await store.open("a"))).toString()).toBe("first");
    });

    it("lets one of two concurrent puts win", async () => {
      const done = await Promise.allSettled([put("a", "one"), put("a", "two")]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    it("shows nothing of a failed or aborted put", async () => {
      async function* failing() {
        yield Buffer.from("half");
        await Promise.resolve();
        throw new Error("source failed");
      }
      await expect(store.put("a", failing())).rejects.toThrow("source failed");
      const signal = AbortSignal.abort();
      await expect(store.put("b", source("text"), { signal })).rejects.toMatchObject({ name: "AbortError" });
      expect(await keys("")).toEqual([]);
      expect(await store.sweepTemporary(new Date(8.64e15))).toBe(0);
    });

    it.each(["", "/a", "a/", "a//b", "../a", "a/./b", "a b", "ä"])("refuses the key %j", async (key) => {
      await expect(put(key, "x")).rejects.toMatchObject({ code: "INVALID_KEY" });
    });

    it("lists in key order and removes idempotently", async () => {
      for (const key of ["b/2", "a/1", "b/1"]) await put(key, key);
      expect(await keys("")).toEqual(["a/1", "b/1", "b/2"]);
      await store.removeAll("b/");
      await store.removeAll("b/");
      await store.remove("a/1");
      await store.remove("a/1");
      expect(await keys("")).toEqual([]);
      expect(await store.stat("a/1")).toBeUndefined();
      await expect(store.open("a/1")).rejects.toMatchObject({ code: "NOT_FOUND" });
      await store.check();
    });
  });
}

async function* source(text: string) {
  await Promise.resolve();
  yield Buffer.from(text);
}
