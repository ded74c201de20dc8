import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFile } from "../src/durable-file.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "daguerre-file-"));
  path = join(folder, "secret");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes a file for its owner alone, and leaves one that stands", async () => {
  await createFile(path, "first");
  await createFile(path, "second");
  expect(await readFile(path, "utf8")).toBe("first");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["secret"]);
});

it("lets one of many win, whose file all find whole", async () => {
  const texts = Array.from({ length: 40 }, (_, index) => `${index} `.repeat(10_000));
  const found = await Promise.all(
    texts.map(async (text) => {
      await createFile(path, text);
      return readFile(path, "utf8");
    }),
  );
  expect(new Set(found).size).toBe(1);
  expect(texts).toContain(found[0]);
  expect(await readdir(folder)).toEqual(["secret"]);
});

it("takes no half that a killed process left for the file, and tidies it away", async () => {
  await writeFile(`${path}.a.draft`, "ha");
  await writeFile(join(folder, "other.draft"), "another's");
  await createFile(path, "whole");
  expect(await readFile(path, "utf8")).toBe("whole");
  await writeFile(`${path}.b.draft`, "whole");
  await createFile(path, "whole");
  expect((await readdir(folder)).sort()).toEqual(["other.draft", "secret"]);
});

it("says why no file can be made", async () => {
  await expect(createFile(join(folder, "missing", "secret"), "text")).rejects.toMatchObject({
    code: "ENOENT",
  });
});
