import {
  isListed,
  judgeExportable,
  judgeRestorable,
  type SnapshotFacts,
} from "../../src/snapshots/eligibility.js";
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
    for (const entry of this.entries.toReversed()) {
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
    const usable = last && judgeRestorable(last.facts, takenAt).allowed ? last : undefined;
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
    if (this.row.latestOnly) for (const entry of this.entries) entry.facts.supersededAt ??= takenAt;
    const state = { status: "COMPLETED", artifactState: "PRESENT", chainBrokenAt: null } as const;
    const entry: Entry = {
      ...{ id: taken.id, artifactKey: taken.artifactKey ?? "", slotAt, takenAt, cause, base },
      ...{ until: windows.restorableUntil.getTime(), vanished: false, gone: false },
      facts: { ...state, type, kind, firstFullOfDay, ...windows, supersededAt: null, holdId: null },
    };
    this.entries.push(entry);
    this.byId.set(entry.id, entry);
  }

  /** What the list shows, newest first. */
  listed(at: Date): Entry[] {
    return this.entries.filter((entry) => isListed(entry.facts, at)).reverse();
  }
  restorable = (entry: Entry, at: Date): boolean => judgeRestorable(entry.facts, at).allowed;
  exportable = (entry: Entry, at: Date): boolean => judgeExportable(entry.facts, at).allowed;

  /** Those whose artifact somebody needs: itself, or what builds on it. */
  needed(at: number): Set<Entry> {
    const needed = new Set<Entry>();
    for (const entry of this.entries)
      if (isKept(entry, at))
        for (let each: Entry | null = entry; each && !needed.has(each); each = each.base) needed.add(each);
    return needed;
  }

  fail(message: string): never {
    const { seed, tier, version } = this.member.plan;
    throw new Error(`seed ${seed} (${tier} ${version}): ${message}`);
  }
}
