import { isExportable, isListed, isRestorable, type SnapshotFacts } from "../../src/snapshots/eligibility.js";
import {
  dayMsOf,
  dayStartOf,
  findRetention,
  type RetentionRow,
  stampWindows,
} from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { decideKind } from "../../src/snapshots/schedule.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import type { Member } from "./world.js";

/** What the rules say of one snapshot. Of the database it takes what happened: cause, slot, instant, damage. */
export interface Entry {
  readonly id: string;
  readonly artifactKey: string;
  readonly slotAt: Date | null;
  readonly takenAt: Date;
  readonly facts: { -readonly [K in keyof SnapshotFacts]: SnapshotFacts[K] };
  readonly cause: SnapshotRow["cause"];
  readonly base: Entry | null;
  until: number;
  /** Its bytes were made to vanish. */
  vanished: boolean;
  /** That it left the list has been checked. */
  gone: boolean;
}

export const isKept = ({ facts, until }: Entry, at: number): boolean =>
  facts.holdId !== null || (facts.supersededAt === null && at < until);

/** An instance's history by the pure rules, kept up to date as things happen. */
export class Ledger {
  readonly row: RetentionRow;
  readonly entries: Entry[] = [];
  /** Those of the entries that are listed, needed, or have not been seen to go. */
  current: readonly Entry[] = [];
  readonly byId = new Map<string, Entry>();

  constructor(readonly member: Member) {
    const row = findRetention(defaultRetentionTable, member.plan.tier, member.plan.version);
    if (!row) throw new Error("no such tier");
    this.row = row;
  }

  get lastScheduled(): Entry | undefined {
    return this.entries.findLast((entry) => entry.facts.type === "SCHEDULED");
  }

  private hasFullOn(day: Date): boolean {
    const end = day.getTime() + dayMsOf(this.row);
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const entry = this.entries[index]!;
      if (entry.takenAt < day) return false;
      const full = entry.facts.type === "SCHEDULED" && entry.facts.kind === "FULL";
      if (full && entry.takenAt.getTime() < end) return true;
    }
    return false;
  }

  /** Records a completed snapshot, and throws where it is not of the kind, on the base, or with the windows that the rules give it. */
  complete(taken: SnapshotRow): void {
    const { type, cause, takenAt, slotAt } = taken;
    const last = this.lastScheduled;
    const usable = last && isRestorable(last.facts, takenAt) ? last : undefined;
    const day = dayStartOf(this.row, slotAt ?? takenAt);
    const kind = decideKind(this.row, { cause, hasFullToday: this.hasFullOn(day), base: usable });
    const windows = stampWindows(this.row, { type, kind, takenAt }, defaultRetentionTable.version);
    const firstFullOfDay =
      type === "SCHEDULED" && kind === "FULL" && !this.hasFullOn(dayStartOf(this.row, takenAt));
    const base = kind === "DIFFERENTIAL" && usable ? usable : null;
    const expected = { kind, firstFullOfDay, baseId: base?.id ?? null, ...windows };
    for (const [field, value] of Object.entries(expected)) {
      const stored = taken[field as keyof SnapshotRow];
      if (JSON.stringify(stored) !== JSON.stringify(value))
        this.fail(
          `${cause} at ${takenAt.toISOString()}: ${field} is ${String(stored)}, not ${String(value)}`,
        );
    }
    if (this.row.latestOnly) for (const entry of this.current) entry.facts.supersededAt ??= takenAt;
    const state = { status: "COMPLETED", artifactState: "PRESENT", chainBrokenAt: null } as const;
    const entry: Entry = {
      ...{ id: taken.id, artifactKey: taken.artifactKey ?? "", slotAt, takenAt, cause, base },
      ...{ until: windows.restorableUntil.getTime(), vanished: false, gone: false },
      facts: { ...state, type, kind, firstFullOfDay, ...windows, supersededAt: null, holdId: null },
    };
    this.entries.push(entry);
    // In the order of the list: by instant, and by id where two were taken at the same one.
    const isBefore = (each: Entry) =>
      each.takenAt < takenAt || (each.takenAt.getTime() === takenAt.getTime() && each.id < entry.id);
    this.current = this.current.toSpliced(this.current.findLastIndex(isBefore) + 1, 0, entry);
    this.byId.set(entry.id, entry);
  }

  /** What the list shows, newest first. */
  listed(at: Date): Entry[] {
    return this.current.filter((entry) => isListed(entry.facts, at)).reverse();
  }
  restorable = (entry: Entry, at: Date): boolean => isRestorable(entry.facts, at);
  exportable = (entry: Entry, at: Date): boolean => isExportable(entry.facts, at);

  /** Those whose artifact somebody needs: itself, or what builds on it. */
  needed(at: number): Set<Entry> {
    const needed = new Set<Entry>();
    for (const entry of this.current)
      if (isKept(entry, at))
        for (let each: Entry | null = entry; each && !needed.has(each); each = each.base) needed.add(each);
    return needed;
  }

  /** What has gone for good: no list and no chain will have it again. */
  forget(needed: ReadonlySet<Entry>): void {
    const stays = (entry: Entry) => !entry.gone || needed.has(entry);
    if (!this.current.every(stays)) this.current = this.current.filter(stays);
  }

  fail(message: string): never {
    const { seed, tier, version } = this.member.plan;
    throw new Error(`seed ${seed} (${tier} ${version}): ${message}`);
  }
}
