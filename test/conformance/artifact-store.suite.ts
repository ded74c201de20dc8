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

    it("keeps what a source said before it used its memory again", async () => {
      async function* reusing() {
        const memory = new Uint8Array(new SharedArrayBuffer(4));
        for (const letter of "abc") yield memory.fill(letter.charCodeAt(0));
      }
      await store.put("a", reusing());
      expect((await buffer(await store.open("a"))).toString()).toBe("aaaabbbbcccc");
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

    it("leaves nothing of a put that is aborted in the middle", async () => {
      const cancel = new AbortController();
      async function* endless() {
        for (;;) {
          yield Buffer.from("more");
          await Promise.resolve();
          cancel.abort();
        }
      }
      const putting = store.put("a", endless(), { signal: cancel.signal });
      await expect(putting).rejects.toMatchObject({ name: "AbortError" });
      expect(await store.stat("a")).toBeUndefined();
      expect(await store.sweepTemporary(new Date(8.64e15))).toBe(0);
    });

    it("shows nothing of a put that is still under way", async () => {
      const states: unknown[] = [];
      async function* looking() {
        yield Buffer.from("half");
        states.push(await keys(""), await store.stat("a"), await store.open("a").catch(String));
        yield Buffer.from("whole");
      }
      await store.put("a", looking());
      expect(states).toEqual([[], undefined, expect.stringContaining("a does not exist")]);
      expect(await store.stat("a")).toEqual({ sizeBytes: 9 });
    });

    it("tells the order of whole keys, and when each was published", async () => {
      for (const key of ["a/b", "a.b", "a-b", "a/b.c", "a0", "b"]) await put(key, key);
      expect(await keys("")).toEqual(["a-b", "a.b", "a/b", "a/b.c", "a0", "b"]);
      expect(await keys("a/b")).toEqual(["a/b", "a/b.c"]);
      expect(await keys("a/")).toEqual(["a/b", "a/b.c"]);
      expect(await keys("c")).toEqual([]);
      for await (const { modifiedAt, sizeBytes } of store.list("b")) {
        expect(sizeBytes).toBe(1);
        expect(Math.abs(modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
      }
    });

    it("lets what is listed be removed while it is listed", async () => {
      for (const key of ["a/1", "a/2", "b/1"]) await put(key, key);
      for await (const { key } of store.list("")) await store.remove(key);
      expect(await keys("")).toEqual([]);
    });

    it("removes below a prefix that ends in a slash only", async () => {
      for (const key of ["a/1", "ab"]) await put(key, key);
      await expect(store.removeAll("a")).rejects.toMatchObject({ code: "INVALID_KEY" });
      await store.removeAll("a/");
      expect(await keys("")).toEqual(["ab"]);
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
