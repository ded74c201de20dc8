import { and, eq, isNotNull } from "drizzle-orm";
import { instances, snapshots } from "../db/tables/index.js";
import type { InstanceStatus } from "../db/enums.js";
import { endSchedule } from "../snapshots/slots.queries.js";
import { getInstance } from "./facts.js";
import type { OperationJob } from "./operation-job.js";

/** Removes the data and, unless they are retained, the snapshots' artifacts. Rows stay, for operations name them. */
export const deleteInstanceJob: OperationJob = {
  async run(work) {
    const { db, artifacts, events, clock } = work.context;
    await work.enter("FINISHING");
    const instance = await getInstance(db, work.operation.instanceId);
    const engine = work.context.engine(instance.engine);
    if (work.operation.details["retainSnapshots"] !== true) {
      const rows = await db
        .select()
        .from(snapshots)
        .where(and(eq(snapshots.instanceId, instance.id), isNotNull(snapshots.artifactKey)));
      const now = clock.now();
      for (const { id, artifactKey, exportableUntil } of rows) {
        await work.fenced(async (tx) => {
          await tx
            .update(snapshots)
            .set({ artifactState: "PURGED", restorableUntil: now, exportableUntil: exportableUntil && now })
            .where(eq(snapshots.id, id));
          await events.publish(tx, { topic: "snapshot", id, instanceId: instance.id, change: "REMOVED" });
        });
        await artifacts.remove(artifactKey as string);
      }
    }
    for (const generation of await engine.list()) {
      if (generation.instanceId === instance.id)
        await engine.drop({ ...generation, version: instance.version });
    }
    await work.succeed(async (tx, now) => {
      for (const id of await endSchedule(tx, instance.id))
        await events.publish(tx, { topic: "snapshot", id, instanceId: instance.id, change: "UPDATED" });
      await tx
        .update(instances)
        .set({ deletedAt: now, nextScheduledSnapshotAt: null })
        .where(eq(instances.id, instance.id));
      await events.publish(tx, { topic: "instance", id: instance.id });
    });
  },
  undo: () => Promise.resolve(),
  async revert(work, tx, _now, status) {
    const former = work.operation.details["formerStatus"] as InstanceStatus;
    const { instanceId } = work.operation;
    // Data may be gone after a failure: the instance can only be deleted again.
    await tx
      .update(instances)
      .set({ status: status === "CANCELED" ? former : "FAILED" })
      .where(eq(instances.id, instanceId));
    await work.context.events.publish(tx, { topic: "instance", id: instanceId });
  },
};
