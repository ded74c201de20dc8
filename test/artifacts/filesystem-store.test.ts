import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { createFilesystemStore } from "../../src/artifacts/filesystem-store.js";
import { artifactStoreConformance } from "../conformance/artifact-store.suite.js";

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

artifactStoreConformance("filesystem", async () => {
  const directory = await mkdtemp(join(tmpdir(), "daguerre-store-"));
  directories.push(directory);
  return createFilesystemStore({ directory });
});

it("shows nothing of a put that a killed process left, and sweeps it when it is old", async () => {
  const directory = await mkdtemp(join(tmpdir(), "daguerre-store-"));
  directories.push(directory);
  const { promise: halfWritten, resolve } = Promise.withResolvers<void>();
  async function* endless() {
    yield Buffer.from("half");
    resolve();
    await new Promise(() => undefined);
  }
  void createFilesystemStore({ directory }).put("a/data", endless());
  await halfWritten;
  // What the next process finds on the disk is what a kill at this instant would have left.
  const next = createFilesystemStore({ directory });
  for await (const { key } of next.list("")) expect.unreachable(key);
  expect(await next.stat("a/data")).toBeUndefined();
  expect(await next.sweepTemporary(new Date(0))).toBe(0);
  expect(await next.sweepTemporary(new Date(8.64e15))).toBe(1);
  expect(await next.put("a/data", Readable.from([Buffer.from("whole")]))).toEqual({ sizeBytes: 5 });
});
