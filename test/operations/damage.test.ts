import { randomBytes } from "node:crypto";
import { mkdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Artifacts, ArtifactError } from "../../src/artifacts/artifact.js";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createPackingThreads } from "../../src/artifacts/packing-threads.js";
import { requestExport } from "../../src/operations/request-from-snapshot.js";
import { mostRetries } from "../../src/operations/run-operation.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import { type ByHand, startByHand } from "./hand-run.js";

let by: ByHand;
let snapshotId: string;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());
beforeEach(async () => {
  snapshotId = await by.takeSnapshot(await by.createInstance("graph"));
});

const ask = async () => by.idOf(await requestExport(by.context, by.viewer, { snapshotId }));
const stateOf = async () => (await by.readSnapshot(snapshotId))?.artifactState;

/** One attempt that a fault ends, for which nobody blames the snapshot, and which another follows. */
async function expectRetry(id: string, changes: Partial<WorkContext>, error: object): Promise<void> {
  await expect(by.attempt(id, changes)).rejects.toMatchObject(error);
  expect(await by.read(id)).toMatchObject({ status: "RUNNING" });
  expect(await stateOf()).toBe("PRESENT");
}
async function expectSuccess(id: string): Promise<void> {
  await by.attempt(id);
  expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
}

describe("a fault that passes leaves the snapshot as it is, and the operation to another try:", () => {
  it("data that is damaged the first time, and sound the second", async () => {
    const id = await ask();
    const artifacts: Artifacts = {
      ...by.artifacts,
      writeExport: () => Promise.reject(new ArtifactError("DAMAGED", "a bit fell over on the way")),
    };
    await expectRetry(id, { artifacts }, { code: "UNAVAILABLE", cause: { code: "DAMAGED" } });
    await expectSuccess(id);
  });

  it("a packing thread that ended", async () => {
    const id = await ask();
    const lost = new ArtifactError("INTERRUPTED", "A packing thread ended in the middle of its work.");
    const threads = { ...createPackingThreads(), run: () => Promise.reject(lost) };
    const artifacts = createArtifacts({ store: by.store, wrapper: by.wrapper, randomBytes, threads });
    await expectRetry(id, { artifacts }, { code: "INTERRUPTED" });
    await expectSuccess(id);
  });

  it.each(["gone", "empty"])("a store that is not mounted, its folder %s", async (how) => {
    const id = await ask();
    const store = join(by.directory, "store");
    await rename(store, `${store}.elsewhere`);
    if (how === "empty") await mkdir(store);
    await expectRetry(id, {}, { name: "StoreError", code: "UNAVAILABLE" });
    if (how === "empty") await rmdir(store);
    await rename(`${store}.elsewhere`, store);
    await expectSuccess(id);
  });
});

it("fails as the store's fault, which may be asked again, where it does not pass", async () => {
  const id = await ask();
  const artifacts: Artifacts = {
    ...by.artifacts,
    writeExport: () => Promise.reject(new ArtifactError("MISSING", "not there for the moment")),
  };
  for (let tries = 0; tries < mostRetries; tries++)
    await expectRetry(id, { artifacts }, { code: "UNAVAILABLE" });
  await by.attempt(id, { artifacts });
  expect(await by.read(id)).toMatchObject({
    status: "FAILED",
    failureCode: "STORE_UNAVAILABLE",
    failureRetryable: true,
  });
  expect(await stateOf()).toBe("PRESENT");
});

it("blames a snapshot whose links are sound each and do not fit together", async () => {
  const id = await ask();
  const unfit = new ArtifactError("DAMAGED", "it does not build on the artifact below it");
  const artifacts: Artifacts = {
    ...by.artifacts,
    read: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(unfit) }) }),
    writeExport: () => Promise.reject(unfit),
  };
  await by.attempt(id, { artifacts });
  expect(await by.read(id)).toMatchObject({ status: "FAILED", failureCode: "ARTIFACT_DAMAGED" });
  expect(await stateOf()).toBe("DAMAGED");
});
