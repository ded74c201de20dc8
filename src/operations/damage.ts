import { ArtifactError, type ArtifactRef } from "../artifacts/artifact.js";
import { StoreError } from "../artifacts/artifact-store.js";
import { copyTo, openPart } from "../byte-reader.js";
import { markArtifactDamaged } from "../snapshots/record-completion.js";
import { loadChains, type SnapshotRow } from "../snapshots/snapshots.queries.js";
import { toArtifactRef } from "./facts.js";
import type { Work } from "./work.js";

const isDamage = (error: unknown): boolean =>
  error instanceof ArtifactError && (error.code === "DAMAGED" || error.code === "MISSING");

/** Lets `read` use the artifacts that the snapshot's data is made of, oldest first, as `recordingDamage` does. */
export async function readChain<T>(
  work: Work,
  snapshotId: string,
  read: (chain: ArtifactRef[]) => Promise<T>,
): Promise<T> {
  const chain = await loadChain(work, snapshotId);
  return recordingDamage(work, snapshotId, () => read(chain.map(toArtifactRef)));
}

async function loadChain({ context, operation }: Work, snapshotId: string): Promise<SnapshotRow[]> {
  const chain = (await loadChains(context.db, operation, [snapshotId])).get(snapshotId);
  if (!chain) throw new Error(`snapshot ${snapshotId} has no row`);
  return chain;
}

/**
 * Lets `use` read the snapshot's artifact, or those below it too. Where one of them proves damaged, that is recorded before
 * the error goes on, so that nobody is offered it again. Nothing takes it back, so it must be so twice: what is sound when
 * it is read again was a fault on the way, which a retry passes (UNAVAILABLE).
 */
export async function recordingDamage<T>(work: Work, snapshotId: string, use: () => Promise<T>): Promise<T> {
  const { clock, events } = work.context;
  try {
    return await use();
  } catch (error) {
    if (!isDamage(error)) throw error;
    const culprit = await findDamaged(work, await loadChain(work, snapshotId));
    if (!culprit)
      throw new StoreError(
        "UNAVAILABLE",
        "The store gave damaged data, and gives it sound when asked again.",
        {
          cause: error,
        },
      );
    await work.fenced(async (tx) => {
      for (const { id, instanceId } of await markArtifactDamaged(tx, culprit.id, clock.now()))
        await events.publish(tx, { topic: "snapshot", id, instanceId, change: "UPDATED" });
    });
    throw error;
  }
}

/**
 * Which link is to blame: a base that is damaged ends all that builds on it, a differential only what follows.
 * Undefined where all can be read.
 */
async function findDamaged(work: Work, chain: readonly SnapshotRow[]): Promise<SnapshotRow | undefined> {
  const { artifacts } = work.context;
  const { signal } = work;
  for (const snapshot of chain)
    if (await isDamaged(artifacts.verify(toArtifactRef(snapshot), { signal }))) return snapshot;
  // Links that are sound each may still not fit together.
  return (await isDamaged(readAll(work, chain))) ? chain.at(-1) : undefined;
}

async function readAll({ context, signal }: Work, chain: readonly SnapshotRow[]): Promise<void> {
  for await (const { parts } of context.artifacts.read(chain.map(toArtifactRef), { signal }))
    for await (const part of parts) await copyTo(await openPart(part), () => Promise.resolve(), signal);
}

async function isDamaged(reading: Promise<void>): Promise<boolean> {
  try {
    await reading;
    return false;
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}
