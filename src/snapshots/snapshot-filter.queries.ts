import {
  and,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql,
  type Placeholder,
  type SQL,
} from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { SnapshotKind, SnapshotStatus, SnapshotType } from "../db/enums.js";
import type { BoundFilter } from "../db/page-read.js";
import { snapshots } from "../db/tables/index.js";
import type { Condition } from "./condition.js";
import { expired, exportRules, listed, restoreRules, type Rule, type SnapshotFacts } from "./eligibility.js";

export interface SnapshotListFilter {
  readonly exportableOnly?: boolean | null;
  readonly restorableOnly?: boolean | null;
  readonly heldOnly?: boolean | null;
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

/** An instant, or where one will be put when the statement runs. */
type Instant = Date | Placeholder;

type Table = Readonly<Record<keyof SnapshotFacts, AnyPgColumn>>;

/** The rules' values are constants of the code: written out, so that a plan for any parameters may use a partial index. */
const literal = (value: string | boolean): SQL =>
  sql.raw(typeof value === "string" ? `'${value}'` : String(value));

/**
 * Under row-level security the planner knows of an enum's column how many values it has, and not which: of `<>`, where there
 * is one, it expects no row at all. So contraries name the values that are left.
 */
const othersThan = (values: readonly (string | boolean)[], { enumValues }: AnyPgColumn) =>
  (enumValues ?? [true, false]).filter((value) => !values.includes(value));

/**
 * A rule's condition, or its contrary, asked of a table (or an alias of it). Contraries are pushed down to the
 * columns: no NOT stands around an expression that may be null, and indexes see plain comparisons.
 */
export function whereFulfils(
  condition: Condition<SnapshotFacts>,
  now: Instant,
  table: Table = snapshots,
  contrary = false,
): SQL | undefined {
  const each = (parts: readonly Condition<SnapshotFacts>[]) =>
    parts.map((part) => whereFulfils(part, now, table, contrary));
  if ("not" in condition) return whereFulfils(condition.not, now, table, !contrary);
  if ("all" in condition) return (contrary ? or : and)(...each(condition.all));
  if ("any" in condition) return (contrary ? and : or)(...each(condition.any));
  const column = table[condition.field];
  if ("absent" in condition) return contrary ? isNotNull(column) : isNull(column);
  if ("reached" in condition) return contrary ? gt(column, now) : or(isNull(column), lte(column, now));
  const values = contrary ? othersThan(condition.is, column) : condition.is;
  return values.length === 1 ? eq(column, literal(values[0]!)) : inArray(column, values.map(literal));
}

const admits = (rules: readonly Rule[], now: Instant): SQL | undefined =>
  and(...rules.map((rule) => whereFulfils(rule.when, now, snapshots, true)));

function hasStatus(status: SnapshotStatus, now: Instant): SQL | undefined {
  if (status === "EXPIRED") return whereFulfils(expired, now);
  return and(eq(snapshots.status, status), whereFulfils(expired, now, snapshots, true));
}

type InstantsOf<Filter> = {
  readonly [Name in keyof Filter]: Filter[Name] extends Date | null | undefined
    ? Instant | null | undefined
    : Filter[Name];
};

/** What of a filter changes a statement's text: all but its instants, of which only whether they are given. */
export interface FilterShape extends Omit<SnapshotListFilter, "takenAfter" | "takenBefore"> {
  readonly takenAfter: boolean;
  readonly takenBefore: boolean;
}

/** The condition of all filters of a shape, at the placeholder `now`. */
export const matchingShape = ({ takenAfter, takenBefore, ...shape }: FilterShape): SQL | undefined =>
  matching(
    {
      ...shape,
      takenAfter: takenAfter ? sql.placeholder("takenAfter") : null,
      takenBefore: takenBefore ? sql.placeholder("takenBefore") : null,
    },
    sql.placeholder("now"),
  );

export function bindFilter(filter: SnapshotListFilter, now: Date): BoundFilter<FilterShape> {
  const { takenAfter, takenBefore } = filter;
  const { exportableOnly, restorableOnly, heldOnly, includeExpired, type, kind, status } = filter;
  const shape = {
    exportableOnly: Boolean(exportableOnly),
    restorableOnly: Boolean(restorableOnly),
    heldOnly: Boolean(heldOnly),
    includeExpired: Boolean(includeExpired),
    type: type ?? null,
    kind: kind ?? null,
    status: status ?? null,
    takenAfter: Boolean(takenAfter),
    takenBefore: Boolean(takenBefore),
  };
  const values = {
    now: now.toISOString(),
    ...(takenAfter && { takenAfter: takenAfter.toISOString() }),
    ...(takenBefore && { takenBefore: takenBefore.toISOString() }),
  };
  return { shape, values };
}

/** The condition of a filter at `now`, to be joined with the reader's scope. */
export function matching(filter: InstantsOf<SnapshotListFilter>, now: Instant): SQL | undefined {
  const { status, type, kind, takenAfter, takenBefore } = filter;
  // What may be restored or exported is listed anyhow; said twice it would hide the index's condition.
  const everything =
    filter.includeExpired || status === "EXPIRED" || filter.restorableOnly || filter.exportableOnly;
  return and(
    everything ? undefined : whereFulfils(listed, now),
    filter.restorableOnly ? admits(restoreRules, now) : undefined,
    filter.exportableOnly ? admits(exportRules, now) : undefined,
    filter.heldOnly ? isNotNull(snapshots.holdId) : undefined,
    status ? hasStatus(status, now) : undefined,
    type ? eq(snapshots.type, type) : undefined,
    kind ? eq(snapshots.kind, kind) : undefined,
    takenAfter ? gt(snapshots.takenAt, takenAfter) : undefined,
    takenBefore ? lt(snapshots.takenAt, takenBefore) : undefined,
  );
}
