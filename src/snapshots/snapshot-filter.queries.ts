import { and, eq, gt, isNull, lt, lte, ne, not, or, type SQL } from "drizzle-orm";
import type { SnapshotKind, SnapshotStatus, SnapshotType } from "../db/enums.js";
import { snapshots } from "../db/tables/index.js";

export interface SnapshotListFilter {
  readonly exportableOnly?: boolean | null;
  readonly restorableOnly?: boolean | null;
  /** Also those whose window has closed and those that a newer one superseded. */
  readonly includeExpired?: boolean | null;
  readonly type?: SnapshotType | null;
  readonly kind?: SnapshotKind | null;
  /** As read at `now`. EXPIRED shows expired ones without `includeExpired`. */
  readonly status?: SnapshotStatus | null;
  /** Both exclusive. */
  readonly takenAfter?: Date | null;
  readonly takenBefore?: Date | null;
}

// These say in SQL what eligibility.ts says in TypeScript; a database test holds the two together.
const completed = eq(snapshots.status, "COMPLETED");
const sound = and(
  completed,
  isNull(snapshots.supersededAt),
  isNull(snapshots.chainBrokenAt),
  ne(snapshots.artifactState, "PURGED"),
  ne(snapshots.artifactState, "DAMAGED"),
);

const restorable = (now: Date) => and(sound, gt(snapshots.restorableUntil, now));

const exportable = (now: Date) =>
  and(
    sound,
    gt(snapshots.exportableUntil, now),
    ne(snapshots.kind, "DIFFERENTIAL"),
    or(
      not(snapshots.exportFirstFullOfDayOnly),
      ne(snapshots.type, "SCHEDULED"),
      ne(snapshots.kind, "FULL"),
      eq(snapshots.firstFullOfDay, true),
    ),
  );

const expired = (now: Date) =>
  and(completed, or(isNull(snapshots.restorableUntil), lte(snapshots.restorableUntil, now)));

const unexpired = (now: Date) => or(ne(snapshots.status, "COMPLETED"), gt(snapshots.restorableUntil, now));

function hasStatus(status: SnapshotStatus, now: Date): SQL | undefined {
  if (status === "EXPIRED") return expired(now);
  return and(eq(snapshots.status, status), unexpired(now));
}

/** The condition of a filter at `now`, to be joined with the reader's scope. */
export function matching(filter: SnapshotListFilter, now: Date): SQL | undefined {
  const { status, type, kind, takenAfter, takenBefore } = filter;
  const everything = filter.includeExpired || status === "EXPIRED";
  return and(
    everything ? undefined : and(unexpired(now), isNull(snapshots.supersededAt)),
    filter.restorableOnly ? restorable(now) : undefined,
    filter.exportableOnly ? exportable(now) : undefined,
    status ? hasStatus(status, now) : undefined,
    type ? eq(snapshots.type, type) : undefined,
    kind ? eq(snapshots.kind, kind) : undefined,
    takenAfter ? gt(snapshots.takenAt, takenAfter) : undefined,
    takenBefore ? lt(snapshots.takenAt, takenBefore) : undefined,
  );
}
