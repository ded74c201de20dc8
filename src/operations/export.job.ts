import { exports_ } from "../db/tables/exports.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import type { SnapshotRow } from "../snapshots/snapshots.queries.js";
import { readChain } from "./damage.js";
import { getInstance, getSnapshot } from "./facts.js";
import { exportKeyOf } from "./object-keys.js";
import type { OperationJob } from "./operation-job.js";
import { type AttemptKey, removeWritten, undoWritten } from "./written-attempts.js";

/** `movies-2026-11-23T06-00-00Z.backup` for V5, `.dump` for V4 (seed document, "Export"). */
function fileNameOf(instance: InstanceRow, snapshot: SnapshotRow): string {
  const name = instance.name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|-+$/g, "") || "instance";
  const instant = snapshot.takenAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  return `${name}-${instant}.${instance.version === "V5" ? "backup" : "dump"}`;
}

const keyOf: AttemptKey = ({ operation }, instance, number) =>
  exportKeyOf(instance, { id: operation.id, number });

/** Writes the file under a key of this attempt's own; a row makes it downloadable. */
export const exportJob: OperationJob = {
  async run(work) {
    const { db, artifacts, exportLifetimeMs } = work.context;
    const { signal } = work;
    const instance = await getInstance(db, work.operation.instanceId);
    await removeWritten(work, instance, keyOf, work.attempt - 1);
    const snapshot = await getSnapshot(db, work.operation.sourceSnapshotId);
    const key = keyOf(work, instance, work.attempt);
    await work.enter("COPYING");
    const file = await readChain(work, snapshot.id, (chain) =>
      artifacts.writeExport({ chain, key }, { signal, onProgress: work.report }),
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
  undo: undoWritten(keyOf),
  revert: () => Promise.resolve(),
};
