import { eq } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import { startSchedule } from "../snapshots/slots.queries.js";
import { buildGeneration } from "./build-generation.js";
import { dropUnfinished } from "./generations.js";
import type { OperationJob } from "./operation-job.js";

/** Builds the first generation and lets the instance run on it. */
export const createInstanceJob: OperationJob = {
  async run(work) {
    const { instance, engine, generation, sizeBytes } = await buildGeneration(work);
    const engineVersion = await engine.version(instance.version);
    await work.enter("FINISHING");
    await work.succeed(async (tx, now) => {
      await tx
        .update(instances)
        .set({ status: "RUNNING", generation: generation.number, engineVersion, sizeBytes })
        .where(eq(instances.id, instance.id));
      await startSchedule(tx, work.context.policy, instance, now);
      await work.context.events.publish(tx, { topic: "instance", id: instance.id });
    });
  },

  undo: dropUnfinished,

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
