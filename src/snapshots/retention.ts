import type { MajorVersion, SnapshotKind, SnapshotType, Tier } from "../db/enums.js";

/** An hour of the policy, unless a trial runs it faster. */
export const hourMs = 3_600_000;

/** Days counted from `takenAt`, half-open. Null: never exportable. */
export interface RetentionWindow {
  readonly restorableDays: number;
  readonly exportableDays: number | null;
  /** Exportable only as the first completed scheduled FULL of its UTC day. */
  readonly firstFullOfDayOnly: boolean;
}

export type KindWindows = Readonly<Partial<Record<SnapshotKind, RetentionWindow>>>;

export interface RetentionRow {
  readonly tier: Tier;
  readonly version: MajorVersion;
  /** Milliseconds in an hour of the policy; 24 of them are its day. Shorter in a trial, the same in all rows. */
  readonly hourMs: number;
  readonly scheduledPerDay: Readonly<Partial<Record<SnapshotKind, number>>>;
  /** Null: no schedule. */
  readonly cadenceHours: number | null;
  readonly windows: Readonly<Record<SnapshotType, KindWindows>>;
  /** Only the latest completed snapshot stays available. */
  readonly latestOnly: boolean;
}

export interface RetentionTable {
  readonly version: string;
  readonly rows: readonly RetentionRow[];
}

export interface StampedWindows {
  readonly policyVersion: string;
  readonly restorableUntil: Date;
  readonly exportableUntil: Date | null;
  readonly exportFirstFullOfDayOnly: boolean;
}

/** Undefined where the tier does not exist in that version. */
export function findRetention(
  table: RetentionTable,
  tier: Tier,
  version: MajorVersion,
): RetentionRow | undefined {
  return table.rows.find((row) => row.tier === tier && row.version === version);
}

export const dayMsOf = (row: Pick<RetentionRow, "hourMs">): number => 24 * row.hourMs;

/** When the policy's day that holds `at` begins: midnight UTC, unless a trial runs faster. Ends `dayMsOf` later. */
export function dayStartOf(row: Pick<RetentionRow, "hourMs">, at: Date): Date {
  const length = dayMsOf(row);
  return new Date(Math.floor(at.getTime() / length) * length);
}

/** Throws RangeError where the row has no window for such a snapshot. `policyVersion` is the table's. */
export function stampWindows(
  row: RetentionRow,
  snapshot: { readonly type: SnapshotType; readonly kind: SnapshotKind; readonly takenAt: Date },
  policyVersion: string,
): StampedWindows {
  const window = row.windows[snapshot.type][snapshot.kind];
  if (!window)
    throw new RangeError(`${row.tier} ${row.version} keeps no ${snapshot.type} ${snapshot.kind} snapshot`);
  const after = (days: number) => new Date(snapshot.takenAt.getTime() + days * dayMsOf(row));
  return {
    policyVersion,
    restorableUntil: after(window.restorableDays),
    exportableUntil: window.exportableDays === null ? null : after(window.exportableDays),
    exportFirstFullOfDayOnly: window.firstFullOfDayOnly,
  };
}
