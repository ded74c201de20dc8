import { eq } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import type { Capture } from "../engines/engine.js";
import { completeSnapshot, settleBase } from "../snapshots/record-completion.js";
import { oweRetry } from "../snapshots/slots.queries.js";
import type { SnapshotRow } from "../snapshots/snapshots.queries.js";
import { recordingDamage } from "./damage.js";
import { getInstance, getSnapshot, toArtifactRef } from "./facts.js";
import { liveGeneration } from "./generations.js";
import { artifactKeyOf } from "./object-keys.js";
import type { OperationJob } from "./operation-job.js";
import type { Work } from "./work.js";
import { type AttemptKey, removeWritten, undoWritten } from "./written-attempts.js";

const keyOf: AttemptKey = ({ operation }, instance, number) =>
  artifactKeyOf(instance, operation.snapshotId ?? "", { id: operation.id, number });

const publish = (
  work: Work,
  tx: Transaction,
  id: string,
  change: "UPDATED" | "REMOVED" = "UPDATED",
): Promise<void> =>
  work.context.events.publish(tx, {
    topic: "snapshot",
    id,
    instanceId: work.operation.instanceId,
    change,
  });

/** What will be read of a capture, where all its parts know. */
function sizeOf(capture: Capture): number | undefined {
  const sizes = capture.parts.map((part) => part.sizeBytes);
  return sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** PREPARING → capture → COPYING into a new artifact → VERIFYING what was stored → publish. */
export const takeSnapshotJob: OperationJob = {
  async run(work) {
    const { db, artifacts, policy } = work.context;
    const { signal } = work;
    const instance = await getInstance(db, work.operation.instanceId);
    await removeWritten(work, instance, keyOf, work.attempt - 1);
    const engine = work.context.engine(instance.engine);
    const snapshot = await work.fenced(async (tx) => {
      const row = await settleBase(tx, await getSnapshot(tx, work.operation.snapshotId));
      await tx.update(snapshots).set({ status: "IN_PROGRESS" }).where(eq(snapshots.id, row.id));
      await publish(work, tx, row.id);
      return row;
    });
    const key = keyOf(work, instance, work.attempt);
    const capture = await engine.capture(liveGeneration(instance), work.call);
    try {
      const sizeBytes = sizeOf(capture);
      if (sizeBytes !== undefined) work.expect(sizeBytes);
      await work.enter("COPYING");
      const subject = {
        snapshotId: snapshot.id,
        instanceId: instance.id,
        instanceName: instance.name,
        version: instance.version,
        engine: instance.engine,
        engineVersion: await engine.version(instance.version),
        takenAt: capture.takenAt,
      };
      const { form, parts, mark } = capture;
      const written = await withBase(work, snapshot, (base) =>
        artifacts.write({ key, subject, form, parts, mark, base }, { signal, onProgress: work.report }),
      );
      await capture.finish();
      // All has been read: the engine need not keep the point while the copy is checked.
      await capture.release();
      await work.enter("VERIFYING");
      await artifacts.verify({ key, sha256: written.sha256 }, { signal });
      const { takenAt } = capture;
      await work.succeed(async (tx, now) => {
        const completion = { snapshot, instance, written, artifactKey: key, takenAt, now, table: policy };
        const superseded = await completeSnapshot(tx, completion);
        await publish(work, tx, snapshot.id);
        for (const id of superseded) await publish(work, tx, id, "REMOVED");
      });
    } finally {
      await capture.release();
    }
  },

  undo: undoWritten(keyOf),

  async revert(work, tx, now, status) {
    const id = work.operation.snapshotId;
    if (id === null) return;
    const again = status === "FAILED" && (await oweRetry(tx, work.context.policy, id, now));
    await tx
      .update(snapshots)
      .set({ status: again ? "PENDING" : status })
      .where(eq(snapshots.id, id));
    await publish(work, tx, id);
  },
};

/** A base that proves damaged must not be built on again. */
async function withBase<T>(
  work: Work,
  snapshot: SnapshotRow,
  write: (base?: { key: string; sha256: string }) => Promise<T>,
): Promise<T> {
  if (snapshot.baseId === null) return write();
  const base = await getSnapshot(work.context.db, snapshot.baseId);
  return recordingDamage(work, base.id, () => write(toArtifactRef(base)));
}
