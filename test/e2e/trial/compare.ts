import { dayMsOf, dayStartOf, type RetentionRow } from "../../../src/snapshots/retention.js";

/** A snapshot as the tab lists it. */
export interface Listed {
  readonly id: string;
  readonly type: "SCHEDULED" | "ON_DEMAND";
  readonly kind: "FULL" | "SHORT_RETENTION" | "DIFFERENTIAL";
  readonly cause: string;
  readonly status: string;
  readonly takenAt: string;
  readonly restorable: boolean;
  readonly exportable: boolean;
  readonly restorability: { readonly until: string | null; readonly reasons: readonly string[] };
  readonly exportability: { readonly until: string | null; readonly reasons: readonly string[] };
}
/** A snapshot as the preview promises it. */
export interface Promised {
  readonly kind: Listed["kind"];
  readonly cause: string;
  readonly takenAt: string;
  readonly restorable: boolean;
  readonly exportable: boolean;
  readonly restorableUntil: string;
  readonly exportableUntil: string | null;
}
/** What the database says of a snapshot, whatever its state: which slot it fills, and when its instance was at work. */
export interface Happened {
  readonly id: string;
  readonly cause: string;
  readonly slotAt: number | null;
  readonly takenAt: number | null;
  readonly kind: Listed["kind"];
  readonly status: string;
  readonly busyFrom: number;
  readonly busyTo: number;
}

export interface Comparison {
  readonly matched: number;
  /** Promised and not there, for a reason that counts: taken any moment, or its instance was at work at the slot. */
  readonly pending: number;
  readonly missed: readonly number[];
  readonly faults: string[];
}

/** So late at most a snapshot may be where its instance was free: a tick, a pause of one that was busy, a worker's death. */
export const lateMs = 25_000;
/** The two clocks are one, but a read takes its time. */
const skewMs = 3_000;

/**
 * Compares what is listed with what the preview promises, slot by slot. A real snapshot is taken somewhat after its slot; so its
 * windows end as much later, and between the two ends either side may be right.
 */
export function compareTab(
  row: RetentionRow,
  at: number,
  listed: readonly Listed[],
  promised: readonly Promised[],
  happened: readonly Happened[],
): Comparison {
  const faults: string[] = [];
  const facts = new Map(happened.map((each) => [each.id, each]));
  const slotOf = (cause: string, ms: number) => `${cause} ${ms}`;
  const bySlot = new Map<string, Listed>();
  for (const each of listed) {
    const slotAt = facts.get(each.id)?.slotAt ?? Date.parse(each.takenAt);
    const slot = slotOf(each.cause, slotAt);
    if (bySlot.has(slot)) faults.push(`slot ${slot} is listed twice`);
    bySlot.set(slot, each);
  }
  const dayOf = (ms: number) => dayStartOf(row, new Date(ms)).getTime();
  const unlike = new Set(disturbedDays(row, happened));
  const missed: number[] = [];
  const pairs: { slot: string; slotAt: number; found: Listed; each: Promised }[] = [];
  let pending = 0;
  for (const each of promised) {
    const slotAt = Date.parse(each.takenAt);
    const slot = slotOf(each.cause, slotAt);
    const found = bySlot.get(slot);
    bySlot.delete(slot);
    if (found) {
      pairs.push({ slot, slotAt, found, each });
      continue;
    }
    const real = happened.find((other) => other.cause === each.cause && other.slotAt === slotAt);
    if (real && unlike.has(dayOf(slotAt)) && isOver(row, real, at)) continue;
    // Where a slot's snapshot is not there, another of its day may be the day's first full.
    unlike.add(dayOf(slotAt));
    const others = happened.filter((other) => other.slotAt !== slotAt);
    if (slotAt > at - lateMs) pending++;
    else if (each.cause === "CADENCE" && isOvertaken(row, slotAt, others)) missed.push(slotAt);
    else faults.push(`slot ${slot} is promised and not listed`);
  }
  for (const { slot, slotAt, found, each } of pairs) {
    const likeADay = !unlike.has(dayOf(slotAt)) && !unlike.has(dayOf(Date.parse(found.takenAt)));
    if (found.kind === each.kind) faults.push(...compareFlags(row, slot, at, found, each, likeADay));
    else if (!unlike.has(dayOf(slotAt))) faults.push(`slot ${slot} is ${found.kind}, promised ${each.kind}`);
  }
  for (const [slot, each] of bySlot) {
    const window = row.windows[each.type][each.kind];
    const slotAt = facts.get(each.id)?.slotAt ?? Date.parse(each.takenAt);
    const over = slotAt + (window?.restorableDays ?? 0) * dayMsOf(row) <= at + skewMs;
    const justTaken = Date.parse(each.takenAt) > at - skewMs;
    if (!over && !justTaken && !unlike.has(dayOf(slotAt)))
      faults.push(`slot ${slot} is listed and not promised`);
  }
  return { matched: pairs.length, pending, missed, faults };
}

/** A tick, a pause of one that found its instance busy, and the tick after it. */
const lookAgainMs = 10_000;

/**
 * Whether its instance was at work when the slot came, and until the next one of the cadence had come before the scheduler
 * looked again: then that one has taken it up.
 */
function isOvertaken(row: RetentionRow, slotAt: number, others: readonly Happened[]): boolean {
  const next = slotAt + (row.cadenceHours ?? 0) * row.hourMs;
  let busyUntil = slotAt + skewMs;
  for (const { busyFrom, busyTo } of others.toSorted((a, b) => a.busyFrom - b.busyFrom))
    if (busyFrom <= busyUntil && busyTo >= slotAt - skewMs)
      busyUntil = Math.max(busyUntil, busyTo + lookAgainMs);
  return busyUntil > slotAt + skewMs && busyUntil >= next;
}

/** Days whose FULL was taken on another day than its slot, and those before. */
function disturbedDays(row: RetentionRow, happened: readonly Happened[]): number[] {
  return happened.flatMap(({ slotAt, takenAt, kind }) => {
    if (slotAt === null || takenAt === null || kind !== "FULL") return [];
    const [ofSlot, ofData] = [slotAt, takenAt].map((ms) => dayStartOf(row, new Date(ms)).getTime());
    return ofSlot === ofData ? [] : [ofSlot ?? 0, ofData ?? 0];
  });
}

/** Whether what was really taken for a slot, of another kind than promised, has left the list by its own window. */
function isOver(row: RetentionRow, real: Happened, at: number): boolean {
  const days = row.windows.SCHEDULED[real.kind]?.restorableDays ?? 0;
  return real.takenAt !== null && real.takenAt + days * dayMsOf(row) <= at + skewMs;
}

function compareFlags(
  row: RetentionRow,
  slot: string,
  at: number,
  found: Listed,
  each: Promised,
  likeADay: boolean,
): string[] {
  const faults: string[] = [];
  const late = Date.parse(found.takenAt) - Date.parse(each.takenAt);
  for (const [flag, object, until] of [
    ["restorable", "restorability", each.restorableUntil],
    ["exportable", "exportability", each.exportableUntil],
  ] as const) {
    const { until: open, reasons } = found[object];
    if (until === null) {
      if (found[flag]) faults.push(`slot ${slot} is ${flag}, promised never`);
      continue;
    }
    const really = Date.parse(until) + late;
    if (open !== null && Date.parse(open) !== really)
      faults.push(`slot ${slot}: the window of ${flag} is not as long as promised`);
    const edge = at >= Date.parse(until) - skewMs && at <= really + skewMs;
    // Which full is a day's first differs where one was late by a day's end.
    const first =
      flag === "exportable" && !likeADay && row.windows[found.type][found.kind]?.firstFullOfDayOnly === true;
    if (!edge && !first && found[flag] !== each[flag])
      faults.push(`slot ${slot} is ${found[flag] ? "" : "not "}${flag} (${reasons.join()}), not as promised`);
  }
  return faults;
}
