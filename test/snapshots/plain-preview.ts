import type { SnapshotCause, SnapshotKind } from "../../src/db/enums.js";
import {
  isExportable,
  isListed,
  isRestorable,
  judgeRestorable,
  type SnapshotFacts,
} from "../../src/snapshots/eligibility.js";
import type { PreviewInput, PreviewSnapshot } from "../../src/snapshots/preview.js";
import type { PreviewHold } from "../../src/snapshots/preview-holds.js";
import { dayStartOf, type RetentionRow, stampWindows } from "../../src/snapshots/retention.js";
import { decideKind } from "../../src/snapshots/schedule.js";

interface Taken {
  readonly cause: SnapshotCause;
  readonly kind: SnapshotKind;
  readonly takenAt: Date;
  readonly base: Taken | null;
  readonly facts: SnapshotFacts;
  readonly holds: PreviewHold[];
  supersededAt: Date | null;
}

/** The preview as one would first write it: all that was ever taken, each hold asked of each snapshot. */
export function previewPlainly(row: RetentionRow, input: PreviewInput): PreviewSnapshot[] {
  const taken = takeAll(row, input);
  const { at, holds = [] } = input;
  for (const hold of holds.toSorted((a, b) => a.placedAt.getTime() - b.placedAt.getTime()))
    for (const one of taken)
      if (one.takenAt.getTime() === hold.takenAt.getTime() && canBeHeld(one, hold.placedAt))
        one.holds.push(hold);
  const heldAt = (one: Taken) => factsAt(one, at).holdId !== null;
  const above = new Map(taken.map((one): [Taken, Taken[]] => [one, []]));
  for (const one of taken)
    for (let below: Taken | null = one; below; below = below.base) above.get(below)?.push(one);
  return taken.toReversed().flatMap((one) => {
    const facts = factsAt(one, at);
    if (!isListed(facts, at)) return [];
    const needs = above.get(one) ?? [];
    return [
      {
        ...{ type: facts.type, kind: one.kind, cause: one.cause, takenAt: one.takenAt },
        base: one.base?.takenAt ?? null,
        restorable: isRestorable(facts, at),
        exportable: isExportable(facts, at),
        restorableUntil: facts.restorableUntil!,
        exportableUntil: facts.exportableUntil,
        artifactHeldUntil: new Date(Math.max(...needs.map((other) => +other.facts.restorableUntil!))),
        held: heldAt(one),
        artifactHeldByHold: needs.some(heldAt),
      },
    ];
  });
}

function takeAll(row: RetentionRow, input: PreviewInput): Taken[] {
  const taken: Taken[] = [];
  let base: Taken | null = null;
  const fullDays = new Set<number>();
  for (const { at: takenAt, cause } of causesOf(row, input)) {
    const day = dayStartOf(row, takenAt).getTime();
    const type = cause === "ON_DEMAND" ? "ON_DEMAND" : "SCHEDULED";
    const hasFullToday = fullDays.has(day);
    const kind: SnapshotKind = decideKind(row, { cause, hasFullToday, base });
    const facts: SnapshotFacts = {
      ...{ type, kind, status: "COMPLETED", artifactState: "PRESENT", chainBrokenAt: null, holdId: null },
      ...{ supersededAt: null, firstFullOfDay: type === "SCHEDULED" && kind === "FULL" && !hasFullToday },
      ...stampWindows(row, { type, kind, takenAt }, "1"),
    };
    const onto: Taken | null = kind === "DIFFERENTIAL" ? base : null;
    const one: Taken = { cause, kind, takenAt, base: onto, facts, holds: [], supersededAt: null };
    const former = taken.at(-1);
    if (row.latestOnly && former) former.supersededAt = takenAt;
    taken.push(one);
    if (type === "SCHEDULED") base = one;
    if (facts.firstFullOfDay) fullDays.add(day);
  }
  return taken;
}

function causesOf(row: RetentionRow, input: PreviewInput): { at: Date; cause: SnapshotCause }[] {
  const { createdAt, at: end } = input;
  const cadence: Date[] = [];
  const step = (row.cadenceHours ?? Infinity) * row.hourMs;
  for (let at = createdAt.getTime() + step; at <= end.getTime(); at += step) cadence.push(new Date(at));
  const scheduled = [
    ...[createdAt].map((at) => ({ at, cause: "INSTANCE_CREATED" as const })),
    ...input.systemChangeAt
      .filter((at, index, all) => all.findIndex((other) => +other === +at) === index)
      .map((at) => ({ at, cause: "SYSTEM_CHANGE" as const })),
    ...cadence.map((at) => ({ at, cause: "CADENCE" as const })),
  ];
  return [
    ...(row.cadenceHours === null ? [] : scheduled),
    ...input.onDemandAt.map((at) => ({ at, cause: "ON_DEMAND" as const })),
  ]
    .filter(({ at }) => at >= createdAt && at <= end)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function factsAt(one: Taken, at: Date): SnapshotFacts {
  const holding = one.holds.some(
    (hold) => hold.placedAt <= at && (hold.releasedAt === null || at < hold.releasedAt),
  );
  const superseded = one.supersededAt !== null && one.supersededAt <= at;
  return {
    ...one.facts,
    holdId: holding ? "held" : null,
    supersededAt: superseded ? one.supersededAt : null,
  };
}

const canBeHeld = (one: Taken, at: Date): boolean =>
  at >= one.takenAt && judgeRestorable(factsAt(one, at), at).allowed;
