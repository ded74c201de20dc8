import { eq } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import { buildGeneration } from "./build-generation.js";
import { dropUnfinished, liveGeneration } from "./generations.js";
import type { OperationJob } from "./operation-job.js";

/**
 * Builds the next generation beside the live one, then switches: writes wait, one transaction names the new
 * generation and ends the operation, the old one retires. Killed before that transaction the instance is
 * wholly old, after it wholly new.
 */
export const restoreJob: OperationJob = {
  async run(work) {
    const { instance, engine, generation, sizeBytes } = await buildGeneration(work);
    await work.enter("SWITCHING");
    const hold = await engine.holdWrites(liveGeneration(instance), { party: work.operation.projectId });
    try {
      await work.succeed(async (tx) => {
        await tx
          .update(instances)
          .set({ status: "RUNNING", generation: generation.number, sizeBytes })
          .where(eq(instances.id, instance.id));
        await work.context.events.publish(tx, { topic: "instance", id: instance.id });
      });
    } catch (error) {
      await hold.resume();
      throw error;
    }
    // From here on it has succeeded: what fails below is left to the sweep.
    await hold.retire();
    await engine.drop(liveGeneration(instance));
  },

  undo: dropUnfinished,

  async revert(work, tx) {
    const { instanceId } = work.operation;
    await tx.update(instances).set({ status: "RUNNING" }).where(eq(instances.id, instanceId));
    await work.context.events.publish(tx, { topic: "instance", id: instanceId });
  },
};
