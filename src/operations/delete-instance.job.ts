import { eq } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import type { InstanceStatus } from "../db/enums.js";
import { closeAllWindows } from "../snapshots/close-windows.js";
import { lookAtAll } from "../snapshots/mark-purgeable.js";
import { endSchedule } from "../snapshots/slots.queries.js";
import { getInstance } from "./facts.js";
import { purgeArtifacts } from "./purge-artifacts.js";
import type { OperationJob } from "./operation-job.js";

/** Removes the data and, unless they are retained, the snapshots' artifacts. Rows stay, for operations name them. */
export const deleteInstanceJob: OperationJob = {
  async run(work) {
    const { db, events, clock } = work.context;
    await work.enter("FINISHING");
    const instance = await getInstance(db, work.operation.instanceId);
    const engine = work.context.engine(instance.engine);
    if (work.operation.details["retainSnapshots"] !== true) {
      await work.fenced(async (tx) => {
        await closeAllWindows(tx, events, instance.id, clock.now());
        await lookAtAll(tx, instance.id, clock.now());
      });
      // What a new instance is being made of stays until that is done, and goes with a sweep.
      await purgeArtifacts(work.context, { instanceId: instance.id }, work.signal);
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
