import { longestPreviewDays } from "./preview.js";

const lists = ["onDemandAt", "systemChangeAt", "holds"];
const dayMs = 86_400_000;
const instantsPerPoint = 4;

/**
 * What a preview costs beside the snapshots that it lists: a point for each day that it spans, and for each four instants and
 * holds that it names. `read` answers an argument as it was sent, so nothing of it has been checked: what makes no
 * sense counts as the longest.
 */
export function previewCost(read: (argument: string) => unknown): number {
  const input = read("input");
  if (typeof input !== "object" || input === null) return longestPreviewDays;
  const sent = input as Readonly<Record<string, unknown>>;
  const named = lists.reduce((sum, list) => sum + lengthOf(sent[list]), 0);
  const days = Math.ceil((timeOf(sent["at"]) - timeOf(sent["createdAt"])) / dayMs);
  const spanned = days >= 0 && days < longestPreviewDays ? days : longestPreviewDays;
  return spanned + Math.ceil(named / instantsPerPoint);
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : value == null ? 0 : 1);
const timeOf = (value: unknown) => (typeof value === "string" ? Date.parse(value) : NaN);
