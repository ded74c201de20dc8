import { randomUUID } from "node:crypto";
import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { snapshots } from "../../src/db/tables/index.js";
import type { ActionResult } from "../../src/operations/action.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { type ByHand, startByHand } from "./hand-run.js";

const people = "MATCH (p:Person) RETURN count(p) AS people";
const confirmation = "RESTORE";
const place = { tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
let by: ByHand;
let instanceId: string;
let snapshotId: string;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());
beforeEach(async () => {
  instanceId = await by.createInstance("graph", "BUSINESS_CRITICAL");
  snapshotId = await by.takeSnapshot(instanceId);
});

const kindOf = async (result: Promise<ActionResult>) => (await result).errors[0]?.kind;
/** Everything that reads a snapshot. */
const uses = (viewer: Viewer, id: string): Promise<ActionResult>[] => [
  requestRestore(by.context, viewer, { snapshotId: id, confirmation }),
  requestExport(by.context, viewer, { snapshotId: id }),
  requestCreateFromSnapshot(by.context, viewer, { snapshotId: id, name: "copy" }),
];
const change = (values: Partial<typeof snapshots.$inferInsert>) =>
  by.work.db.update(snapshots).set(values).where(eq(snapshots.id, snapshotId));

/** Turns one bit of what the store keeps of a snapshot. */
async function damage(id: string): Promise<void> {
  const key = (await by.readSnapshot(id))?.artifactKey ?? "";
  const path = join(by.directory, "store", key, "data");
  const bytes = await readFile(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  await writeFile(path, bytes);
}

describe("is refused, and changes nothing:", () => {
  it("an unknown or a foreign id", async () => {
    const foreign: Viewer = { ...by.viewer, projectId: by.context.newId() };
    for (const [viewer, snapshot, instance] of [
      [by.viewer, by.context.newId(), by.context.newId()],
      [foreign, snapshotId, instanceId],
    ] as const) {
      for (const use of uses(viewer, snapshot)) expect(await kindOf(use)).toBe("NotFound");
      const id = { instanceId: instance };
      expect(await kindOf(requestTakeSnapshot(by.context, viewer, id))).toBe("NotFound");
      expect(await kindOf(requestDeleteInstance(by.context, viewer, { ...id, confirmation: "graph" }))).toBe(
        "NotFound",
      );
    }
  });

  it("a snapshot whose windows have closed", async () => {
    const now = by.work.clock.now();
    await change({ restorableUntil: now, exportableUntil: now });
    for (const use of uses(by.viewer, snapshotId))
      expect((await use).errors[0]).toMatchObject({
        kind: "NotEligible",
        eligibility: { allowed: false, until: null, reasons: ["WINDOW_CLOSED"] },
      });
  });

  it("the wrong word, or somebody else's name, as a confirmation", async () => {
    for (const word of ["", "restore", "RESTORE ", "YES"])
      expect(await kindOf(requestRestore(by.context, by.viewer, { snapshotId, confirmation: word }))).toBe(
        "InvalidInput",
      );
    for (const word of ["", "Graph", "graph ", "RESTORE"])
      expect(
        await kindOf(requestDeleteInstance(by.context, by.viewer, { instanceId, confirmation: word })),
      ).toBe("InvalidInput");
  });

  it.each([0, 101, 300])("a name of %d characters", async (length) => {
    const name = "n".repeat(length);
    const answers = [
      requestCreateInstance(by.context, by.viewer, { ...place, name }),
      requestCreateFromSnapshot(by.context, by.viewer, { snapshotId, name }),
      requestTakeSnapshot(by.context, by.viewer, { instanceId, name }),
    ];
    for (const answer of answers)
      expect((await answer).errors).toMatchObject([{ kind: "InvalidInput", path: ["input", "name"] }]);
  });

  it("the export of a differential", async () => {
    const id = await by.takeScheduled(instanceId, await by.takeScheduled(instanceId));
    expect((await requestExport(by.context, by.viewer, { snapshotId: id })).errors[0]).toMatchObject({
      kind: "NotEligible",
      eligibility: { reasons: ["DIFFERENTIAL_NOT_EXPORTABLE"] },
    });
  });

  it("anything exclusive on a busy instance, with the operation to wait for", async () => {
    const first = by.idOf(await requestTakeSnapshot(by.context, by.viewer, { instanceId }));
    const answers = [
      requestTakeSnapshot(by.context, by.viewer, { instanceId }),
      requestRestore(by.context, by.viewer, { snapshotId, confirmation }),
      requestDeleteInstance(by.context, by.viewer, { instanceId, confirmation: "graph" }),
    ];
    for (const answer of answers)
      expect((await answer).errors).toMatchObject([{ kind: "InstanceBusy", blocking: { id: first } }]);
    await by.attempt(first);
  });

  it("the deletion of an instance while another is made of its snapshot", async () => {
    const ask = () => requestCreateFromSnapshot(by.context, by.viewer, { snapshotId, name: "copy" });
    const copying = by.idOf(await ask());
    const deletion = { instanceId, confirmation: "graph" };
    expect((await requestDeleteInstance(by.context, by.viewer, deletion)).errors).toMatchObject([
      { kind: "InstanceBusy", blocking: { id: copying } },
    ]);
    await by.attempt(copying);
    expect(await by.read(copying)).toMatchObject({ status: "SUCCEEDED" });
    expect(await by.run(await requestDeleteInstance(by.context, by.viewer, deletion))).toMatchObject({
      status: "SUCCEEDED",
    });
    expect(await kindOf(ask())).toBe("NotEligible");
  });

  it("an idempotency key that stands for another request", async () => {
    const idempotencyKey = randomUUID();
    const first = await requestExport(by.context, by.viewer, { snapshotId, idempotencyKey });
    const others = [
      requestRestore(by.context, by.viewer, { snapshotId, confirmation, idempotencyKey }),
      requestTakeSnapshot(by.context, by.viewer, { instanceId, idempotencyKey }),
    ];
    for (const other of others)
      expect((await other).errors).toMatchObject([
        { kind: "IdempotencyConflict", original: { id: first.operation?.id } },
      ]);
    for (const key of ["", "k".repeat(256)])
      expect(await kindOf(requestExport(by.context, by.viewer, { snapshotId, idempotencyKey: key }))).toBe(
        "InvalidInput",
      );
  });
});

describe("a damaged artifact", () => {
  it("fails what reads it, leaves the instance as it was, and is not offered again", async () => {
    await by.query(instanceId, "CREATE (:Person {name: 'Grace'})");
    await damage(snapshotId);
    const heard = by.work.events.listen((event) => event.topic === "snapshot" && event.id === snapshotId);
    const row = await by.run(await requestExport(by.context, by.viewer, { snapshotId }));
    expect(row).toMatchObject({ status: "FAILED", failureCode: "ARTIFACT_DAMAGED", failureRetryable: false });
    expect((await heard.next()).value).toMatchObject({ change: "UPDATED" });
    await heard.return?.();
    for (const use of uses(by.viewer, snapshotId))
      expect((await use).errors[0]).toMatchObject({ eligibility: { reasons: ["ARTIFACT_DAMAGED"] } });
    expect(await by.query(instanceId, people)).toEqual([[2]]);
    expect((await by.storedKeys()).some((key) => key.includes(row.id))).toBe(false);
  });

  it("is blamed where it is: a base, not what builds on it", async () => {
    const base = await by.takeScheduled(instanceId);
    const above = await by.takeScheduled(instanceId, base);
    await damage(base);
    const heard = new Set<string>();
    const messages = by.work.events.listen((event) => event.topic === "snapshot");
    const row = await by.run(
      await requestRestore(by.context, by.viewer, { snapshotId: above, confirmation }),
    );
    expect(row).toMatchObject({ status: "FAILED", failureCode: "ARTIFACT_DAMAGED" });
    for await (const message of messages)
      if (message.topic === "snapshot" && heard.add(message.id).size === 2) break;
    expect(heard).toEqual(new Set([base, above]));
    expect(await by.readSnapshot(base)).toMatchObject({ artifactState: "DAMAGED", chainBrokenAt: null });
    const dependant = await by.readSnapshot(above);
    expect(dependant?.artifactState).toBe("PRESENT");
    expect(dependant?.chainBrokenAt).not.toBeNull();
    expect(await by.readInstance(instanceId)).toMatchObject({ status: "RUNNING" });
  });
});

describe("a full disk", () => {
  /** A place where every write meets the file system's own word for it. */
  const writeToFull = async (source: AsyncIterable<Uint8Array>): Promise<never> => {
    const full = await open("/dev/full", "w");
    try {
      for await (const bytes of source) await full.write(bytes);
      throw new Error("/dev/full took it");
    } finally {
      await full.close();
    }
  };

  it("under the store fails a snapshot and leaves nothing of it", async () => {
    const before = await by.storedKeys();
    const artifacts = createArtifacts({
      store: { ...by.store, put: (_key, source) => writeToFull(source) },
      wrapper: createKeyWrapper(createFileKeyring(Buffer.alloc(32))),
      randomBytes: (size) => Buffer.alloc(size),
    });
    const asked = await requestTakeSnapshot(by.context, by.viewer, { instanceId });
    const row = await by.run(asked, { artifacts });
    expect(row).toMatchObject({ status: "FAILED", failureCode: "OUT_OF_SPACE", failureRetryable: true });
    expect(await by.readSnapshot(row.snapshotId ?? "")).toMatchObject({ status: "FAILED" });
    expect(await by.storedKeys()).toEqual(before);
    await by.takeSnapshot(instanceId);
  });

  it("under the engine fails a restore and leaves the instance as it was", async () => {
    await by.query(instanceId, "CREATE (:Person {name: 'Grace'})");
    const before = await by.generationsOf(instanceId);
    const engine: typeof by.engine = {
      ...by.engine,
      async stage(generation, layers) {
        await by.engine.create(generation);
        for await (const { parts } of layers) for await (const part of parts) await writeToFull(part.open());
      },
    };
    const asked = await requestRestore(by.context, by.viewer, { snapshotId, confirmation });
    const row = await by.run(asked, { engine: () => engine });
    expect(row).toMatchObject({ status: "FAILED", failureCode: "OUT_OF_SPACE" });
    expect(await by.generationsOf(instanceId)).toEqual(before);
    expect(await by.query(instanceId, people)).toEqual([[2]]);
  });
});

it("a missing engine child is started again, and the snapshot succeeds", async () => {
  const folder = join(by.directory, "engine", instanceId);
  const children: number[] = [];
  for (const name of (await readdir("/proc")).filter((each) => /^\d+$/.test(each))) {
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.includes(folder)) children.push(Number(name));
  }
  expect(children).toHaveLength(1);
  for (const pid of children) process.kill(pid, "SIGKILL");
  const id = by.idOf(await requestTakeSnapshot(by.context, by.viewer, { instanceId }));
  // Where nobody has noticed the end of the child yet, the first attempt does, and the queue brings another.
  await by.attempt(id).catch(() => by.attempt(id));
  expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
});
