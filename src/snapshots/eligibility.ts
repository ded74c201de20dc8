import type {
  ArtifactState,
  SnapshotKind,
  SnapshotStatus,
  SnapshotType,
  StoredSnapshotStatus,
} from "../db/enums.js";

export const ineligibilityReasons = [
  "NOT_COMPLETED",
  "WINDOW_CLOSED",
  "SUPERSEDED",
  "CHAIN_BROKEN",
  "ARTIFACT_DAMAGED",
  "DIFFERENTIAL_NOT_EXPORTABLE",
  "NOT_FIRST_FULL_OF_DAY",
] as const;
export type IneligibilityReason = (typeof ineligibilityReasons)[number];

/** `until` is the window's end when allowed, otherwise null. */
export interface Eligibility {
  readonly allowed: boolean;
  readonly until: Date | null;
  readonly reasons: readonly IneligibilityReason[];
}

export interface SnapshotFacts {
  readonly status: StoredSnapshotStatus;
  readonly kind: SnapshotKind;
  readonly type: SnapshotType;
  readonly artifactState: ArtifactState;
  readonly chainBrokenAt: Date | null;
  readonly supersededAt: Date | null;
  readonly restorableUntil: Date | null;
  readonly exportableUntil: Date | null;
  readonly exportFirstFullOfDayOnly: boolean;
  readonly firstFullOfDay: boolean;
}

const closed = (until: Date | null, now: Date) => until === null || now.getTime() >= until.getTime();

function commonReasons(facts: SnapshotFacts, until: Date | null, now: Date): IneligibilityReason[] {
  const reasons: IneligibilityReason[] = [];
  const completed = facts.status === "COMPLETED";
  const neverExportable = until === null && facts.kind === "DIFFERENTIAL";
  if (!completed) reasons.push("NOT_COMPLETED");
  if (completed && !neverExportable && closed(until, now)) reasons.push("WINDOW_CLOSED");
  if (facts.supersededAt) reasons.push("SUPERSEDED");
  if (facts.chainBrokenAt || facts.artifactState === "PURGED") reasons.push("CHAIN_BROKEN");
  if (facts.artifactState === "DAMAGED") reasons.push("ARTIFACT_DAMAGED");
  return reasons;
}

function conclude(reasons: readonly IneligibilityReason[], until: Date | null): Eligibility {
  const allowed = reasons.length === 0;
  return { allowed, until: allowed ? until : null, reasons };
}

export function judgeRestorable(facts: SnapshotFacts, now: Date): Eligibility {
  return conclude(commonReasons(facts, facts.restorableUntil, now), facts.restorableUntil);
}

/** Gates both the export and the creation of an instance from a snapshot. */
export function judgeExportable(facts: SnapshotFacts, now: Date): Eligibility {
  const reasons = commonReasons(facts, facts.exportableUntil, now);
  if (facts.kind === "DIFFERENTIAL") reasons.push("DIFFERENTIAL_NOT_EXPORTABLE");
  const onlyFirst = facts.exportFirstFullOfDayOnly && facts.type === "SCHEDULED" && facts.kind === "FULL";
  if (onlyFirst && !facts.firstFullOfDay) reasons.push("NOT_FIRST_FULL_OF_DAY");
  return conclude(reasons, facts.exportableUntil);
}

/** EXPIRED is derived: COMPLETED, read after its restorable window has closed. */
export function statusAt(
  facts: Pick<SnapshotFacts, "status" | "restorableUntil">,
  now: Date,
): SnapshotStatus {
  return facts.status === "COMPLETED" && closed(facts.restorableUntil, now) ? "EXPIRED" : facts.status;
}
