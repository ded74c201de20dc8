import { exports_ } from "../db/tables/exports.js";
import {
  getChain,
  getInstance,
  getSnapshot,
  objectPrefix,
  type SnapshotRow,
  toArtifactRef,
} from "./facts.js";
import type { InstanceRow } from "./request-operation.js";
import type { OperationJob } from "./operation-job.js";
import type { Work } from "./work.js";

const keyOf = (instance: InstanceRow, work: Work, attempt: number) =>
  `${objectPrefix(instance)}exports/${work.operation.id}-${attempt}`;

/** `movies-2026-11-23T06-00-00Z.backup` for V5, `.dump` for V4 (seed document, "Export"). */
function fileNameOf(instance: InstanceRow, snapshot: SnapshotRow): string {
  const name = instance.name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|-+$/g, "") || "instance";
  const instant = snapshot.takenAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  return `${name}-${instant}.${instance.version === "V5" ? "backup" : "dump"}`;
}

async function removeAttempts(work: Work, last: number): Promise<void> {
  const instance = await getInstance(work.context.db, work.operation.instanceId);
  for (let attempt = 1; attempt <= last; attempt++)
    await work.context.artifacts.remove(keyOf(instance, work, attempt));
}

export const exportJob: OperationJob = {
  async run(work) {
    const { db, artifacts, exportLifetimeMs } = work.context;
    await work.enter("PREPARING");
    await removeAttempts(work, work.attempt - 1);
    const instance = await getInstance(db, work.operation.instanceId);
    const snapshot = await getSnapshot(db, work.operation.sourceSnapshotId);
    const chain = (await getChain(db, snapshot)).map(toArtifactRef);
    const key = keyOf(instance, work, work.attempt);
    await work.enter("COPYING");
    const file = await artifacts.writeExport(
      { chain, key },
      { signal: work.signal, onProgress: work.report },
    );
    await work.enter("FINISHING");
    await work.succeed(async (tx, now) => {
      await tx.insert(exports_).values({
        operationId: work.operation.id,
        fileName: fileNameOf(instance, snapshot),
        objectKey: key,
        wrappedKey: file.wrappedKey,
        sizeBytes: file.sizeBytes,
        sha256: file.sha256,
        expiresAt: new Date(now.getTime() + exportLifetimeMs),
      });
    });
  },
  undo: (work) => removeAttempts(work, work.attempt),
  revert: () => Promise.resolve(),
};
