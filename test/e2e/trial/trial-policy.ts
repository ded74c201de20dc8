import type { RetentionRow, RetentionTable, RetentionWindow } from "../../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../../src/snapshots/retention-table.js";

/** The built-in days, by what a trial of four policy days can see close. */
const shortened = (days: number): number => (days <= 7 ? 1 : days <= 30 ? 2 : 3);

const shorten = (window: RetentionWindow): RetentionWindow => ({
  ...window,
  restorableDays: shortened(window.restorableDays),
  exportableDays: window.exportableDays === null ? null : shortened(window.exportableDays),
});

/** The built-in table with the same cadences and kinds; an hour takes seconds, and windows take days instead of weeks. */
export function shortenPolicy(secondsPerHour: number): RetentionTable {
  const all = (windows: RetentionRow["windows"]["SCHEDULED"]) =>
    Object.fromEntries(Object.entries(windows).map(([kind, window]) => [kind, shorten(window)]));
  return {
    version: "trial",
    rows: defaultRetentionTable.rows.map((row) => ({
      ...row,
      hourMs: secondsPerHour * 1000,
      windows: {
        SCHEDULED: all(row.windows.SCHEDULED),
        ON_DEMAND: all(row.windows.ON_DEMAND),
      },
    })),
  };
}
