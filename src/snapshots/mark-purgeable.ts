import { and, eq, gt, inArray, lte, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Database, Transaction } from "../db/client.js";
import { snapshots } from "../db/tables/index.js";
import { artifactNeeded } from "./needed.queries.js";
import type { SnapshotRow } from "./snapshots.queries.js";

/** While something without an end in sight needs an artifact (a hold, an operation), it is looked at this often. */
const lookAgainMs = 60_000;

const hasArtifact = inArray(snapshots.artifactState, ["PRESENT", "DAMAGED"]);

/** Whose artifacts to look at: those whose time to be looked at has come, or all of one instance. */
export type PurgeScope = { readonly dueAt: Date } | { readonly instanceId: string };

/**
 * Looks at the next artifacts and marks those that nobody needs as PURGED: from that commit on nothing reads them. The
 * others are looked at again when what needs them ends. One short transaction; chains that somebody has locked are left
 * for the next time. Returns how many it has looked at, and which of these are PURGED now.
 */
export async function markPurgeable(
  db: Database,
  scope: PurgeScope,
  options: { readonly now: Date; readonly limit: number },
): Promise<{ readonly looked: number; readonly purged: readonly string[] }> {
  const { now, limit } = options;
  return db.transaction(async (tx) => {
    const found = await tx
      .select({ id: snapshots.id, rootId: snapshots.chainRootId })
      .from(snapshots)
      .where(
        and(
          hasArtifact,
          "dueAt" in scope ? lte(snapshots.purgeCheckAt, now) : eq(snapshots.instanceId, scope.instanceId),
        ),
      )
      .orderBy(snapshots.purgeCheckAt)
      .limit(limit);
    const roots = await lockRoots(
      tx,
      found.map((each) => each.rootId),
    );
    const ids = found.filter((each) => roots.has(each.rootId)).map((each) => each.id);
    if (ids.length === 0) return { looked: 0, purged: [] };
    // Asked in a statement of its own, after the locks: what it answers stays true until the commit.
    const { id, chainRootId: rootId, chainDepth: depth } = snapshots;
    const judged = await tx
      .select({ id, rootId, depth, needed: artifactNeeded(tx, now), until: lastWindowOfChain(tx) })
      .from(snapshots)
      .where(and(inArray(id, ids), hasArtifact));
    const needed = judged.filter((each) => each.needed);
    await lookAgain(tx, needed, now);
    const free = judged.filter((each) => !each.needed);
    return { looked: judged.length, purged: await markFrom(tx, free) };
  });
}

/**
 * Marks these as PURGED, and all that builds on them: nobody needs that either, and no base goes before it. Answers which
 * have been marked.
 */
async function markFrom(
  tx: Transaction,
  free: readonly { readonly rootId: string; readonly depth: number }[],
): Promise<string[]> {
  if (free.length === 0) return [];
  const lowest = new Map<string, number>();
  for (const { rootId, depth } of free) lowest.set(rootId, Math.min(depth, lowest.get(rootId) ?? depth));
  const { rows } = await tx.execute<{ id: string }>(sql`
    update snapshots set artifact_state = 'PURGED'
    from unnest(${sql.param([...lowest.keys()])}::uuid[], ${sql.param([...lowest.values()])}::int[]) as lowest(root_id, depth)
    where snapshots.chain_root_id = lowest.root_id and snapshots.chain_depth >= lowest.depth
      and snapshots.artifact_state in ('PRESENT', 'DAMAGED')
    returning snapshots.id`);
  return rows.map((row) => row.id);
}

/** For who is about to change windows: none of the instance's artifacts is purged until the transaction ends. */
export async function lockChains(tx: Transaction, instanceId: string): Promise<void> {
  const roots = tx
    .select({ id: snapshots.chainRootId })
    .from(snapshots)
    .where(and(eq(snapshots.instanceId, instanceId), hasArtifact));
  const { id } = snapshots;
  await tx.select({ id }).from(snapshots).where(inArray(id, roots)).orderBy(id).for("update");
}

/** For who has changed windows: all of the instance's artifacts are looked at by the next sweep. */
export const lookAtAll = (tx: Transaction, instanceId: string, now: Date): Promise<void> =>
  lookAt(tx, eq(snapshots.instanceId, instanceId), now);

/** For who has ended what needed a snapshot: the next sweep looks at its chain, and not only when a pause is over. */
export const lookAtChain = (
  tx: Transaction,
  { chainRootId }: Pick<SnapshotRow, "chainRootId">,
  now: Date,
): Promise<void> => lookAt(tx, eq(snapshots.chainRootId, chainRootId), now);

async function lookAt(tx: Transaction, those: SQL, now: Date): Promise<void> {
  await tx
    .update(snapshots)
    .set({ purgeCheckAt: now })
    .where(and(those, hasArtifact, gt(snapshots.purgeCheckAt, now)));
}

async function lockRoots(tx: Transaction, rootIds: readonly string[]): Promise<Set<string>> {
  if (rootIds.length === 0) return new Set();
  const rows = await tx
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(inArray(snapshots.id, [...new Set(rootIds)]))
    .orderBy(snapshots.id)
    .for("update", { skipLocked: true });
  return new Set(rows.map((row) => row.id));
}

/** The latest end of a window among the row and those that build on it. */
function lastWindowOfChain(tx: Transaction): SQL<string | null> {
  const above = alias(snapshots, "later");
  const last = tx
    .select({ until: sql`max(${above.restorableUntil})` })
    .from(above)
    .where(
      and(
        eq(above.chainRootId, snapshots.chainRootId),
        sql`${above.chainDepth} >= ${snapshots.chainDepth}`,
        sql`${above.supersededAt} is null`,
      ),
    );
  return sql<string | null>`(${last})`;
}

async function lookAgain(
  tx: Transaction,
  needed: readonly { readonly id: string; readonly until: string | null }[],
  now: Date,
): Promise<void> {
  if (needed.length === 0) return;
  const soon = new Date(now.getTime() + lookAgainMs);
  const instants = needed.map(({ until }) => {
    const end = until === null ? soon : new Date(until);
    return (end > now ? end : soon).toISOString();
  });
  await tx.execute(sql`
    update snapshots set purge_check_at = later.at
    from unnest(${sql.param(needed.map((each) => each.id))}::uuid[], ${sql.param(instants)}::timestamptz[]) as later(id, at)
    where snapshots.id = later.id`);
}
