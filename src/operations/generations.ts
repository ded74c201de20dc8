import { eq, sql } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import type { Generation } from "../engines/engine.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { getInstance } from "./facts.js";
import type { Work } from "./work.js";

export const liveGeneration = (instance: InstanceRow): Generation => ({
  instanceId: instance.id,
  number: instance.generation,
  version: instance.version,
});

/**
 * Gives this attempt a number that no generation of the instance has had or will have: a stalled worker that wakes
 * up long after its replacement, or after a later operation, still writes where nobody else does.
 */
export async function allocateGeneration(work: Work, instance: InstanceRow): Promise<Generation> {
  return work.fenced(async (tx) => {
    const [row] = await tx
      .update(instances)
      .set({ lastGeneration: sql`greatest(${instances.lastGeneration}, ${instances.generation}) + 1` })
      .where(eq(instances.id, instance.id))
      .returning();
    if (!row) throw new Error(`instance ${instance.id} has no row`);
    return { ...liveGeneration(row), number: row.lastGeneration };
  });
}

/**
 * Removes what this attempt and those before it built beside the live generation. Only numbers given out by now:
 * where a later operation has begun meanwhile, its generations are newer.
 */
export async function dropUnfinished(work: Work): Promise<void> {
  const instance = await work.fenced((tx) => getInstance(tx, work.operation.instanceId));
  const engine = work.context.engine(instance.engine);
  for (const { instanceId, number } of await engine.list()) {
    const leftover = number <= instance.lastGeneration && number !== instance.generation;
    if (instanceId === instance.id && leftover) await engine.drop({ ...liveGeneration(instance), number });
  }
}
