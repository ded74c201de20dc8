import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { systemClock } from "../../src/clock.js";
import { artifactStoreConformance } from "../conformance/artifact-store.suite.js";
import { createTestClock } from "../support/clock.js";
import { createMemoryStore, type StoreCall } from "../support/memory-store.js";

artifactStoreConformance("memory", () => Promise.resolve(createMemoryStore({ clock: systemClock })));

it("fails where its hook says, before or after the work is done", async () => {
  let failing: StoreCall["moment"] | undefined = "begin";
  const fault = ({ verb, moment }: StoreCall) => {
    if (verb === "put" && moment === failing) throw new Error(moment);
  };
  const store = createMemoryStore({ clock: systemClock, fault });
  const put = (key: string) => store.put(key, Readable.from([Buffer.from("x")]));
  await expect(put("a")).rejects.toThrow("begin");
  expect(store.keys()).toEqual([]);
  failing = "end";
  await expect(put("a")).rejects.toThrow("end");
  expect(store.keys()).toEqual(["a"]);
  failing = undefined;
  await put("b");
  expect(store.keys()).toEqual(["a", "b"]);
});

it("keeps a temporary object of a put that never ended, until it is swept", async () => {
  const clock = createTestClock(new Date("2026-01-01T00:00:00Z"));
  const never = new Promise<void>(() => undefined);
  const store = createMemoryStore({ clock, fault: ({ verb }) => (verb === "put" ? never : undefined) });
  void store.put("a", Readable.from([]));
  expect(store.keys()).toEqual([]);
  expect(await store.sweepTemporary(clock.now())).toBe(0);
  clock.advance(1);
  expect(await store.sweepTemporary(clock.now())).toBe(1);
  expect(await store.sweepTemporary(clock.now())).toBe(0);
});
