import type { SnapshotCause, SnapshotKind, SnapshotType } from "../db/enums.js";
import { toTest } from "./condition.js";
import { kept, type SnapshotFacts } from "./eligibility.js";
import { dayStartOf, type RetentionRow, type StampedWindows, stampWindows } from "./retention.js";
import { decideKind } from "./schedule.js";

export interface PreviewHold {
  /** Which snapshots: those taken at this instant. */
  readonly takenAt: Date;
  readonly placedAt: Date;
  /** Null: not released. Half-open: at this instant it holds no longer. */
  readonly releasedAt: Date | null;
}

/** A snapshot of an imaginary instance. */
export interface Taken {
  readonly type: SnapshotType;
  readonly kind: SnapshotKind;
  readonly cause: SnapshotCause;
  readonly takenAt: Date;
  readonly base: Taken | null;
  readonly firstFullOfDay: boolean;
  readonly windows: StampedWindows;
  supersededAt: Date | null;
  readonly holds: PreviewHold[];
  /** How long its artifact is needed, and whether by a hold: by itself at first, and by all that builds on it in the end. */
  neededUntil: Date;
  neededByHold: boolean;
}

interface Story {
  readonly createdAt: Date;
  readonly at: Date;
  readonly onDemandAt: readonly Date[];
  readonly systemChangeAt: readonly Date[];
  readonly holds: readonly PreviewHold[];
}

/** All that is taken from `createdAt` to `at`, both included, oldest first; each completes as it is taken. */
export function imagineHistory(row: RetentionRow, policyVersion: string, story: Story): Taken[] {
  const taken: Taken[] = [];
  let base: Taken | null = null;
  let lastFullDay: number | null = null;
  for (const { at, cause } of causesOf(row, story)) {
    const takenAt = new Date(at);
    const day = dayStartOf(row, takenAt).getTime();
    const type: SnapshotType = cause === "ON_DEMAND" ? "ON_DEMAND" : "SCHEDULED";
    const hasFullToday: boolean = lastFullDay === day;
    const kind: SnapshotKind = decideKind(row, { cause, hasFullToday, base });
    const windows = stampWindows(row, { type, kind, takenAt }, policyVersion);
    const firstFullOfDay = type === "SCHEDULED" && kind === "FULL" && !hasFullToday;
    const onto = kind === "DIFFERENTIAL" ? base : null;
    const one: Taken = {
      type,
      kind,
      cause,
      takenAt,
      firstFullOfDay,
      windows,
      base: onto,
      supersededAt: null,
      holds: [],
      neededUntil: windows.restorableUntil,
      neededByHold: false,
    };
    const former = taken.at(-1);
    if (row.latestOnly && former) former.supersededAt = takenAt;
    taken.push(one);
    if (type === "SCHEDULED") base = one;
    if (firstFullOfDay) lastFullDay = day;
  }
  if (story.holds.length > 0) placeHolds(taken, story.holds);
  return taken;
}

/** Why something is taken when, in the order of time; at the same instant the cadence comes before the user. */
function causesOf(row: RetentionRow, story: Story): { at: number; cause: SnapshotCause }[] {
  const [start, end] = [story.createdAt.getTime(), story.at.getTime()];
  const causes: { at: number; cause: SnapshotCause }[] = [];
  const add = (cause: SnapshotCause, instants: readonly Date[]) => {
    for (const instant of instants) {
      const at = instant.getTime();
      if (at >= start && at <= end) causes.push({ at, cause });
    }
  };
  if (row.cadenceHours !== null) {
    add("INSTANCE_CREATED", [story.createdAt]);
    add("SYSTEM_CHANGE", story.systemChangeAt);
    const step = row.cadenceHours * row.hourMs;
    for (let at = start + step; at <= end; at += step) causes.push({ at, cause: "CADENCE" });
  }
  add("ON_DEMAND", story.onDemandAt);
  return causes.sort((a, b) => a.at - b.at);
}

/** What the rules read of it at an instant. */
export function factsAt(one: Taken, at: Date): SnapshotFacts {
  const { supersededAt, holds, type, kind, firstFullOfDay, windows } = one;
  const holding = holds.some(
    (hold) => hold.placedAt <= at && (hold.releasedAt === null || at < hold.releasedAt),
  );
  return {
    type,
    kind,
    firstFullOfDay,
    status: "COMPLETED",
    artifactState: "PRESENT",
    chainBrokenAt: null,
    holdId: holding ? "held" : null,
    supersededAt: supersededAt && supersededAt <= at ? supersededAt : null,
    restorableUntil: windows.restorableUntil,
    exportableUntil: windows.exportableUntil,
    exportFirstFullOfDayOnly: windows.exportFirstFullOfDayOnly,
  };
}

const isKept = toTest(kept);

/** A hold that comes too early or too late is refused, as it would be: it brings nothing back. */
function placeHolds(taken: readonly Taken[], holds: readonly PreviewHold[]): void {
  const byInstant = Map.groupBy(taken, (one) => one.takenAt.getTime());
  for (const hold of holds.toSorted((a, b) => a.placedAt.getTime() - b.placedAt.getTime()))
    for (const one of byInstant.get(hold.takenAt.getTime()) ?? [])
      if (hold.placedAt >= one.takenAt && isKept(factsAt(one, hold.placedAt), hold.placedAt))
        one.holds.push(hold);
}
