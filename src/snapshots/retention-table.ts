import type { MajorVersion, Tier } from "../db/enums.js";
import {
  hourMs,
  type KindWindows,
  type RetentionRow,
  type RetentionTable,
  type RetentionWindow,
} from "./retention.js";

const days = (
  restorableDays: number,
  exportableDays: number | null,
  firstFullOfDayOnly = false,
): RetentionWindow => ({
  restorableDays,
  exportableDays,
  firstFullOfDayOnly,
});

function row(
  tier: Tier,
  version: MajorVersion,
  cadenceHours: number | null,
  scheduledPerDay: RetentionRow["scheduledPerDay"],
  SCHEDULED: KindWindows,
  onDemandDays: number,
): RetentionRow {
  const windows = { SCHEDULED, ON_DEMAND: { FULL: days(onDemandDays, onDemandDays) } };
  return { tier, version, hourMs, cadenceHours, scheduledPerDay, windows, latestOnly: tier === "FREE" };
}

const daily = { FULL: 1 };
const hourly = { FULL: 1, DIFFERENTIAL: 23 };

/** The product's numbers, as data: an operator may load another table in its place. */
export const defaultRetentionTable: RetentionTable = {
  version: "1",
  rows: [
    row("FREE", "V4", null, {}, {}, 30),
    row("FREE", "V5", null, {}, {}, 30),
    row("PROFESSIONAL", "V4", 24, daily, { FULL: days(30, 7) }, 30),
    row("PROFESSIONAL", "V5", 24, daily, { FULL: days(30, 7) }, 30),
    row("DS_PROFESSIONAL", "V4", 24, daily, { FULL: days(9, 7) }, 180),
    row("DS_PROFESSIONAL", "V5", 24, daily, { FULL: days(9, 7) }, 180),
    row("BUSINESS_CRITICAL", "V5", 1, hourly, { FULL: days(30, 7), DIFFERENTIAL: days(30, null) }, 30),
    row(
      "VIRTUAL_DEDICATED_CLOUD",
      "V4",
      6,
      { FULL: 1, SHORT_RETENTION: 3 },
      { FULL: days(60, 14), SHORT_RETENTION: days(7, 7) },
      90,
    ),
    row(
      "VIRTUAL_DEDICATED_CLOUD",
      "V5",
      1,
      hourly,
      { FULL: days(60, 14, true), DIFFERENTIAL: days(60, null) },
      90,
    ),
    row("DS_ENTERPRISE", "V4", 24, daily, { FULL: days(16, 7) }, 180),
    row("DS_ENTERPRISE", "V5", 24, daily, { FULL: days(16, 7) }, 180),
  ],
};
