import { and, eq, inArray, isNull, sql, type SQL } from "drizzle-orm";
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
 * goes on where this one stopped. What an earlier call could not remove comes last, and all of it is tried: a store that
 * is down keeps nothing in another one. Returns how many artifacts have gone.
 */
export async function purgeArtifacts(
  context: PurgeContext,
  scope: PurgeScope,
  signal?: AbortSignal,
): Promise<number> {
  const failures: unknown[] = [];
  let gone = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { looked, purged } = await markPurgeable(context.db, scope, {
      now: context.clock.now(),
      limit: batch,
    });
    const rows = purged.length === 0 ? [] : await listUnremoved(context, inArray(snapshots.id, [...purged]));
    gone += await removeObjects(context, rows, failures, signal);
    // Of an instance, what is still needed would be found again and again.
    if (looked === 0 || ("instanceId" in scope && purged.length === 0)) break;
  }
  gone += await removeLeft(context, scope, failures, signal);
  if (failures.length > 0) throw failures[0];
  return gone;
}

/** What is PURGED and not removed yet, from one page to the next: what cannot be removed is passed over, however much it is. */
async function removeLeft(
  context: PurgeContext,
  scope: PurgeScope,
  failures: unknown[],
  signal?: AbortSignal,
): Promise<number> {
  const { id, purgeCheckAt, instanceId } = snapshots;
  const within = "instanceId" in scope ? eq(instanceId, scope.instanceId) : undefined;
  let [gone, following] = [0, within];
  for (;;) {
    const rows = await listUnremoved(context, following);
    gone += await removeObjects(context, rows, failures, signal);
    const last = rows.at(-1);
    if (!last || rows.length < batch) return gone;
    const position = sql`(${last.purgeCheckAt?.toISOString() ?? null}::timestamptz, ${last.id}::uuid)`;
    following = and(within, sql`(${purgeCheckAt}, ${id}) > ${position}`);
  }
}

const listUnremoved = ({ db }: PurgeContext, those: SQL | undefined) =>
  db
    .select({
      id: snapshots.id,
      key: snapshots.artifactKey,
      depth: snapshots.chainDepth,
      purgeCheckAt: snapshots.purgeCheckAt,
    })
    .from(snapshots)
    .where(and(eq(snapshots.artifactState, "PURGED"), isNull(snapshots.artifactRemovedAt), those))
    .orderBy(snapshots.purgeCheckAt, snapshots.id)
    .limit(batch);

/** Removes the objects of PURGED snapshots, those above in a chain before those below. One that fails keeps no other from going. */
async function removeObjects(
  { db, clock, artifacts }: PurgeContext,
  rows: Awaited<ReturnType<typeof listUnremoved>>,
  failures: unknown[],
  signal?: AbortSignal,
): Promise<number> {
  const queue = rows.toSorted((a, b) => b.depth - a.depth).values();
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
    await db.update(snapshots).set({ artifactRemovedAt: clock.now() }).where(inArray(snapshots.id, removed));
  }
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return removed.length;
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
