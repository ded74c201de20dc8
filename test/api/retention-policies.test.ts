import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePolicy, printPolicy } from "../../src/snapshots/policy-file.js";
import type { RetentionRow } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

describe("the retention in force is told, every number of it", () => {
  const document = `{ retentionPolicies { tier version policyVersion secondsPerHour cadenceHours latestOnly
    scheduledPerDay { kind perDay } windows { type kind restorableDays exportableDays firstFullOfDayOnly } } }`;
  const tell = async (on: Edge) =>
    (await on.ask<{ retentionPolicies: Told[] }>(document)).data?.retentionPolicies;

  it("of the built-in table", async () => {
    const told = await tell(edge);
    expect(told).toEqual(defaultRetentionTable.rows.map((row) => toldOf(row, "1")));
    // Said once more in figures, so that not all of this test is made from the table.
    const window = { restorableDays: 60, exportableDays: 14, firstFullOfDayOnly: true };
    expect(told).toContainEqual({
      ...{ tier: "VIRTUAL_DEDICATED_CLOUD", version: "V5", policyVersion: "1" },
      ...{ secondsPerHour: 3600, cadenceHours: 1, latestOnly: false },
      scheduledPerDay: [
        { kind: "FULL", perDay: 1 },
        { kind: "DIFFERENTIAL", perDay: 23 },
      ],
      windows: [
        { type: "SCHEDULED", kind: "FULL", ...window },
        {
          ...{ type: "SCHEDULED", kind: "DIFFERENTIAL" },
          ...{ restorableDays: 60, exportableDays: null, firstFullOfDayOnly: false },
        },
        {
          ...{ type: "ON_DEMAND", kind: "FULL" },
          ...{ restorableDays: 90, exportableDays: 90, firstFullOfDayOnly: false },
        },
      ],
    });
  });

  it("of an operator's file", async () => {
    const file = JSON.parse(printPolicy(defaultRetentionTable)) as PolicyFile;
    const row = file.rows.find(({ tier, version }) => tier === "PROFESSIONAL" && version === "V4")!;
    Object.assign(row.windows.SCHEDULED["FULL"]!, { restorableDays: 45, exportableDays: 3 });
    Object.assign(row.windows.ON_DEMAND["FULL"]!, { exportableDays: null });
    Object.assign(row, { latestOnly: true, cadenceHours: 12, scheduledPerDay: { FULL: 2 } });
    const policy = parsePolicy(JSON.stringify({ ...file, version: "mine", secondsPerHour: 5 }));
    const own = await startEdge({ policy });
    try {
      const told = await tell(own);
      expect(told).toEqual(policy.rows.map((each) => toldOf(each, "mine")));
      expect(told?.find(({ tier, version }) => tier === row.tier && version === row.version)).toEqual({
        ...{ tier: "PROFESSIONAL", version: "V4", policyVersion: "mine" },
        ...{ secondsPerHour: 5, cadenceHours: 12, latestOnly: true },
        scheduledPerDay: [{ kind: "FULL", perDay: 2 }],
        windows: [
          {
            ...{ type: "SCHEDULED", kind: "FULL" },
            ...{ restorableDays: 45, exportableDays: 3, firstFullOfDayOnly: false },
          },
          {
            ...{ type: "ON_DEMAND", kind: "FULL" },
            ...{ restorableDays: 30, exportableDays: null, firstFullOfDayOnly: false },
          },
        ],
      });
    } finally {
      await own.close();
    }
  });
});

interface PolicyFile {
  readonly rows: readonly {
    readonly tier: string;
    readonly version: string;
    readonly windows: Readonly<Record<"SCHEDULED" | "ON_DEMAND", Record<string, object>>>;
  }[];
}
type Told = ReturnType<typeof toldOf>;

/** A row of a table as the schema words it. */
function toldOf(row: RetentionRow, policyVersion: string) {
  const { tier, version, cadenceHours, latestOnly, hourMs, scheduledPerDay, windows } = row;
  return {
    ...{ tier, version, policyVersion, cadenceHours, latestOnly, secondsPerHour: hourMs / 1000 },
    scheduledPerDay: Object.entries(scheduledPerDay).map(([kind, perDay]) => ({ kind, perDay })),
    windows: [
      ...Object.entries(windows.SCHEDULED).map(([kind, window]) => ({ type: "SCHEDULED", kind, ...window })),
      ...Object.entries(windows.ON_DEMAND).map(([kind, window]) => ({ type: "ON_DEMAND", kind, ...window })),
    ],
  };
}
