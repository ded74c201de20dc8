import type { SnapshotCause } from "../db/enums.js";
import type { RetentionRow } from "./retention.js";
import { nextSlotAfter } from "./schedule.js";

/** A scheduled snapshot that is owed, and its instance as it stands. */
export interface OwedSlot {
  readonly cause: SnapshotCause;
  readonly slotAt: Date;
  /** When its first try was made; null before that. */
  readonly triedAt: Date | null;
}
export interface SlotSurroundings {
  /** The policy of the instance's tier; undefined where there is none. */
  readonly row: RetentionRow | undefined;
  readonly createdAt: Date;
  readonly deleted: boolean;
  /** RUNNING, and nothing else touches its data. */
  readonly free: boolean;
}

export type SlotDecision =
  | { readonly action: "TAKE"; readonly slotAt: Date }
  /** The instance is busy: it runs as soon as it is free. */
  | { readonly action: "WAIT" }
  /** Nothing is owed any more: the instance or its schedule is gone, or the clock has yet to reach the slot. */
  | { readonly action: "DROP" }
  /** Its tries have failed until the next slot came. */
  | { readonly action: "FAIL" };

/** What to do about an owed slot whose time has come. Of several slots missed only the latest is taken. */
export function decideSlot(slot: OwedSlot, instance: SlotSurroundings, now: Date): SlotDecision {
  const { row, createdAt } = instance;
  if (instance.deleted || !row || row.cadenceHours === null) return { action: "DROP" };
  if (slot.triedAt) {
    if (!isOpen(row, createdAt, slot.triedAt, now)) return { action: "FAIL" };
    return instance.free ? { action: "TAKE", slotAt: slot.slotAt } : { action: "WAIT" };
  }
  if (!instance.free) return { action: "WAIT" };
  if (slot.cause !== "CADENCE") return { action: "TAKE", slotAt: slot.slotAt };
  const latest = latestSlotAt(row, createdAt, now);
  return latest ? { action: "TAKE", slotAt: latest } : { action: "DROP" };
}

/** The last slot of the cadence at or before `now`; null before the first. */
export function latestSlotAt(row: RetentionRow, createdAt: Date, now: Date): Date | null {
  const next = nextSlotAfter(row, createdAt, now);
  if (row.cadenceHours === null || next === null) return null;
  const latest = new Date(next.getTime() - row.cadenceHours * row.hourMs);
  return latest > createdAt && latest <= now ? latest : null;
}

function isOpen(row: RetentionRow, createdAt: Date, triedAt: Date, now: Date): boolean {
  const end = nextSlotAfter(row, createdAt, triedAt);
  return end !== null && now < end;
}

/** Whether an owed slot has a try to come: its first, or another one before the next slot. */
export function willBeTried(
  { row, createdAt }: Pick<SlotSurroundings, "row" | "createdAt">,
  slot: { readonly dueAt: Date; readonly triedAt: Date | null },
  now: Date,
): boolean {
  if (!slot.triedAt) return true;
  return row !== undefined && isOpen(row, createdAt, slot.triedAt, slot.dueAt > now ? slot.dueAt : now);
}

/** Whether the next slot of the cadence has come too: what was missed is then made up as one snapshot, whatever its cause. */
export function isOvertaken(row: RetentionRow, slotAt: Date, now: Date): boolean {
  return row.cadenceHours !== null && now.getTime() >= slotAt.getTime() + row.cadenceHours * row.hourMs;
}

/** Between tries, in hours of the policy: a minute after the first failure, then three times as long after each. */
const firstPauseHours = 1 / 60;
/** No longer than this: an outage is not to cost a daily tier the day's only snapshot. */
const longestPauseHours = 1;

/** When a slot that has failed `failures` times is tried again; null where the next slot comes first. */
export function nextTryAt(
  { row, createdAt }: Pick<SlotSurroundings, "row" | "createdAt">,
  slot: { readonly failures: number; readonly triedAt: Date },
  now: Date,
): Date | null {
  if (!row) return null;
  const pauseHours = Math.min(firstPauseHours * 3 ** (slot.failures - 1), longestPauseHours);
  const at = new Date(now.getTime() + pauseHours * row.hourMs);
  return isOpen(row, createdAt, slot.triedAt, at) ? at : null;
}
