import type { MajorVersion, SnapshotCause, SnapshotKind, SnapshotType, Tier } from "../db/enums.js";
import { isExportable, isListed, isRestorable, type SnapshotFacts } from "./eligibility.js";
import { factsAt, imagineHistory, type Taken } from "./preview-history.js";
import { isHold, type PreviewHold } from "./preview-holds.js";
import { dayMsOf, findRetention, type RetentionTable } from "./retention.js";

export const longestPreviewDays = 400;
/** Instants and holds that one question may name. */
export const mostPreviewInstants = 10_000;

export interface PreviewInput {
  readonly tier: Tier;
  readonly version: MajorVersion;
  readonly createdAt: Date;
  readonly at: Date;
  readonly onDemandAt: readonly Date[];
  readonly systemChangeAt: readonly Date[];
  readonly holds?: readonly PreviewHold[];
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
  /** By the windows alone: of itself and of all that builds on it. */
  readonly artifactHeldUntil: Date;
  readonly held: boolean;
  /** Whether a hold on it, or on what builds on it, keeps its artifact beyond `artifactHeldUntil`. */
  readonly artifactHeldByHold: boolean;
}

export type PreviewError =
  "NO_SUCH_TIER" | "AT_BEFORE_CREATED" | "SPAN_TOO_LONG" | "TOO_MANY_INSTANTS" | "RELEASED_BEFORE_PLACED";
export type PreviewResult =
  { readonly snapshots: readonly PreviewSnapshot[] } | { readonly error: PreviewError };

/** What the Snapshots tab of an imaginary instance would list at `at`, newest first. */
export function previewRetention(table: RetentionTable, input: PreviewInput): PreviewResult {
  const { createdAt, at, onDemandAt, systemChangeAt, holds = [] } = input;
  const row = findRetention(table, input.tier, input.version);
  if (!row) return { error: "NO_SUCH_TIER" };
  if (at < createdAt) return { error: "AT_BEFORE_CREATED" };
  if (at.getTime() - createdAt.getTime() > longestPreviewDays * dayMsOf(row))
    return { error: "SPAN_TOO_LONG" };
  if (onDemandAt.length + systemChangeAt.length + holds.length > mostPreviewInstants)
    return { error: "TOO_MANY_INSTANTS" };
  if (!holds.every(isHold)) return { error: "RELEASED_BEFORE_PLACED" };

  const story = { createdAt, at, onDemandAt, systemChangeAt, holds };
  const newestFirst = imagineHistory(row, table.version, story).reverse();
  const snapshots: PreviewSnapshot[] = [];
  // What builds on a snapshot comes before it here, so that all needs have been passed on when its base is reached.
  for (const one of newestFirst) {
    const facts = factsAt(one, at);
    one.neededByHold ||= one.held;
    if (one.base) passNeeds(one, one.base);
    if (isListed(facts, at)) snapshots.push(describe(one, facts, at));
  }
  return { snapshots };
}

function passNeeds(one: Taken, base: Taken): void {
  if (one.neededUntil.getTime() > base.neededUntil.getTime()) base.neededUntil = one.neededUntil;
  base.neededByHold ||= one.neededByHold;
}

function describe(one: Taken, facts: SnapshotFacts, at: Date): PreviewSnapshot {
  const { type, kind, cause, takenAt, base, windows } = one;
  return {
    type,
    kind,
    cause,
    takenAt,
    base: base?.takenAt ?? null,
    restorable: isRestorable(facts, at),
    exportable: isExportable(facts, at),
    restorableUntil: windows.restorableUntil,
    exportableUntil: windows.exportableUntil,
    artifactHeldUntil: one.neededUntil,
    held: one.held,
    artifactHeldByHold: one.neededByHold,
  };
}
