import type { Generation } from "../engines/engine.js";
import type { InstanceRow } from "./request-operation.js";
import type { Work } from "./work.js";

export const liveGeneration = (instance: InstanceRow): Generation => ({
  instanceId: instance.id,
  number: instance.generation,
  version: instance.version,
});

/**
 * The generation that this attempt builds. Each attempt has a number of its own, so that a stalled worker and
 * its replacement never write to the same place.
 */
export const nextGeneration = (work: Work, instance: InstanceRow): Generation => ({
  instanceId: instance.id,
  number: instance.generation + work.attempt,
  version: instance.version,
});

/** Removes what this attempt and those before it built beside the live generation. */
export async function dropUnfinished(
  work: Work,
  instance: InstanceRow,
  including: "this" | "earlier",
): Promise<void> {
  const engine = work.context.engine(instance.engine);
  const last = including === "this" ? work.attempt : work.attempt - 1;
  for (let attempt = 1; attempt <= last; attempt++) {
    await engine.drop({ ...liveGeneration(instance), number: instance.generation + attempt });
  }
}
