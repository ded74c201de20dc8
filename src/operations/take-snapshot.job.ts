import { eq } from "drizzle-orm";
import { snapshots } from "../db/tables/index.js";
import { completeSnapshot } from "../snapshots/record-completion.js";
import { getInstance, getSnapshot, objectPrefix, toArtifactRef } from "./facts.js";
import { liveGeneration } from "./generations.js";
import type { OperationJob } from "./operation-job.js";
import type { Work } from "./work.js";

const keyOf = (prefix: string, snapshotId: string, attempt: number) => `${prefix}${snapshotId}-${attempt}/`;

async function removeAttempts(work: Work, last: number): Promise<void> {
  const instance = await getInstance(work.context.db, work.operation.instanceId);
  for (let attempt = 1; attempt <= last; attempt++) {
    await work.context.artifacts.remove(
      keyOf(objectPrefix(instance), work.operation.snapshotId ?? "", attempt),
    );
  }
}

/** PREPARING → capture → COPYING into a new artifact → VERIFYING what was stored → publish. */
export const takeSnapshotJob: OperationJob = {
  async run(work) {
    const { db, artifacts, events, policy } = work.context;
    await work.enter("PREPARING");
    await removeAttempts(work, work.attempt - 1);
    const instance = await getInstance(db, work.operation.instanceId);
    const snapshot = await getSnapshot(db, work.operation.snapshotId);
    const engine = work.context.engine(instance.engine);
    await db.transaction(async (tx) => {
      await tx.update(snapshots).set({ status: "IN_PROGRESS" }).where(eq(snapshots.id, snapshot.id));
      await events.publish(tx, {
        topic: "snapshot",
        id: snapshot.id,
        instanceId: instance.id,
        change: "UPDATED",
      });
    });
    const key = keyOf(objectPrefix(instance), snapshot.id, work.attempt);
    const base = snapshot.baseId === null ? undefined : toArtifactRef(await getSnapshot(db, snapshot.baseId));
    const capture = await engine.capture(liveGeneration(instance), { signal: work.signal });
    try {
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
      const written = await artifacts.write(
        { key, subject, form: capture.form, parts: capture.parts, mark: capture.mark, base },
        { signal: work.signal, onProgress: work.report },
      );
      await capture.finish();
      await work.enter("VERIFYING");
      await artifacts.verify({ key, sha256: written.sha256 }, { signal: work.signal });
      const takenAt = capture.takenAt;
      await work.succeed(async (tx, now) => {
        await completeSnapshot(tx, {
          snapshot,
          instance,
          written,
          artifactKey: key,
          takenAt,
          now,
          table: policy,
        });
        await events.publish(tx, {
          topic: "snapshot",
          id: snapshot.id,
          instanceId: instance.id,
          change: "UPDATED",
        });
      });
    } finally {
      await capture.release();
    }
  },

  undo: (work) => removeAttempts(work, work.attempt),

  async revert(work, tx, _now, status) {
    const { snapshotId: id, instanceId } = work.operation;
    if (id === null) return;
    await tx.update(snapshots).set({ status }).where(eq(snapshots.id, id));
    await work.context.events.publish(tx, { topic: "snapshot", id, instanceId, change: "UPDATED" });
  },
};
