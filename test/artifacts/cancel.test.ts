import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { createBench, partOf, pseudoRandom, subjectOf } from "./captures.js";

it("leaves nothing of a write that was canceled while its source had nothing to say", async () => {
  const { artifacts, store } = await createBench();
  const cancel = new AbortController();
  const reason = new Error("enough");
  const silent = new Readable({ read: () => queueMicrotask(() => cancel.abort(reason)) });
  const parts = [partOf("p", pseudoRandom(200_000)), { name: "q", sizeBytes: undefined, open: () => silent }];
  const request = { key: "s/1/", subject: subjectOf("s"), form: "image" as const, parts };
  await expect(artifacts.write(request, { signal: cancel.signal })).rejects.toBe(reason);
  for await (const { key } of store.list("")) expect.unreachable(key);
});

it("tells what it has read and stops when told", async () => {
  const { artifacts, write } = await createBench();
  const full = await write("s/1/", pseudoRandom(2_200_000));
  const told: number[] = [];
  for await (const layer of artifacts.read([full], { onProgress: (done) => told.push(done) })) {
    for await (const part of layer.parts) await buffer(part.open());
  }
  expect(told).toEqual([1_048_576, 2_097_152, 2_200_000]);
  const cancel = new AbortController();
  const reason = new Error("enough");
  for await (const layer of artifacts.read([full], { signal: cancel.signal })) {
    cancel.abort(reason);
    for await (const part of layer.parts) await expect(buffer(part.open())).rejects.toBe(reason);
  }
});

it("keeps an increment whole, whatever it builds on", async () => {
  const { artifacts, write } = await createBench();
  const plain = pseudoRandom(100_000);
  const full = await write("s/1/", plain);
  const chain = [full, await write("s/2/", plain, full, "increment")];
  const read: [string, boolean][] = [];
  for await (const layer of artifacts.read(chain)) {
    for await (const part of layer.parts) read.push([layer.form, (await buffer(part.open())).equals(plain)]);
  }
  expect(read).toEqual([
    ["image", true],
    ["increment", true],
  ]);
});
