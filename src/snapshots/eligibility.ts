import type {
  ArtifactState,
  SnapshotKind,
  SnapshotStatus,
  SnapshotType,
  StoredSnapshotStatus,
} from "../db/enums.js";
import { type Condition, conditionsOf, type Test, toTest } from "./condition.js";

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

/** `until` is the window's end when allowed, otherwise null; null also while a hold has no end. */
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
  /** The hold that keeps it, if any. */
  readonly holdId: string | null;
  readonly restorableUntil: Date | null;
  readonly exportableUntil: Date | null;
  readonly exportFirstFullOfDayOnly: boolean;
  readonly firstFullOfDay: boolean;
}

/** Refuses with its reason where its condition is fulfilled. */
export interface Rule {
  readonly reason: IneligibilityReason;
  readonly when: Condition<SnapshotFacts>;
  /** Reasons beside which it goes without saying; they refuse too, so `allowed` does not depend on it. */
  readonly impliedBy?: readonly IneligibilityReason[];
}

const { is, absent, reached, all, any, not } = conditionsOf<SnapshotFacts>();

export const completed = is("status", "COMPLETED");
const held = not(absent("holdId"));
const superseded = all(not(absent("supersededAt")), absent("holdId"));
const outlived = all(reached("restorableUntil"), absent("holdId"));

/** COMPLETED, and the policy or a hold still keeps it, whatever became of its artifact. */
export const kept = all(completed, not(outlived), not(superseded));
/** What lists show unless they are asked for more: not what is purged, though a clock stepped back or is behind another's. */
export const listed = any(not(completed), all(kept, not(is("artifactState", "PURGED"))));
/** Completed, read after its restorable window has closed. */
export const expired = all(completed, outlived);

const common: readonly Rule[] = [
  { reason: "NOT_COMPLETED", when: not(completed) },
  { reason: "SUPERSEDED", when: superseded },
  { reason: "CHAIN_BROKEN", when: any(not(absent("chainBrokenAt")), is("artifactState", "PURGED")) },
  { reason: "ARTIFACT_DAMAGED", when: is("artifactState", "DAMAGED") },
];

/** All that stands against a restore. */
export const restoreRules: readonly Rule[] = [
  ...common,
  { reason: "WINDOW_CLOSED", when: outlived, impliedBy: ["NOT_COMPLETED"] },
];

/**
 * All that stands against an export, and against an instance made from the snapshot while its own is there. A hold leaves
 * this window as it is.
 */
export const exportRules: readonly Rule[] = [
  ...common,
  {
    reason: "WINDOW_CLOSED",
    when: reached("exportableUntil"),
    impliedBy: ["NOT_COMPLETED", "DIFFERENTIAL_NOT_EXPORTABLE"],
  },
  { reason: "DIFFERENTIAL_NOT_EXPORTABLE", when: is("kind", "DIFFERENTIAL") },
  {
    reason: "NOT_FIRST_FULL_OF_DAY",
    when: all(
      is("exportFirstFullOfDayOnly", true),
      is("type", "SCHEDULED"),
      is("kind", "FULL"),
      is("firstFullOfDay", false),
    ),
  },
];

interface TestedRules {
  readonly each: readonly (Rule & { readonly test: Test<SnapshotFacts> })[];
  /** Whether any of them refuses. */
  readonly refuse: Test<SnapshotFacts>;
}
const tested = (rules: readonly Rule[]): TestedRules => ({
  each: rules.map((rule) => ({ ...rule, test: toTest(rule.when) })),
  refuse: toTest(any(...rules.map((rule) => rule.when))),
});
const [testedRestoreRules, testedExportRules] = [tested(restoreRules), tested(exportRules)];
const [isHeld, isExpired, isShown] = [toTest(held), toTest(expired), toTest(listed)];

const noReasons: readonly IneligibilityReason[] = [];

function judge(rules: TestedRules, facts: SnapshotFacts, until: Date | null, now: Date): Eligibility {
  if (!rules.refuse(facts, now)) return { allowed: true, until, reasons: noReasons };
  const against = rules.each.filter((rule) => rule.test(facts, now));
  const told = new Set(
    against
      .filter((rule) => !against.some((other) => rule.impliedBy?.includes(other.reason)))
      .map((rule) => rule.reason),
  );
  return {
    allowed: false,
    until: null,
    reasons: ineligibilityReasons.filter((reason) => told.has(reason)),
  };
}

/** `judgeRestorable(…).allowed` and `judgeExportable(…).allowed`, for those who do not ask why. */
export const isRestorable = (facts: SnapshotFacts, now: Date): boolean =>
  !testedRestoreRules.refuse(facts, now);
export const isExportable = (facts: SnapshotFacts, now: Date): boolean =>
  !testedExportRules.refuse(facts, now);

export function judgeRestorable(facts: SnapshotFacts, now: Date): Eligibility {
  const until = isHeld(facts, now) ? null : facts.restorableUntil;
  return judge(testedRestoreRules, facts, until, now);
}

export function judgeExportable(facts: SnapshotFacts, now: Date): Eligibility {
  return judge(testedExportRules, facts, facts.exportableUntil, now);
}

/**
 * Gates the creation of an instance from a snapshot. While the snapshot's own instance is there, that takes its data
 * elsewhere, as an export does. Once it has been deleted, that is how the snapshot is restored, and whatever is restorable
 * can be had back: what is held past its windows, and a differential with its chain.
 */
export const judgeNewInstance = (
  facts: SnapshotFacts,
  source: { readonly deletedAt: Date | null },
  now: Date,
): Eligibility => (source.deletedAt ? judgeRestorable(facts, now) : judgeExportable(facts, now));

/** EXPIRED is derived: COMPLETED, read after its restorable window has closed. */
export function statusAt(
  facts: Pick<SnapshotFacts, "status" | "restorableUntil" | "holdId">,
  now: Date,
): SnapshotStatus {
  return isExpired(facts as SnapshotFacts, now) ? "EXPIRED" : facts.status;
}

/** Whether lists show it without being asked for more. */
export const isListed = (facts: SnapshotFacts, now: Date): boolean => isShown(facts, now);
