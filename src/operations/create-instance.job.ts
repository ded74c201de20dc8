import { eq } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import { getChain, getInstance, getSnapshot, toArtifactRef } from "./facts.js";
import { dropUnfinished, nextGeneration } from "./generations.js";
import type { OperationJob } from "./operation-job.js";

/** Makes the first generation, empty or from a snapshot's chain, checks it and lets the instance run on it. */
export const createInstanceJob: OperationJob = {
  async run(work) {
    const { db, artifacts, events } = work.context;
    await work.enter("PREPARING");
    const instance = await getInstance(db, work.operation.instanceId);
    const engine = work.context.engine(instance.engine);
    await dropUnfinished(work, instance, "earlier");
    const generation = nextGeneration(work, instance);
    if (work.operation.sourceSnapshotId === null) {
      await engine.create(generation, { signal: work.signal });
    } else {
      const chain = await getChain(db, await getSnapshot(db, work.operation.sourceSnapshotId));
      await work.enter("COPYING");
      const layers = artifacts.read(chain.map(toArtifactRef), {
        signal: work.signal,
        onProgress: work.report,
      });
      await engine.stage(generation, layers, { signal: work.signal });
    }
    await work.enter("VERIFYING");
    await engine.check(generation, { signal: work.signal });
    const engineVersion = await engine.version(instance.version);
    const sizeBytes = await engine.sizeBytes(generation);
    await work.enter("FINISHING");
    await work.succeed(async (tx) => {
      await tx
        .update(instances)
        .set({ status: "RUNNING", generation: generation.number, engineVersion, sizeBytes })
        .where(eq(instances.id, instance.id));
      await events.publish(tx, { topic: "instance", id: instance.id });
    });
  },

  async undo(work) {
    await dropUnfinished(work, await getInstance(work.context.db, work.operation.instanceId), "this");
  },

  async revert(work, tx, now, status) {
    const { instanceId } = work.operation;
    const values = status === "CANCELED" ? { deletedAt: now } : {};
    await tx
      .update(instances)
      .set({ status: "FAILED", ...values })
      .where(eq(instances.id, instanceId));
    await work.context.events.publish(tx, { topic: "instance", id: instanceId });
  },
};
