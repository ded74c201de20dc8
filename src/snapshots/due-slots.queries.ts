import { and, eq, inArray, lte, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "../db/client.js";
import { instances, operations, slots, snapshots } from "../db/tables/index.js";
import { judgeRestorable } from "./eligibility.js";
import { dayMsOf, dayStartOf, type RetentionRow } from "./retention.js";
import type { Place } from "./slots.queries.js";
import type { SnapshotRow } from "./snapshots.queries.js";

export type SlotRow = typeof slots.$inferSelect;
export interface DueSlot {
  readonly slot: SlotRow;
  readonly instance: typeof instances.$inferSelect;
}
export interface PlaceWithRoom extends Place {
  /** So many are wanted at most. */
  readonly room: number;
}

/**
 * The slots that have been due longest, of each place no more than it has room for, locked together with their
 * instances; and whatever else is due of these: an instance gets one snapshot at a time, and which one, all its slots
 * decide. What another transaction holds is left out: a user's request comes first, and so does another scheduler.
 */
export async function claimDueSlots(
  tx: Transaction,
  places: readonly PlaceWithRoom[],
  now: Date,
): Promise<DueSlot[]> {
  const claimed: DueSlot[] = [];
  for (const { cloudProvider, region, room } of places) {
    if (room <= 0) continue;
    const due = and(
      eq(slots.cloudProvider, cloudProvider),
      eq(slots.region, region),
      sql`${slots.dueAt} <= ${now.toISOString()}::timestamptz`,
    );
    claimed.push(
      ...(await tx
        .select({ slot: slots, instance: instances })
        .from(slots)
        .innerJoin(instances, eq(instances.id, slots.instanceId))
        .where(due)
        .orderBy(slots.dueAt)
        .limit(room)
        .for("update", { skipLocked: true })),
    );
  }
  return [...claimed, ...(await claimOthers(tx, claimed, now))];
}

/** What else is due of these instances. */
async function claimOthers(tx: Transaction, claimed: readonly DueSlot[], now: Date): Promise<DueSlot[]> {
  if (claimed.length === 0) return [];
  const keyOf = ({ instanceId, cause, slotAt }: SlotRow) => `${instanceId} ${cause} ${slotAt.getTime()}`;
  const known = new Set(claimed.map(({ slot }) => keyOf(slot)));
  const byId = new Map(claimed.map(({ instance }) => [instance.id, instance]));
  const due = await tx
    .select()
    .from(slots)
    .where(and(inArray(slots.instanceId, [...byId.keys()]), lte(slots.dueAt, now)))
    .for("update", { skipLocked: true });
  return due.flatMap((slot) => {
    const instance = byId.get(slot.instanceId);
    return instance && !known.has(keyOf(slot)) ? [{ slot, instance }] : [];
  });
}

/** Which of the instances have an operation at work that touches their data. */
export async function findBusy(tx: Transaction, instanceIds: readonly string[]): Promise<Set<string>> {
  if (instanceIds.length === 0) return new Set();
  const rows = await tx
    .select({ id: operations.instanceId })
    .from(operations)
    .where(
      and(
        inArray(operations.instanceId, [...instanceIds]),
        eq(operations.exclusive, true),
        inArray(operations.status, ["QUEUED", "RUNNING", "CANCELING"]),
      ),
    );
  return new Set(rows.map((row) => row.id));
}

export interface SlotFacts {
  /** Whether the day of the slot holds a completed scheduled FULL, whatever its cause. */
  readonly hasFullToday: boolean;
  /** What a DIFFERENTIAL would build on; undefined where the last one is not whole, or none is. */
  readonly base: SnapshotRow | undefined;
}

/**
 * The last completed scheduled snapshot of a chain: the latest, unless a clock that stepped back made its successor look
 * older; so one with a successor is passed over.
 */
const tip = sql`
  select * from snapshots as tip
  where tip.instance_id = wanted.instance_id and tip.type = 'SCHEDULED' and tip.status = 'COMPLETED'
    and not exists (select from snapshots above where above.base_id = tip.id and above.status = 'COMPLETED')
  order by tip.taken_at desc, tip.id desc limit 1`;

/** What decides the kind of a scheduled snapshot, for many instances in one statement, in the order given. */
export async function loadSlotFacts(
  tx: Transaction,
  wanted: readonly { readonly instanceId: string; readonly row: RetentionRow; readonly slotAt: Date }[],
  now: Date,
): Promise<SlotFacts[]> {
  if (wanted.length === 0) return [];
  const days = wanted.map(({ row, slotAt }) => dayStartOf(row, slotAt));
  const ends = wanted.map(({ row }, index) => new Date((days[index] as Date).getTime() + dayMsOf(row)));
  const texts = (instants: readonly Date[]) => sql.param(instants.map((instant) => instant.toISOString()));
  const { rows } = await tx.execute<{
    has_full: boolean;
    base_id: string | null;
    root_id: string | null;
  }>(sql`
    select exists (
      select from snapshots taken where taken.instance_id = wanted.instance_id and taken.type = 'SCHEDULED'
        and taken.kind = 'FULL' and taken.status = 'COMPLETED'
        and taken.taken_at >= wanted.day_starts_at and taken.taken_at < wanted.day_ends_at
    ) as has_full, base.id as base_id, base.chain_root_id as root_id
    from unnest(${sql.param(wanted.map((each) => each.instanceId))}::uuid[], ${texts(days)}::timestamptz[],
      ${texts(ends)}::timestamptz[]) with ordinality as wanted(instance_id, day_starts_at, day_ends_at, place)
    left join lateral (${tip}) as base on true
    order by wanted.place`);
  const bases = await loadUsable(tx, rows, now);
  return rows.map((row) => ({ hasFullToday: row.has_full, base: bases.get(row.base_id ?? "") }));
}

/** Those on which a differential may build. Their chains' roots are locked first: nobody purges what is built on. */
async function loadUsable(
  tx: Transaction,
  tips: readonly { readonly base_id: string | null; readonly root_id: string | null }[],
  now: Date,
): Promise<Map<string, SnapshotRow>> {
  const ids = tips.flatMap((tip) => tip.base_id ?? []);
  if (ids.length === 0) return new Map();
  const roots = [...new Set(tips.flatMap((tip) => tip.root_id ?? []))].sort();
  await tx
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(inArray(snapshots.id, roots))
    .orderBy(snapshots.id)
    .for("share");
  const bases = await tx.select().from(snapshots).where(inArray(snapshots.id, ids));
  return new Map(bases.filter((base) => judgeRestorable(base, now).allowed).map((base) => [base.id, base]));
}

/** The condition that a slot is one of these. */
export const isOneOf = (owed: readonly SlotRow[]): SQL =>
  sql`(${slots.instanceId}, ${slots.cause}, ${slots.slotAt}) in (
    select instance_id, cause::snapshot_cause, slot_at from unnest(
      ${sql.param(owed.map((slot) => slot.instanceId))}::uuid[], ${sql.param(owed.map((slot) => slot.cause))}::text[],
      ${sql.param(owed.map((slot) => slot.slotAt.toISOString()))}::timestamptz[]) as owed(instance_id, cause, slot_at))`;
