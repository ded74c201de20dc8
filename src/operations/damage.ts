import { ArtifactError, type ArtifactRef } from "../artifacts/artifact.js";
import { markArtifactDamaged } from "../snapshots/record-completion.js";
import { loadChains, type SnapshotRow } from "../snapshots/snapshots.queries.js";
import { toArtifactRef } from "./facts.js";
import type { Work } from "./work.js";

const isDamage = (error: unknown): boolean =>
  error instanceof ArtifactError && (error.code === "DAMAGED" || error.code === "MISSING");

/**
 * Lets `read` use the artifacts that the snapshot's data is made of, oldest first. Where one of them proves
 * damaged, that is recorded before the error goes on, so that nobody is offered it again.
 */
export async function readChain<T>(
  work: Work,
  snapshot: SnapshotRow,
  read: (chain: ArtifactRef[]) => Promise<T>,
): Promise<T> {
  const { db, clock, events } = work.context;
  const chain = (await loadChains(db, snapshot, [snapshot.id])).get(snapshot.id) ?? [];
  try {
    return await read(chain.map(toArtifactRef));
  } catch (error) {
    if (!isDamage(error)) throw error;
    const culprit = (await findDamaged(work, chain)) ?? snapshot;
    await work.fenced(async (tx) => {
      for (const { id, instanceId } of await markArtifactDamaged(tx, culprit.id, clock.now()))
        await events.publish(tx, { topic: "snapshot", id, instanceId, change: "UPDATED" });
    });
    throw error;
  }
}

/** Which link is to blame: a base that is damaged ends all that builds on it, a differential only what follows. */
async function findDamaged(work: Work, chain: readonly SnapshotRow[]): Promise<SnapshotRow | undefined> {
  for (const snapshot of chain) {
    try {
      await work.context.artifacts.verify(toArtifactRef(snapshot), { signal: work.signal });
    } catch (error) {
      if (isDamage(error)) return snapshot;
      throw error;
    }
  }
  return undefined;
}
