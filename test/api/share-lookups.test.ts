import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { shareLookups } from "../../src/api/share-lookups.js";
import type { Viewer } from "../../src/projects/viewer.js";

const now = new Date("2026-03-01T00:00:00Z");
const named = (keyName: string): Viewer => ({
  projectId: "p",
  projectName: "graphs",
  role: "VIEWER",
  keyId: "k",
  keyName,
  expiresAt: null,
});

/** Look-ups that end when the test says so. */
function setUp() {
  const begun: (PromiseWithResolvers<Viewer | undefined> & { readonly credentials: string })[] = [];
  const ask = shareLookups((credentials) => {
    const lookup = { ...Promise.withResolvers<Viewer | undefined>(), credentials };
    begun.push(lookup);
    return lookup.promise;
  });
  return { begun, ask: (credentials = "key") => ask(credentials, now) };
}

it("answers nobody by a look-up that began before he asked", async () => {
  const { begun, ask } = setUp();
  const first = ask();
  const second = ask();
  begun[0]!.resolve(named("before"));
  expect(await first).toMatchObject({ keyName: "before" });
  await turn();
  expect(begun).toHaveLength(2);
  begun[1]!.resolve(undefined);
  expect(await second).toBeUndefined();
});

it("has a crowd share what begins next", async () => {
  const { begun, ask } = setUp();
  const all = Array.from({ length: 1000 }, () => ask());
  begun[0]!.resolve(named("one"));
  await turn();
  begun[1]!.resolve(named("many"));
  const names = (await Promise.all(all)).map((viewer) => viewer?.keyName);
  expect(names).toEqual(["one", ...Array.from({ length: 999 }, () => "many")]);
  expect(begun).toHaveLength(2);
});

it("goes on after one that failed, and tells those who shared it", async () => {
  const { begun, ask } = setUp();
  const [first, second, third] = [ask(), ask(), ask()];
  begun[0]!.reject(new Error("no answer"));
  await expect(first).rejects.toThrow("no answer");
  await turn();
  begun[1]!.reject(new Error("none again"));
  await expect(second).rejects.toThrow("none again");
  await expect(third).rejects.toThrow("none again");
  const fourth = ask();
  begun[2]!.resolve(named("again"));
  expect(await fourth).toMatchObject({ keyName: "again" });
});

it("has keys wait for themselves alone", () => {
  const { begun, ask } = setUp();
  void ask("one");
  void ask("other");
  expect(begun.map(({ credentials }) => credentials)).toEqual(["one", "other"]);
});
