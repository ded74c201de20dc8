import type { SnapshotCause, SnapshotKind } from "../db/enums.js";
import type { RetentionRow } from "./retention.js";

/**
 * The first slot strictly after `now`, or null where the tier has no schedule. Slots are `createdAt + n * cadence`,
 * n >= 1: missed ones are not made up.
 */
export function nextSlotAfter(row: RetentionRow, createdAt: Date, now: Date): Date | null {
  if (row.cadenceHours === null) return null;
  const step = row.cadenceHours * row.hourMs;
  const passed = Math.floor((now.getTime() - createdAt.getTime()) / step);
  return new Date(createdAt.getTime() + Math.max(passed + 1, 1) * step);
}

/** `base` is the snapshot a DIFFERENTIAL would build on; without a usable one it is taken as a FULL. */
export function decideKind(
  row: RetentionRow,
  slot: {
    readonly cause: SnapshotCause;
    readonly hasFullToday: boolean;
    readonly base: object | null | undefined;
  },
): SnapshotKind {
  if (slot.cause !== "CADENCE" || !slot.hasFullToday) return "FULL";
  if (row.scheduledPerDay.SHORT_RETENTION) return "SHORT_RETENTION";
  return row.scheduledPerDay.DIFFERENTIAL && slot.base ? "DIFFERENTIAL" : "FULL";
}
