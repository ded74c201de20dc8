import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { createFilesystemStore, storeMarker } from "../../src/artifacts/filesystem-store.js";
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

describe("a folder that is not the store", () => {
  const unavailable = {
    name: "StoreError",
    code: "UNAVAILABLE",
    message: expect.stringMatching(/mount/) as string,
  };
  const bytes = () => Readable.from([Buffer.from("bytes")]);
  const makeFolder = async () => {
    const directory = await mkdtemp(join(tmpdir(), "daguerre-store-"));
    directories.push(directory);
    return join(directory, "store");
  };
  const known = () => Promise.resolve(false);
  const listAll = async (store: ReturnType<typeof createFilesystemStore>) => {
    const keys: string[] = [];
    for await (const { key } of store.list("")) keys.push(key);
    return keys;
  };
  async function expectUnavailable(store: ReturnType<typeof createFilesystemStore>): Promise<void> {
    const uses = [
      store.open("a/data"),
      store.openReader!("a/data", { start: 0, length: 1 }),
      store.stat("a/data"),
      store.put("a/other", bytes()),
      store.remove("a/data"),
      store.removeAll("a/"),
      listAll(store),
      store.check(),
    ];
    for (const { status, reason } of (await Promise.allSettled(uses)) as PromiseRejectedResult[]) {
      expect(status).toBe("rejected");
      expect(reason).toMatchObject(unavailable);
    }
  }

  it.each(["is gone", "is empty"])(
    "says that it is not there, and of no object that it is missing: %s",
    async (how) => {
      const directory = await makeFolder();
      const store = createFilesystemStore({ directory });
      await store.put("a/data", bytes());
      await rename(directory, `${directory}.elsewhere`);
      if (how === "is empty") await mkdir(directory);
      await expectUnavailable(store);
      // Another process, which starts only now.
      await expectUnavailable(createFilesystemStore({ directory, mayBeNew: known }));
      if (how === "is empty") expect(await readdir(directory)).toEqual([]);
      await rm(directory, { recursive: true, force: true });
      await rename(`${directory}.elsewhere`, directory);
      expect(await store.stat("a/data")).toEqual({ sizeBytes: 5 });
      expect(await store.stat("a/other")).toBeUndefined();
    },
  );

  it("becomes one where nothing is known to be kept, and its mark is no object", async () => {
    const directory = await makeFolder();
    const store = createFilesystemStore({ directory });
    expect(await listAll(store)).toEqual([]);
    expect(await readdir(directory)).toEqual([storeMarker]);
    await expect(store.put(storeMarker, bytes())).rejects.toMatchObject({ code: "INVALID_KEY" });
    // Two processes that start at once.
    const other = await makeFolder();
    const both = [1, 2].map(() => createFilesystemStore({ directory: other }).check());
    expect(await Promise.all(both)).toEqual([undefined, undefined]);
  });

  it("is taken for one of before the mark where it has folders, and where an operator says so", async () => {
    const directory = await makeFolder();
    await mkdir(join(directory, "a"), { recursive: true });
    await writeFile(join(directory, "a", "data"), "bytes");
    const before = createFilesystemStore({ directory, mayBeNew: known });
    expect(await listAll(before)).toEqual(["a/data"]);
    const lost = await makeFolder();
    await mkdir(join(lost, ".tmp"), { recursive: true });
    const after = createFilesystemStore({ directory: lost, mayBeNew: known });
    await expectUnavailable(after);
    await writeFile(join(lost, storeMarker), "");
    expect(await after.stat("a/data")).toBeUndefined();
  });
});
