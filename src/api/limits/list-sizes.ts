import type { FieldNode } from "graphql";
import { longestPreviewDays, mostPreviewInstants } from "../../snapshots/preview.js";
import { dayMsOf, type RetentionRow, type RetentionTable } from "../../snapshots/retention.js";
import { lengthOf, ownValue, readArgument, type VariableReader } from "./read-arguments.js";

/** How long lists may be where the schema alone does not tell. */
export interface ListSizes {
  /** Of lists: by `Type.field`. */
  readonly lists: Readonly<Record<string, (field: FieldNode, variables: VariableReader) => number>>;
  readonly previews: (field: FieldNode, variables: VariableReader) => PreviewSize;
}

export interface PreviewSize {
  /** What it may list. */
  readonly listed: number;
  /** What has to be imagined for it, whatever is listed in the end. */
  readonly imagined: number;
}

/** A day's snapshots stand on one full one. */
const longestChain = 25;
/** Restorable at a time: two months of hourly ones, and as many as a user can well have taken beside them. */
const mostRestorable = 2000;

export const createListSizes = (policy: RetentionTable, maxHolds: number): ListSizes => ({
  lists: {
    "Query.heldSnapshots": () => maxHolds,
    "Query.nodes": (field, variables) => lengthOf(readArgument(field, "ids", variables)),
    "Query.retentionPolicies": () => policy.rows.length,
    "Query.tierChangePreview": () => mostRestorable,
    "Snapshot.chain": () => longestChain,
  },
  previews: (field, variables) => sizePreview(policy, readArgument(field, "input", variables)),
});

/** Of a retention preview: what its schedule makes between two instants, and what it names itself. */
function sizePreview(policy: RetentionTable, input: unknown): PreviewSize {
  const names = ["onDemandAt", "systemChangeAt", "holds"];
  const named = names.reduce((sum, name) => sum + lengthIn(input, name), 0);
  const slots = sizeSchedule(policy, input);
  // What names more is refused.
  const listed = named > mostPreviewInstants ? 0 : named + slots.listed;
  return { listed, imagined: named + slots.imagined };
}

/** A single value stands for a list of one, here as everywhere. */
function lengthIn(input: unknown, name: string): number {
  const list = ownValue(input, name);
  if (list == null) return 0;
  return Array.isArray(list) ? list.length : 1;
}

function instantIn(input: unknown, name: string): number {
  const instant = ownValue(input, name);
  return typeof instant === "string" ? Date.parse(instant) : NaN;
}

/** Scheduled ones within the span, and those of them whose window may be open at its end; none where it will be refused. */
function sizeSchedule(policy: RetentionTable, input: unknown): PreviewSize {
  const [tier, version] = [ownValue(input, "tier"), ownValue(input, "version")];
  const row = policy.rows.find((row) => row.tier === tier && row.version === version);
  const span = instantIn(input, "at") - instantIn(input, "createdAt");
  if (row?.cadenceHours == null || !(span >= 0 && span <= longestPreviewDays * dayMsOf(row)))
    return { listed: 0, imagined: 0 };
  const step = row.cadenceHours * row.hourMs;
  const slotsIn = (ms: number) => Math.floor(ms / step) + 1;
  return { listed: slotsIn(Math.min(span, longestWindowMs(row))), imagined: slotsIn(span) };
}

const longestWindowMs = (row: RetentionRow): number =>
  Math.max(...Object.values(row.windows.SCHEDULED).map(({ restorableDays }) => restorableDays)) *
  dayMsOf(row);
