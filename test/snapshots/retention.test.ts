import { expect, test } from "vitest";
import { majorVersions, type SnapshotKind, type SnapshotType, tiers } from "../../src/db/enums.js";
import { findRetention, stampWindows } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";

/** The page of rules, a line per row: cadence, a day's share, and restorable/exportable days. */
const rules = `
FREE                    V4 | none | -                  | od 30/30
FREE                    V5 | none | -                  | od 30/30
PROFESSIONAL            V4 | 24 h | 1 FULL             | FULL 30/7, od 30/30
PROFESSIONAL            V5 | 24 h | 1 FULL             | FULL 30/7, od 30/30
BUSINESS_CRITICAL       V5 | 1 h  | 1 FULL 23 DIFFERENTIAL | FULL 30/7, DIFFERENTIAL 30/never, od 30/30
VIRTUAL_DEDICATED_CLOUD V4 | 6 h  | 1 FULL 3 SHORT_RETENTION | FULL 60/14, SHORT_RETENTION 7/7, od 90/90
VIRTUAL_DEDICATED_CLOUD V5 | 1 h  | 1 FULL 23 DIFFERENTIAL | FULL 60/14 first, DIFFERENTIAL 60/never, od 90/90
DS_PROFESSIONAL         V4 | 24 h | 1 FULL             | FULL 9/7, od 180/180
DS_PROFESSIONAL         V5 | 24 h | 1 FULL             | FULL 9/7, od 180/180
DS_ENTERPRISE           V4 | 24 h | 1 FULL             | FULL 16/7, od 180/180
DS_ENTERPRISE           V5 | 24 h | 1 FULL             | FULL 16/7, od 180/180`;

test("the default table says what the page of rules says, and nothing more", () => {
  const lines = tiers.flatMap((tier) =>
    majorVersions.flatMap((version) => {
      const row = findRetention(defaultRetentionTable, tier, version);
      if (!row) return [];
      const share = Object.entries(row.scheduledPerDay).map(([kind, perDay]) => `${perDay} ${kind}`);
      const windows = (["SCHEDULED", "ON_DEMAND"] as const).flatMap((type) =>
        Object.entries(row.windows[type]).map(([kind, window]) => {
          const days = `${window.restorableDays}/${window.exportableDays ?? "never"}`;
          const only = window.firstFullOfDayOnly ? " first" : "";
          return `${type === "ON_DEMAND" ? "od" : kind} ${days}${only}`;
        }),
      );
      const cadence = row.cadenceHours === null ? "none" : `${row.cadenceHours} h`;
      return [`${tier} ${version} | ${cadence} | ${share.join(" ") || "-"} | ${windows.join(", ")}`];
    }),
  );
  const squeezed = rules.replaceAll(/ +/g, " ").trim().split("\n");
  expect(lines).toEqual(squeezed);
  expect(defaultRetentionTable.rows).toHaveLength(squeezed.length);
});

test("only the free tier keeps the latest alone", () => {
  const latestOnly = defaultRetentionTable.rows.filter((row) => row.latestOnly).map((row) => row.tier);
  expect(latestOnly).toEqual(["FREE", "FREE"]);
});

test("business critical does not exist in version 4", () => {
  expect(findRetention(defaultRetentionTable, "BUSINESS_CRITICAL", "V4")).toBeUndefined();
});

test("on-demand snapshots are always full", () => {
  for (const row of defaultRetentionTable.rows) expect(Object.keys(row.windows.ON_DEMAND)).toEqual(["FULL"]);
});

test("what the cadence brings adds up to what a day brings", () => {
  for (const row of defaultRetentionTable.rows) {
    const perDay = Object.values(row.scheduledPerDay).reduce((sum, n) => sum + n, 0);
    expect(perDay).toBe(row.cadenceHours === null ? 0 : 24 / row.cadenceHours);
    expect(Object.keys(row.scheduledPerDay)).toEqual(Object.keys(row.windows.SCHEDULED));
  }
});

const takenAt = new Date("2026-02-27T23:30:00.123Z");
function stamp(tier: (typeof tiers)[number], type: SnapshotType, kind: SnapshotKind) {
  const row = findRetention(defaultRetentionTable, tier, "V5");
  if (!row) throw new Error("no row");
  return stampWindows(row, { type, kind, takenAt }, "7");
}

test("windows are counted in days of 24 hours from the instant the snapshot was taken", () => {
  expect(stamp("PROFESSIONAL", "SCHEDULED", "FULL")).toEqual({
    policyVersion: "7",
    restorableUntil: new Date("2026-03-29T23:30:00.123Z"),
    exportableUntil: new Date("2026-03-06T23:30:00.123Z"),
    exportFirstFullOfDayOnly: false,
  });
});

test("a differential has no export window", () => {
  const windows = stamp("BUSINESS_CRITICAL", "SCHEDULED", "DIFFERENTIAL");
  expect(windows.exportableUntil).toBeNull();
});

test("first full of the day only is stamped on scheduled fulls of virtual dedicated cloud 5 alone", () => {
  expect(stamp("VIRTUAL_DEDICATED_CLOUD", "SCHEDULED", "FULL").exportFirstFullOfDayOnly).toBe(true);
  expect(stamp("VIRTUAL_DEDICATED_CLOUD", "ON_DEMAND", "FULL").exportFirstFullOfDayOnly).toBe(false);
  expect(stamp("BUSINESS_CRITICAL", "SCHEDULED", "FULL").exportFirstFullOfDayOnly).toBe(false);
});

test("a snapshot the tier does not keep is refused", () => {
  expect(() => stamp("FREE", "SCHEDULED", "FULL")).toThrow(RangeError);
  expect(() => stamp("PROFESSIONAL", "SCHEDULED", "DIFFERENTIAL")).toThrow(/PROFESSIONAL V5 keeps no/);
});
