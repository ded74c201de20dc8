import { and, eq, gt, gte, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Queryable, Transaction } from "../db/client.js";
import type { MajorVersion, Tier } from "../db/enums.js";
import { snapshots } from "../db/tables/index.js";
import { lookAtAll } from "./mark-purgeable.js";
import {
  dayMsOf,
  dayStartOf,
  findRetention,
  type RetentionRow,
  type RetentionTable,
  stampWindows,
} from "./retention.js";
import type { SnapshotRow } from "./snapshots.queries.js";

export interface Completion {
  readonly snapshot: SnapshotRow;
  /** As it is now: the windows are those of the tier at completion. */
  readonly instance: { readonly tier: Tier; readonly version: MajorVersion };
  /** SHA-256 (hex) of the manifest; bytes of the data, and bytes in the store. */
  readonly written: { readonly sha256: string; readonly sizeBytes: number; readonly storedBytes: number };
  readonly artifactKey: string;
  /** The engine's consistent point. */
  readonly takenAt: Date;
  readonly now: Date;
  readonly table: RetentionTable;
}

/**
 * Makes a snapshot COMPLETED, all at once: artifact, windows, first full of the day, and on a tier that keeps
 * only the latest, the end of the older ones; it answers the ids of those that nobody holds. The caller holds the instance (one operation at
 * a time). Throws RangeError where the tier keeps no such snapshot.
 */
export async function completeSnapshot(tx: Transaction, completion: Completion): Promise<string[]> {
  const { snapshot, instance, written, artifactKey, takenAt, now, table } = completion;
  const row = findRetention(table, instance.tier, instance.version);
  if (!row) throw new RangeError(`${instance.tier} ${instance.version} is not in the retention table`);
  const { type, kind, instanceId } = snapshot;
  const windows = stampWindows(row, { type, kind, takenAt }, table.version);
  const scheduledFull = type === "SCHEDULED" && kind === "FULL";
  const firstFullOfDay = scheduledFull && !(await hasFullOnDay(tx, instanceId, row, takenAt));
  const superseded = row.latestOnly ? await supersedeOlder(tx, snapshot, now) : [];
  await tx
    .update(snapshots)
    .set({
      status: "COMPLETED",
      ...written,
      ...windows,
      artifactKey,
      artifactState: "PRESENT",
      purgeCheckAt: windows.restorableUntil,
      firstFullOfDay,
      dayStartsAt: dayStartOf(row, takenAt),
      takenAt,
      completedAt: now,
    })
    .where(eq(snapshots.id, snapshot.id));
  return superseded;
}

/**
 * Newer is what completes later: two workers' clocks cannot leave two snapshots standing. What has left the list before, its
 * window being over, is nobody's news: it stays as it ended, and subscribers are not told of it again.
 */
async function supersedeOlder(tx: Transaction, newest: SnapshotRow, now: Date): Promise<string[]> {
  const older = and(
    eq(snapshots.instanceId, newest.instanceId),
    ne(snapshots.id, newest.id),
    eq(snapshots.status, "COMPLETED"),
    isNull(snapshots.supersededAt),
    or(gt(snapshots.restorableUntil, now), isNotNull(snapshots.holdId)),
  );
  const rows = await tx
    .update(snapshots)
    .set({ supersededAt: now, removalToldAt: now })
    .where(older)
    .returning({ id: snapshots.id, holdId: snapshots.holdId });
  // Also at bases whose own windows have closed before, and which only the superseded still needed.
  await lookAtAll(tx, newest.instanceId, now);
  return rows.filter((each) => each.holdId === null).map((each) => each.id);
}

/** Whether the UTC day (the policy's, in a trial) of `at` holds a completed scheduled FULL, whatever its cause. */
export async function hasFullOnDay(
  db: Queryable,
  instanceId: string,
  row: Pick<RetentionRow, "hourMs">,
  at: Date,
): Promise<boolean> {
  const day = dayStartOf(row, at);
  const found = await db
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(
      and(
        eq(snapshots.instanceId, instanceId),
        eq(snapshots.type, "SCHEDULED"),
        eq(snapshots.kind, "FULL"),
        eq(snapshots.status, "COMPLETED"),
        gte(snapshots.takenAt, day),
        lt(snapshots.takenAt, new Date(day.getTime() + dayMsOf(row))),
      ),
    )
    .limit(1);
  return found.length > 0;
}

/**
 * Just before it is taken: a DIFFERENTIAL whose base has been damaged, broken or purged since it was planned becomes a
 * FULL. Returns the snapshot as it is to be taken. The base, where there is one, stays until it is.
 */
export async function settleBase(tx: Transaction, snapshot: SnapshotRow): Promise<SnapshotRow> {
  if (snapshot.baseId === null) return snapshot;
  // The lock that a purge of the chain takes; asked for in a statement of its own, so that what follows is true.
  const { id, artifactState, chainBrokenAt } = snapshots;
  await tx.select({ id }).from(snapshots).where(eq(id, snapshot.chainRootId)).for("share");
  const [base] = await tx
    .select({ artifactState, chainBrokenAt })
    .from(snapshots)
    .where(eq(id, snapshot.baseId));
  if (base?.artifactState === "PRESENT" && base.chainBrokenAt === null) return snapshot;
  const alone = {
    kind: "FULL",
    baseId: null,
    chainRootId: snapshot.id,
    chainDepth: 0,
    chainBrokenAt: null,
  } as const;
  await tx.update(snapshots).set(alone).where(eq(id, snapshot.id));
  return { ...snapshot, ...alone };
}

/**
 * Also breaks the chain of all that builds on it, at any distance; a chain already broken keeps its instant.
 * Answers the snapshots that changed.
 */
export async function markArtifactDamaged(
  tx: Transaction,
  snapshotId: string,
  now: Date,
): Promise<{ id: string; instanceId: string }[]> {
  // The lock of those who begin to build on the chain: none of them escapes the statements below, nor does what they see.
  const { id, chainRootId } = snapshots;
  const root = tx.select({ id: chainRootId }).from(snapshots).where(eq(id, snapshotId));
  await tx.select({ id }).from(snapshots).where(inArray(id, root)).for("update");
  const damaged = await tx
    .update(snapshots)
    .set({ artifactState: "DAMAGED" })
    .where(and(eq(snapshots.id, snapshotId), eq(snapshots.artifactState, "PRESENT")))
    .returning({ id: snapshots.id, instanceId: snapshots.instanceId });
  const broken = await tx.execute<{ id: string; instanceId: string }>(sql`
    with recursive dependants as (
      select id from snapshots where base_id = ${snapshotId}
      union
      select above.id from snapshots above join dependants on above.base_id = dependants.id
    )
    update snapshots set chain_broken_at = ${now.toISOString()}::timestamptz
    where id in (select id from dependants) and chain_broken_at is null
    returning id, instance_id as "instanceId"`);
  return [...damaged, ...broken.rows];
}
