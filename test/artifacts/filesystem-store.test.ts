import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createFilesystemStore } from "../../src/artifacts/filesystem-store.js";
import { artifactStoreConformance } from "../conformance/artifact-store.suite.js";

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

artifactStoreConformance("filesystem", async () => {
  const directory = await mkdtemp(join(tmpdir(), "daguerre-store-"));
  directories.push(directory);
  return createFilesystemStore({ directory });
});
