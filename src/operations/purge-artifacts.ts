import { and, eq, inArray, isNull } from "drizzle-orm";
import { snapshots } from "../db/tables/index.js";
import { closeWindows } from "../snapshots/close-windows.js";
import { markPurgeable, type PurgeScope } from "../snapshots/mark-purgeable.js";
import type { Sweep } from "./sweep.js";
import type { WorkContext } from "./work-context.js";

type PurgeContext = Pick<WorkContext, "db" | "clock" | "artifacts">;

/** Rows of one transaction, and artifacts removed before the next one. */
const batch = 500;
/** Artifacts removed from the store at a time. */
const removals = 8;

/**
 * Removes the artifacts that nobody needs any more. First a row says that its artifact is PURGED, then the objects go, then
 * the row says that they have gone: interrupted anywhere, no snapshot is offered without its artifact, and the next call
 * goes on where this one stopped. Returns how many artifacts have gone.
 */
export async function purgeArtifacts(
  context: PurgeContext,
  scope: PurgeScope,
  signal?: AbortSignal,
): Promise<number> {
  const failures: unknown[] = [];
  let gone = await removePurged(context, scope, failures, signal);
  for (;;) {
    signal?.throwIfAborted();
    const { looked, purged } = await markPurgeable(context.db, scope, {
      now: context.clock.now(),
      limit: batch,
    });
    if (purged > 0) gone += await removePurged(context, scope, failures, signal);
    // Of an instance, what is still needed would be found again and again.
    if (looked === 0 || ("instanceId" in scope && purged === 0)) break;
  }
  if (failures.length > 0) throw failures[0];
  return gone;
}

/**
 * Removes the objects of PURGED snapshots, those above in a chain before those below. What cannot be removed keeps its
 * place in the list for the next call, and nothing else from going.
 */
async function removePurged(
  { db, clock, artifacts }: PurgeContext,
  scope: PurgeScope,
  failures: unknown[],
  signal?: AbortSignal,
): Promise<number> {
  const waiting = and(
    eq(snapshots.artifactState, "PURGED"),
    isNull(snapshots.artifactRemovedAt),
    "instanceId" in scope ? eq(snapshots.instanceId, scope.instanceId) : undefined,
  );
  for (let gone = 0; ;) {
    const rows = await db
      .select({ id: snapshots.id, key: snapshots.artifactKey, depth: snapshots.chainDepth })
      .from(snapshots)
      .where(waiting)
      .orderBy(snapshots.purgeCheckAt)
      .limit(batch);
    const queue = rows.sort((a, b) => b.depth - a.depth).values();
    const removed: string[] = [];
    const remove = async () => {
      for (const { id, key } of queue) {
        signal?.throwIfAborted();
        try {
          if (key !== null) await artifacts.remove(key);
          removed.push(id);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: removals }, remove));
    if (removed.length > 0) {
      await db
        .update(snapshots)
        .set({ artifactRemovedAt: clock.now() })
        .where(inArray(snapshots.id, removed));
    }
    gone += removed.length;
    for (const each of ended) if (each.status === "rejected") throw each.reason;
    if (rows.length < batch || removed.length < rows.length) return gone;
  }
}

/** Artifacts whose snapshots have expired, and all that builds on them too. */
export function purgeSweep(context: PurgeContext): Sweep {
  return {
    name: "artifacts that nobody needs",
    everyMs: 60_000,
    run: () => purgeArtifacts(context, { dueAt: context.clock.now() }),
  };
}

/** Subscribers are told within a tick that a window has closed. */
export function closeWindowsSweep({
  db,
  events,
  clock,
}: Pick<WorkContext, "db" | "events" | "clock">): Sweep {
  return {
    name: "windows that have closed",
    everyMs: 0,
    run: () => closeWindows({ db, events, now: clock.now() }),
  };
}
