import type { Engine, Generation } from "../engines/engine.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { readChain } from "./damage.js";
import { getInstance } from "./facts.js";
import { allocateGeneration, dropUnfinished } from "./generations.js";
import type { Work } from "./work.js";

export interface BuiltGeneration {
  readonly instance: InstanceRow;
  readonly engine: Engine;
  readonly generation: Generation;
  readonly sizeBytes: number;
}

/**
 * PREPARING → COPYING → VERIFYING: a sound generation beside whatever is live, with the operation's source in it, or
 * empty where there is none. Nobody is served from it yet.
 */
export async function buildGeneration(work: Work): Promise<BuiltGeneration> {
  const { db, artifacts } = work.context;
  const { signal } = work;
  await dropUnfinished(work);
  const instance = await getInstance(db, work.operation.instanceId);
  const engine = work.context.engine(instance.engine);
  const generation = await allocateGeneration(work, instance);
  const { sourceSnapshotId } = work.operation;
  if (sourceSnapshotId === null) {
    await engine.create(generation, work.call);
  } else {
    await work.enter("COPYING");
    await readChain(work, sourceSnapshotId, (chain) =>
      engine.stage(generation, artifacts.read(chain, { signal, onProgress: work.report }), work.call),
    );
  }
  await work.enter("VERIFYING");
  await engine.check(generation, work.call);
  return { instance, engine, generation, sizeBytes: await engine.sizeBytes(generation) };
}
