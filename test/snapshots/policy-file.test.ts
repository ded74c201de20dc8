import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/config/config.js";
import { policies } from "../../src/db/tables/index.js";
import { fingerprint, parsePolicy, printPolicy, readPolicyFile } from "../../src/snapshots/policy-file.js";
import { previewRetention } from "../../src/snapshots/preview.js";
import { recordPolicy } from "../../src/snapshots/record-policy.js";
import { dayMsOf, findRetention, stampWindows } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createTestDatabase } from "../support/database.js";

interface Row {
  tier: string;
  version: string;
  cadenceHours: unknown;
  scheduledPerDay: Record<string, unknown>;
  windows: {
    SCHEDULED: Record<string, Record<string, unknown>>;
    ON_DEMAND: Record<string, Record<string, unknown>>;
  };
}
interface File {
  version: unknown;
  secondsPerHour: unknown;
  rows: Row[];
}
/** The built-in table as a file of another version, and one of its rows to spoil. */
function file(tier = "VIRTUAL_DEDICATED_CLOUD", version = "V5") {
  const value = { ...(JSON.parse(printPolicy(defaultRetentionTable)) as File), version: "mine" };
  const row = value.rows.find((each) => each.tier === tier && each.version === version)!;
  return { value, row, full: row.windows.SCHEDULED["FULL"]!, index: value.rows.indexOf(row) };
}
const parse = (value: unknown) => parsePolicy(JSON.stringify(value));

test("the built-in table, printed, is read back as it is", () => {
  expect(parsePolicy(printPolicy(defaultRetentionTable))).toEqual(defaultRetentionTable);
});

test("an operator's numbers are the ones that are stamped, under the operator's version", () => {
  const { value, full } = file();
  full["restorableDays"] = 45;
  full["exportableDays"] = 3;
  const table = parse(value);
  const row = findRetention(table, "VIRTUAL_DEDICATED_CLOUD", "V5")!;
  const takenAt = new Date("2026-01-01T00:00:00Z");
  expect(stampWindows(row, { type: "SCHEDULED", kind: "FULL", takenAt }, table.version)).toEqual({
    policyVersion: "mine",
    restorableUntil: new Date("2026-02-15T00:00:00Z"),
    exportableUntil: new Date("2026-01-04T00:00:00Z"),
    exportFirstFullOfDayOnly: true,
  });
});

test("a trial's hour is shorter, and all that is counted in hours and days with it", () => {
  const { value } = file();
  const table = parse({ ...value, secondsPerHour: 5 });
  const row = findRetention(table, "VIRTUAL_DEDICATED_CLOUD", "V5")!;
  expect(dayMsOf(row)).toBe(120_000);
  const createdAt = new Date("2026-01-01T10:00:30Z");
  const at = new Date("2026-01-01T10:10:30Z");
  const input = { tier: row.tier, version: row.version, createdAt, at, onDemandAt: [], systemChangeAt: [] };
  const preview = previewRetention(table, input);
  const listed = "snapshots" in preview ? preview.snapshots : [];
  expect(listed).toHaveLength(121);
  const fulls = listed
    .filter((one) => one.kind === "FULL")
    .map((one) => one.takenAt.toISOString().slice(14, 19));
  expect(fulls).toEqual(["10:00", "08:00", "06:00", "04:00", "02:00", "00:30"]);
  expect(listed.at(-1)).toMatchObject({ restorableUntil: new Date("2026-01-01T12:00:30Z") });
});

describe("a file is refused with the row and the field:", () => {
  const cases: [string, RegExp, (of: ReturnType<typeof file>) => unknown][] = [
    [
      "a missing row",
      /the row VIRTUAL_DEDICATED_CLOUD V5 is missing/,
      ({ value, index }) => value.rows.splice(index, 1),
    ],
    [
      "a row given twice",
      /the row VIRTUAL_DEDICATED_CLOUD V5 is given 2 times/,
      ({ value, row }) => value.rows.push(row),
    ],
    [
      "a row that does not exist",
      /BUSINESS_CRITICAL V4 does not exist/,
      ({ value, row }) => value.rows.push({ ...row, tier: "BUSINESS_CRITICAL", version: "V4" }),
    ],
    ["an unknown tier", /row 9: tier /, ({ row }) => (row.tier = "GOLD")],
    ["an unknown version", /row 9: version /, ({ row }) => (row.version = "V6")],
    [
      "exportable longer than restorable",
      /VIRTUAL_DEDICATED_CLOUD V5: windows\.SCHEDULED\.FULL\.exportableDays is 61, more than restorableDays \(60\)/,
      ({ full }) => (full["exportableDays"] = 61),
    ],
    [
      "negative days",
      /VIRTUAL_DEDICATED_CLOUD V5: windows\.SCHEDULED\.FULL\.restorableDays must be at least 1 day/,
      ({ full }) => (full["restorableDays"] = -1),
    ],
    [
      "fractional days",
      /windows\.SCHEDULED\.FULL\.exportableDays must be a whole number of days/,
      ({ full }) => (full["exportableDays"] = 1.5),
    ],
    [
      "days as text",
      /FULL\.restorableDays must be a number of days/,
      ({ full }) => (full["restorableDays"] = "60"),
    ],
    ["a missing field", /FULL\.exportableDays /, ({ full }) => delete full["exportableDays"]],
    [
      "an unknown field",
      /V5: windows\.SCHEDULED\.FULL .*"exportDays"/,
      ({ full }) => (full["exportDays"] = 3),
    ],
    ["an unknown kind", /windows\.SCHEDULED.* .*WEEKLY/, ({ row }) => (row.windows.SCHEDULED["WEEKLY"] = {})],
    [
      "an exportable differential",
      /DIFFERENTIAL\.exportableDays must be null/,
      ({ row }) => (row.windows.SCHEDULED["DIFFERENTIAL"]!["exportableDays"] = 7),
    ],
    [
      "a kind that is taken and not kept",
      /windows\.SCHEDULED\.DIFFERENTIAL is missing/,
      ({ row }) => delete row.windows.SCHEDULED["DIFFERENTIAL"],
    ],
    [
      "a kind that is kept and not taken",
      /windows\.SCHEDULED\.SHORT_RETENTION is given/,
      ({ row }) => (row.windows.SCHEDULED["SHORT_RETENTION"] = { restorableDays: 7, exportableDays: 7 }),
    ],
    [
      "a cadence that does not divide the day",
      /cadenceHours must be null, or/,
      ({ row }) => (row.cadenceHours = 5),
    ],
    [
      "a cadence beside its share",
      /scheduledPerDay adds up to 24; cadenceHours makes it 4/,
      ({ row }) => (row.cadenceHours = 6),
    ],
    [
      "two fulls beside differentials",
      /scheduledPerDay\.FULL must be 1/,
      ({ row }) => (row.scheduledPerDay = { FULL: 2, DIFFERENTIAL: 22 }),
    ],
    ["no version", /: version must be a name/, ({ value }) => delete (value as Partial<File>).version],
    ["an hour of no time", /: secondsPerHour /, ({ value }) => (value.secondsPerHour = 0)],
    [
      "the built-in version over other numbers",
      /version "1" is the built-in table's/,
      ({ value, full }) => [(value.version = "1"), (full["exportableDays"] = 13)],
    ],
  ];
  test.each(cases)("%s", (_, message, spoil) => {
    const made = file();
    spoil(made);
    const read = () => parse(made.value);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^DAGUERRE_POLICY_FILE makes no sense: [^\n]+$/);
  });

  test("text that is not JSON", () => expect(() => parsePolicy("{")).toThrow(/it is not JSON/));

  test("a file that is not there", async () => {
    await expect(readPolicyFile("/no/such/file")).rejects.toThrow(/cannot read \/no\/such\/file \(ENOENT\)/);
  });

  test("many problems are told together, and no more than can be read", () => {
    const { value } = file();
    for (const row of value.rows) row.cadenceHours = 5;
    expect(() => parse(value)).toThrow(/FREE V4: .*; FREE V5: .*; and 6 more/);
  });
});

describe("a version", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dag-policy-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("stands for the same numbers for ever, in whatever order a file says them", async () => {
    const { db, drop } = await createTestDatabase();
    try {
      const now = new Date("2026-01-01T00:00:00Z");
      const { value, full } = file();
      await recordPolicy(db, parse(value), now);
      await recordPolicy(db, defaultRetentionTable, now);
      const path = join(folder, "policy.json");
      await writeFile(path, JSON.stringify({ ...value, rows: value.rows.toReversed() }));
      await recordPolicy(db, await readPolicyFile(path), now);
      expect(await db.$count(policies)).toBe(2);
      full["exportableDays"] = 13;
      await expect(recordPolicy(db, parse(value), now)).rejects.toThrow(
        /version "mine" has stood for other numbers since 2026-01-01T00:00:00.000Z/,
      );
      expect(fingerprint(parse({ ...value, version: "other" }))).not.toBe(fingerprint(parse(value)));
    } finally {
      await drop();
    }
  });
});
