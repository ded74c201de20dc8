import { eq } from "drizzle-orm";
import { ArtifactError } from "../artifacts/artifact.js";
import { instances } from "../db/tables/index.js";
import { markArtifactDamaged } from "../snapshots/record-completion.js";
import { getChain, getInstance, getSnapshot, toArtifactRef } from "./facts.js";
import { dropUnfinished, liveGeneration, nextGeneration } from "./generations.js";
import type { OperationJob } from "./operation-job.js";

/**
 * Builds the next generation beside the live one, then switches: writes wait, one transaction names the new
 * generation and ends the operation, the old one retires. Killed before that transaction the instance is
 * wholly old, after it wholly new.
 */
export const restoreJob: OperationJob = {
  async run(work) {
    const { db, artifacts, events } = work.context;
    await work.enter("PREPARING");
    const instance = await getInstance(db, work.operation.instanceId);
    const engine = work.context.engine(instance.engine);
    await dropUnfinished(work, instance, "earlier");
    const source = await getSnapshot(db, work.operation.sourceSnapshotId);
    const chain = await getChain(db, source);
    const generation = nextGeneration(work, instance);
    await work.enter("COPYING");
    try {
      const layers = artifacts.read(chain.map(toArtifactRef), {
        signal: work.signal,
        onProgress: work.report,
      });
      await engine.stage(generation, layers, { signal: work.signal });
    } catch (error) {
      if (error instanceof ArtifactError && (error.code === "DAMAGED" || error.code === "MISSING")) {
        const { id } = source;
        await db.transaction((tx) => markArtifactDamaged(tx, id, work.context.clock.now()));
      }
      throw error;
    }
    await work.enter("VERIFYING");
    await engine.check(generation, { signal: work.signal });
    const sizeBytes = await engine.sizeBytes(generation);
    await work.enter("SWITCHING");
    const hold = await engine.holdWrites(liveGeneration(instance));
    try {
      await work.succeed(async (tx) => {
        await tx
          .update(instances)
          .set({ status: "RUNNING", generation: generation.number, sizeBytes })
          .where(eq(instances.id, instance.id));
        await events.publish(tx, { topic: "instance", id: instance.id });
      });
    } catch (error) {
      await hold.resume();
      throw error;
    }
    await hold.retire();
    await engine.drop(liveGeneration(instance));
  },

  async undo(work) {
    await dropUnfinished(work, await getInstance(work.context.db, work.operation.instanceId), "this");
  },

  async revert(work, tx) {
    const { instanceId } = work.operation;
    await tx.update(instances).set({ status: "RUNNING" }).where(eq(instances.id, instanceId));
    await work.context.events.publish(tx, { topic: "instance", id: instanceId });
  },
};
