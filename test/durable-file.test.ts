import { type FileHandle, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFile, DurableWriter } from "../src/durable-file.js";

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

describe("a large file", () => {
  const chunk = Buffer.alloc(9 * 2 ** 20, "chunk");
  let file: FileHandle;
  beforeEach(async () => {
    file = await open(path, "wx");
  });
  afterEach(() => file.close());

  it("goes to the disk while more of it is written, one stretch after another", async () => {
    const datasync = file.datasync.bind(file);
    let flushing = 0;
    const flush = vi.spyOn(file, "datasync").mockImplementation(async () => {
      expect(++flushing).toBe(1);
      await datasync();
      flushing--;
    });
    const writer = new DurableWriter(file);
    for (let count = 0; count < 7; count++) await writer.write(chunk);
    expect(flush).toHaveBeenCalledTimes(3);
    await writer.finish();
    expect(flushing).toBe(0);
    expect((await readFile(path)).equals(Buffer.concat(Array.from({ length: 7 }, () => chunk)))).toBe(true);
  });

  it("fails where the disk told of a failure once, which a later sync does not repeat", async () => {
    const failure = Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
    vi.spyOn(file, "datasync").mockRejectedValueOnce(failure);
    const writer = new DurableWriter(file);
    for (let count = 0; count < 2; count++) await writer.write(chunk);
    await expect(writer.finish()).rejects.toBe(failure);
  });

  it("stops being written at such a failure", async () => {
    const failure = Object.assign(new Error("ENOSPC: no space left on device, fdatasync"), {
      code: "ENOSPC",
    });
    vi.spyOn(file, "datasync").mockRejectedValueOnce(failure);
    const writer = new DurableWriter(file);
    const writeAll = async () => {
      for (let count = 0; count < 4; count++) await writer.write(chunk);
    };
    await expect(writeAll()).rejects.toBe(failure);
  });
});
