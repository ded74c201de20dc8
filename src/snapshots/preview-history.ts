import type { SnapshotCause, SnapshotKind, SnapshotType } from "../db/enums.js";
import { toTest } from "./condition.js";
import { kept, type SnapshotFacts } from "./eligibility.js";
import { findHeld, type PreviewHold } from "./preview-holds.js";
import { dayMsOf, dayStartOf, type RetentionRow, type StampedWindows, stampWindows } from "./retention.js";
import { decideKind } from "./schedule.js";

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
  /** At the instant that the story ends. */
  held: boolean;
  /** How long its artifact is needed, and whether by a hold: by itself at first, and by all that builds on it in the end. */
  neededUntil: Date;
  neededByHold: boolean;
}

export interface Story {
  readonly createdAt: Date;
  readonly at: Date;
  readonly onDemandAt: readonly Date[];
  readonly systemChangeAt: readonly Date[];
  readonly holds: readonly PreviewHold[];
}

/**
 * What is taken from `createdAt` to `at`, both included, oldest first; each completes as it is taken. Left out are days of
 * which nothing can be listed at `at`.
 */
export function imagineHistory(row: RetentionRow, policyVersion: string, story: Story): Taken[] {
  const held = findHeld(story.holds, story.at);
  const taken: Taken[] = [];
  let base: Taken | null = null;
  let former: Taken | undefined;
  let dayEnds = -Infinity;
  let hasFullToday = false;
  for (const { at, cause } of causesOf(row, story, daysOf(row, story, held.keys()))) {
    const takenAt = new Date(at);
    if (at >= dayEnds) {
      dayEnds = dayStartOf(row, takenAt).getTime() + dayMsOf(row);
      hasFullToday = false;
    }
    const type: SnapshotType = cause === "ON_DEMAND" ? "ON_DEMAND" : "SCHEDULED";
    const kind: SnapshotKind = decideKind(row, { cause, hasFullToday, base });
    const windows = stampWindows(row, { type, kind, takenAt }, policyVersion);
    const firstFullOfDay: boolean = type === "SCHEDULED" && kind === "FULL" && !hasFullToday;
    const one: Taken = {
      type,
      kind,
      cause,
      takenAt,
      firstFullOfDay,
      windows,
      base: kind === "DIFFERENTIAL" ? base : null,
      supersededAt: null,
      held: false,
      neededUntil: windows.restorableUntil,
      neededByHold: false,
    };
    if (row.latestOnly && former) former.supersededAt = takenAt;
    taken.push(one);
    former = one;
    if (type === "SCHEDULED") base = one;
    hasFullToday ||= firstFullOfDay;
  }
  if (held.size > 0) placeHolds(taken, held);
  return taken;
}

/**
 * The beginnings of the policy's days of which anything may still be listed at `at`: those that the longest window
 * reaches, and those of what is held. Each stands by itself, since its first scheduled snapshot is a FULL whatever came
 * before. Where only the latest counts every snapshot ends its predecessor: there no day is left out.
 */
function daysOf(row: RetentionRow, { createdAt, at }: Story, heldInstants: Iterable<number>): Set<number> {
  const dayMs = dayMsOf(row);
  const [start, end] = [createdAt.getTime(), at.getTime()];
  const reach = row.latestOnly ? start : Math.max(start, end - longestWindowDays(row) * dayMs);
  const dayOf = (instant: number) => dayStartOf(row, new Date(instant)).getTime();
  const days = new Set<number>();
  for (const instant of heldInstants) if (instant >= start && instant <= end) days.add(dayOf(instant));
  for (let day = dayOf(reach); day <= end; day += dayMs) days.add(day);
  return days;
}

function longestWindowDays({ windows }: RetentionRow): number {
  const all = [...Object.values(windows.SCHEDULED), ...Object.values(windows.ON_DEMAND)];
  return Math.max(...all.map((window) => window.restorableDays));
}

/** Why something is taken when, in the order of time; at the same instant the cadence comes before the user. */
function causesOf(
  row: RetentionRow,
  { createdAt, at: endsAt, onDemandAt, systemChangeAt }: Story,
  days: ReadonlySet<number>,
): { at: number; cause: SnapshotCause }[] {
  const [start, end] = [createdAt.getTime(), endsAt.getTime()];
  const causes: { at: number; cause: SnapshotCause }[] = [];
  const add = (cause: SnapshotCause, instants: readonly Date[]) => {
    for (const instant of instants) {
      const at = instant.getTime();
      if (at >= start && at <= end && days.has(dayStartOf(row, instant).getTime()))
        causes.push({ at, cause });
    }
  };
  if (row.cadenceHours !== null) {
    add("INSTANCE_CREATED", [createdAt]);
    // A change that is told twice at one instant fills one slot.
    add("SYSTEM_CHANGE", [...new Map(systemChangeAt.map((at) => [at.getTime(), at])).values()]);
    const step = row.cadenceHours * row.hourMs;
    for (const day of days) {
      const last = Math.min(day + dayMsOf(row) - 1, end);
      const first = start + Math.max(1, Math.ceil((day - start) / step)) * step;
      for (let at = first; at <= last; at += step) causes.push({ at, cause: "CADENCE" });
    }
  }
  add("ON_DEMAND", onDemandAt);
  return causes.sort((a, b) => a.at - b.at);
}

/** What the rules read of it at an instant. */
export function factsAt(one: Taken, at: Date, held = one.held): SnapshotFacts {
  const { supersededAt, type, kind, firstFullOfDay, windows } = one;
  return {
    type,
    kind,
    firstFullOfDay,
    status: "COMPLETED",
    artifactState: "PRESENT",
    chainBrokenAt: null,
    holdId: held ? "held" : null,
    supersededAt: supersededAt && supersededAt <= at ? supersededAt : null,
    restorableUntil: windows.restorableUntil,
    exportableUntil: windows.exportableUntil,
    exportFirstFullOfDayOnly: windows.exportFirstFullOfDayOnly,
  };
}

const isKept = toTest(kept);

/** A hold on what was not kept any more as it was placed is refused, as it would be: it brings nothing back. */
function placeHolds(taken: readonly Taken[], held: ReadonlyMap<number, Date>): void {
  for (const one of taken) {
    const since = held.get(one.takenAt.getTime());
    one.held = since !== undefined && isKept(factsAt(one, since, false), since);
  }
}
