import { describe, expect, test } from "vitest";
import {
  judgeExportable,
  judgeNewInstance,
  judgeRestorable,
  type SnapshotFacts,
  statusAt,
} from "../../src/snapshots/eligibility.js";

const day = 86_400_000;
const takenAt = new Date("2026-05-01T00:00:00Z");
const at = (days: number, milliseconds = 0) => new Date(takenAt.getTime() + days * day + milliseconds);
const full: SnapshotFacts = {
  status: "COMPLETED",
  kind: "FULL",
  type: "SCHEDULED",
  artifactState: "PRESENT",
  holdId: null,
  chainBrokenAt: null,
  supersededAt: null,
  restorableUntil: at(30),
  exportableUntil: at(7),
  exportFirstFullOfDayOnly: false,
  firstFullOfDay: false,
};
const differential: SnapshotFacts = { ...full, kind: "DIFFERENTIAL", exportableUntil: null };
const refused = (...reasons: string[]) => ({ allowed: false, until: null, reasons });

describe("windows are half-open", () => {
  test("the export window of 7 days", () => {
    expect(judgeExportable(full, at(0))).toEqual({ allowed: true, until: at(7), reasons: [] });
    expect(judgeExportable(full, at(7, -1)).allowed).toBe(true);
    expect(judgeExportable(full, at(7))).toEqual(refused("WINDOW_CLOSED"));
  });

  test("the restore window of 30 days", () => {
    expect(judgeRestorable(full, at(7))).toEqual({ allowed: true, until: at(30), reasons: [] });
    expect(judgeRestorable(full, at(30, -1)).allowed).toBe(true);
    expect(judgeRestorable(full, at(30))).toEqual(refused("WINDOW_CLOSED"));
  });

  test("a snapshot is expired from the instant its restore window closes", () => {
    expect(statusAt(full, at(30, -1))).toBe("COMPLETED");
    expect(statusAt(full, at(30))).toBe("EXPIRED");
    expect(statusAt({ ...full, status: "FAILED" }, at(99))).toBe("FAILED");
  });
});

describe("both flags need a usable snapshot", () => {
  const cases: [string, Partial<SnapshotFacts>][] = [
    ["SUPERSEDED", { supersededAt: at(1) }],
    ["CHAIN_BROKEN", { chainBrokenAt: at(1) }],
    ["CHAIN_BROKEN", { artifactState: "PURGED" }],
    ["ARTIFACT_DAMAGED", { artifactState: "DAMAGED" }],
  ];
  test.each(cases)("%s: %j", (reason, change) => {
    expect(judgeRestorable({ ...full, ...change }, at(2))).toEqual(refused(reason));
    expect(judgeExportable({ ...full, ...change }, at(2))).toEqual(refused(reason));
  });

  test.each(["PENDING", "IN_PROGRESS", "FAILED", "CANCELED"] as const)("%s", (status) => {
    const nothing = { restorableUntil: null, exportableUntil: null, artifactState: "NONE" } as const;
    expect(judgeRestorable({ ...full, ...nothing, status }, at(0))).toEqual(refused("NOT_COMPLETED"));
    expect(judgeExportable({ ...full, ...nothing, status }, at(0))).toEqual(refused("NOT_COMPLETED"));
  });

  test("all the reasons are told at once", () => {
    const hopeless = {
      ...full,
      supersededAt: at(1),
      chainBrokenAt: at(1),
      artifactState: "DAMAGED",
    } as const;
    const reasons = ["WINDOW_CLOSED", "SUPERSEDED", "CHAIN_BROKEN", "ARTIFACT_DAMAGED"];
    expect(judgeRestorable(hopeless, at(30))).toEqual(refused(...reasons));
  });
});

describe("export alone", () => {
  test("a differential is restorable and never exportable, even where a window was stamped", () => {
    expect(judgeRestorable(differential, at(1)).allowed).toBe(true);
    expect(judgeExportable(differential, at(1))).toEqual(refused("DIFFERENTIAL_NOT_EXPORTABLE"));
    expect(judgeExportable({ ...differential, exportableUntil: at(7) }, at(1)).allowed).toBe(false);
  });

  test("where only the first full of the day is exported, another scheduled full is not", () => {
    const strict = { ...full, exportFirstFullOfDayOnly: true };
    expect(judgeExportable(strict, at(1))).toEqual(refused("NOT_FIRST_FULL_OF_DAY"));
    expect(judgeRestorable(strict, at(1)).allowed).toBe(true);
    expect(judgeExportable({ ...strict, firstFullOfDay: true }, at(1)).allowed).toBe(true);
    expect(judgeExportable({ ...strict, type: "ON_DEMAND" }, at(1)).allowed).toBe(true);
    expect(judgeExportable(full, at(1)).allowed).toBe(true);
  });
});

test("a new instance takes what is exportable, and once the snapshot's own is deleted what is restorable", () => {
  const held: SnapshotFacts = { ...differential, holdId: "held" };
  for (const facts of [full, differential, held])
    for (const now of [at(1), at(7), at(30, -1), at(30)]) {
      expect(judgeNewInstance(facts, { deletedAt: null }, now)).toEqual(judgeExportable(facts, now));
      expect(judgeNewInstance(facts, { deletedAt: at(1) }, now)).toEqual(judgeRestorable(facts, now));
    }
});
