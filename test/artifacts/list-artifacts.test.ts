import { expect, it } from "vitest";
import { createBench, pseudoRandom } from "./captures.js";

it("lists whole artifacts, broken ones and exports, each as remove takes it", async () => {
  const { artifacts, store, write } = await createBench();
  const full = await write("p/i/1/", pseudoRandom(1000));
  await write("p/i/2/", pseudoRandom(1000));
  await store.remove("p/i/2/manifest.json");
  await artifacts.writeExport({ chain: [full], key: "p/i/exports/3" });
  const listed = [];
  for await (const found of artifacts.list("p/")) listed.push(found);
  expect(listed.map(({ key, kind }) => [key, kind])).toEqual([
    ["p/i/1/", "ARTIFACT"],
    ["p/i/2/", "BROKEN"],
    ["p/i/exports/3", "EXPORT"],
  ]);
  const sizes = await Promise.all(["p/i/1/data", "p/i/1/manifest.json"].map((key) => store.stat(key)));
  expect(listed[0]?.storedBytes).toBe(sizes.reduce((sum, found) => sum + (found?.sizeBytes ?? 0), 0));
  for (const { key } of listed) await artifacts.remove(key);
  for await (const { key } of artifacts.list("")) expect.unreachable(key);
});
