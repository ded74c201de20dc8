import type { MajorVersion, SnapshotCause, SnapshotKind, SnapshotType, Tier } from "../db/enums.js";
import { judgeExportable, judgeRestorable } from "./eligibility.js";
import { dayMsOf, dayStartOf, findRetention, type RetentionTable, stampWindows } from "./retention.js";
import { decideKind } from "./schedule.js";

export const longestPreviewDays = 400;

export interface PreviewInput {
  readonly tier: Tier;
  readonly version: MajorVersion;
  readonly createdAt: Date;
  readonly at: Date;
  readonly onDemandAt: readonly Date[];
  readonly systemChangeAt: readonly Date[];
}

export interface PreviewSnapshot {
  readonly type: SnapshotType;
  readonly kind: SnapshotKind;
  readonly cause: SnapshotCause;
  readonly takenAt: Date;
  /** When its base was taken; null for one that stands alone. */
  readonly base: Date | null;
  readonly restorable: boolean;
  readonly exportable: boolean;
  readonly restorableUntil: Date;
  readonly exportableUntil: Date | null;
  readonly artifactHeldUntil: Date;
}

export type PreviewError = "NO_SUCH_TIER" | "AT_BEFORE_CREATED" | "SPAN_TOO_LONG";
export type PreviewResult =
  { readonly snapshots: readonly PreviewSnapshot[] } | { readonly error: PreviewError };

interface Taken {
  type: SnapshotType;
  kind: SnapshotKind;
  cause: SnapshotCause;
  takenAt: Date;
  base: Taken | null;
  firstFullOfDay: boolean;
  windows: ReturnType<typeof stampWindows>;
  heldUntil: number;
}

/** What the Snapshots tab of an imaginary instance would list at `at`, newest first. */
export function previewRetention(table: RetentionTable, input: PreviewInput): PreviewResult {
  const row = findRetention(table, input.tier, input.version);
  if (!row) return { error: "NO_SUCH_TIER" };
  const start = input.createdAt.getTime();
  const end = input.at.getTime();
  if (end < start) return { error: "AT_BEFORE_CREATED" };
  if (end - start > longestPreviewDays * dayMsOf(row)) return { error: "SPAN_TOO_LONG" };

  const events: { at: number; cause: SnapshotCause }[] = [];
  const add = (cause: SnapshotCause, instants: readonly Date[]) => {
    for (const date of instants) {
      const at = date.getTime();
      if (at >= start && at <= end) events.push({ at, cause });
    }
  };
  if (row.cadenceHours !== null) {
    add("INSTANCE_CREATED", [input.createdAt]);
    add("SYSTEM_CHANGE", input.systemChangeAt);
    const step = row.cadenceHours * row.hourMs;
    for (let at = start + step; at <= end; at += step) events.push({ at, cause: "CADENCE" });
  }
  add("ON_DEMAND", input.onDemandAt);
  events.sort((a, b) => a.at - b.at);

  const taken: Taken[] = [];
  let base: Taken | null = null;
  let lastFullDay: number | null = null;
  for (const { at, cause } of events) {
    const takenAt = new Date(at);
    const day = dayStartOf(row, takenAt).getTime();
    const type: SnapshotType = cause === "ON_DEMAND" ? "ON_DEMAND" : "SCHEDULED";
    const hasFullToday: boolean = lastFullDay === day;
    const kind: SnapshotKind = decideKind(row, { cause, hasFullToday, base });
    const windows = stampWindows(row, { type, kind, takenAt }, table.version);
    const firstFullOfDay = type === "SCHEDULED" && kind === "FULL" && !hasFullToday;
    const heldUntil = windows.restorableUntil.getTime();
    const one: Taken = {
      type,
      kind,
      cause,
      takenAt,
      base: kind === "DIFFERENTIAL" ? base : null,
      firstFullOfDay,
      windows,
      heldUntil,
    };
    taken.push(one);
    if (type === "SCHEDULED") base = one;
    if (firstFullOfDay) lastFullDay = day;
  }

  taken.reverse();
  for (const one of taken) if (one.base) one.base.heldUntil = Math.max(one.base.heldUntil, one.heldUntil);
  const listed = row.latestOnly ? taken.slice(0, 1) : taken;
  const snapshots = listed
    .filter((one) => end < one.windows.restorableUntil.getTime())
    .map((one): PreviewSnapshot => {
      const facts = {
        ...one,
        ...one.windows,
        status: "COMPLETED",
        artifactState: "PRESENT",
        holdId: null,
        chainBrokenAt: null,
        supersededAt: null,
      } as const;
      const { type, kind, cause, takenAt } = one;
      return {
        type,
        kind,
        cause,
        takenAt,
        base: one.base?.takenAt ?? null,
        restorable: judgeRestorable(facts, input.at).allowed,
        exportable: judgeExportable(facts, input.at).allowed,
        restorableUntil: one.windows.restorableUntil,
        exportableUntil: one.windows.exportableUntil,
        artifactHeldUntil: new Date(one.heldUntil),
      };
    });
  return { snapshots };
}
