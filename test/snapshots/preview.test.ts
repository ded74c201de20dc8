import { describe, expect, test } from "vitest";
import { type PreviewInput, previewRetention } from "../../src/snapshots/preview.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";

const day = 86_400_000;
const hour = 3_600_000;
const createdAt = new Date("2026-03-01T10:30:00Z");
const after = (days: number, milliseconds = 0) => new Date(createdAt.getTime() + days * day + milliseconds);

const input = (change: Partial<PreviewInput>): PreviewInput => ({
  tier: "PROFESSIONAL",
  version: "V5",
  createdAt,
  at: after(0),
  onDemandAt: [],
  systemChangeAt: [],
  ...change,
});
const run = (change: Partial<PreviewInput>) => previewRetention(defaultRetentionTable, input(change));
function list(change: Partial<PreviewInput>) {
  const result = run(change);
  if ("error" in result) throw new Error(result.error);
  return result.snapshots;
}

describe("what is refused", () => {
  test("a tier that does not exist", () => {
    expect(run({ tier: "BUSINESS_CRITICAL", version: "V4" })).toEqual({ error: "NO_SUCH_TIER" });
  });
  test("an instant before the creation", () => {
    expect(run({ at: after(0, -1) })).toEqual({ error: "AT_BEFORE_CREATED" });
  });
  test("a span of more than 400 days", () => {
    expect(list({ at: after(400) })).toHaveLength(30);
    expect(run({ at: after(400, 1) })).toEqual({ error: "SPAN_TOO_LONG" });
  });
});

test("a hold that is released before it holds is refused", () => {
  const release = (milliseconds: number) => [
    { takenAt: createdAt, placedAt: after(1), releasedAt: after(1, milliseconds) },
  ];
  for (const early of [-1, 0])
    expect(run({ at: after(2), holds: release(early) })).toEqual({ error: "RELEASED_BEFORE_PLACED" });
  expect(list({ at: after(2), holds: release(1) })).toHaveLength(3);
});

test("more instants than can be meant are refused", () => {
  const onDemandAt = Array.from({ length: 10_001 }, () => createdAt);
  expect(run({ onDemandAt })).toEqual({ error: "TOO_MANY_INSTANTS" });
});

test("an instance starts with one full", () => {
  expect(list({})).toEqual([
    {
      type: "SCHEDULED",
      kind: "FULL",
      cause: "INSTANCE_CREATED",
      takenAt: createdAt,
      base: null,
      restorable: true,
      exportable: true,
      restorableUntil: after(30),
      exportableUntil: after(7),
      artifactHeldUntil: after(30),
      held: false,
      artifactHeldByHold: false,
    },
  ]);
});

test("a slot at the very instant asked for is taken, and a window that ends there is closed", () => {
  expect(list({ at: after(1, -1) })).toHaveLength(1);
  expect(list({ at: after(1) })).toHaveLength(2);
  const listed = list({ at: after(30) });
  expect(listed).toHaveLength(30);
  expect(listed[0]?.takenAt).toEqual(after(30));
  expect(listed.at(-1)?.takenAt).toEqual(after(1));
  expect(listed.filter((one) => one.exportable)).toHaveLength(7);
});

describe("free", () => {
  const onDemandAt = [after(3), after(1), after(2)];
  test("has no schedule, not even for a change of the system", () => {
    expect(list({ tier: "FREE", at: after(9), systemChangeAt: [after(1)] })).toEqual([]);
  });
  test("lists the latest only, in whatever order they are given", () => {
    const listed = list({ tier: "FREE", at: after(9), onDemandAt });
    expect(listed.map((one) => [one.type, one.takenAt])).toEqual([["ON_DEMAND", after(3)]]);
  });
  test("loses it after 30 days", () => {
    expect(list({ tier: "FREE", at: after(33, -1), onDemandAt })).toHaveLength(1);
    expect(list({ tier: "FREE", at: after(33), onDemandAt })).toEqual([]);
  });
});

test("what lies outside the span is ignored", () => {
  const onDemandAt = [after(0, -1), after(0), after(2), after(2, 1)];
  const listed = list({ at: after(2), onDemandAt, systemChangeAt: [after(-1), after(3)] });
  expect(listed.filter((one) => one.type === "ON_DEMAND").map((one) => one.takenAt)).toEqual([
    after(2),
    after(0),
  ]);
  expect(listed.filter((one) => one.cause === "SYSTEM_CHANGE")).toEqual([]);
});

test("virtual dedicated cloud 4 takes one full a UTC day and three short ones", () => {
  const listed = list({ tier: "VIRTUAL_DEDICATED_CLOUD", version: "V4", at: after(1, 12 * hour) });
  const kinds = listed.map((one) => `${one.takenAt.toISOString().slice(5, 16)} ${one.kind}`);
  expect(kinds).toEqual([
    "03-02T22:30 SHORT_RETENTION",
    "03-02T16:30 SHORT_RETENTION",
    "03-02T10:30 SHORT_RETENTION",
    "03-02T04:30 FULL",
    "03-01T22:30 SHORT_RETENTION",
    "03-01T16:30 SHORT_RETENTION",
    "03-01T10:30 FULL",
  ]);
});

test("virtual dedicated cloud 4: six-hourly for a week, then one a day up to day 60", () => {
  const at = after(100);
  const listed = list({ tier: "VIRTUAL_DEDICATED_CLOUD", version: "V4", at });
  const age = (one: { takenAt: Date }) => at.getTime() - one.takenAt.getTime();
  expect(listed.filter((one) => age(one) < 7 * day)).toHaveLength(28);
  const old = listed.filter((one) => age(one) >= 7 * day);
  expect(new Set(old.map((one) => one.kind))).toEqual(new Set(["FULL"]));
  expect(old).toHaveLength(53);
});

describe("hourly tiers", () => {
  const tier = "VIRTUAL_DEDICATED_CLOUD";
  test("each differential builds on the scheduled snapshot before it, never on one on demand", () => {
    const onDemandAt = [after(0, hour + 1)];
    const listed = list({ tier, at: after(0, 3 * hour), onDemandAt });
    expect(listed.map((one) => [one.kind, one.type, one.base])).toEqual([
      ["DIFFERENTIAL", "SCHEDULED", after(0, 2 * hour)],
      ["DIFFERENTIAL", "SCHEDULED", after(0, hour)],
      ["FULL", "ON_DEMAND", null],
      ["DIFFERENTIAL", "SCHEDULED", after(0)],
      ["FULL", "SCHEDULED", null],
    ]);
  });

  test("an artifact is held until the last that builds on it so far has expired", () => {
    const listed = list({ tier, at: after(0, 3 * hour) });
    expect(new Set(listed.map((one) => one.artifactHeldUntil.getTime()))).toEqual(
      new Set([after(60, 3 * hour).getTime()]),
    );
  });

  test("the first slot of the next UTC day is full and starts a chain of its own", () => {
    const listed = list({ tier, at: after(0, 14 * hour) });
    expect(listed[0]).toMatchObject({ kind: "FULL", base: null, cause: "CADENCE", exportable: true });
    expect(listed.filter((one) => one.kind === "FULL")).toHaveLength(2);
    expect(listed.at(-1)?.artifactHeldUntil).toEqual(after(60, 13 * hour));
  });

  test("a change of the system is full, and stands in for the day's full when it comes first", () => {
    const midnight = new Date("2026-03-02T00:00:00Z");
    const listed = list({ tier, at: after(1), systemChangeAt: [midnight] });
    const fulls = listed.filter((one) => one.kind === "FULL");
    expect(fulls.map((one) => [one.cause, one.exportable])).toEqual([
      ["SYSTEM_CHANGE", true],
      ["INSTANCE_CREATED", true],
    ]);
    expect(
      listed.find((one) => one.takenAt > midnight && one.base?.getTime() === midnight.getTime()),
    ).toBeDefined();
  });

  test("a change of the system that is told twice at one instant is one full", () => {
    const systemChangeAt = [after(0, hour / 2), after(0, hour / 2), after(0, hour / 4)];
    const listed = list({ tier, at: after(0, hour / 2), systemChangeAt });
    expect(listed.map((one) => [one.cause, one.takenAt])).toEqual([
      ["SYSTEM_CHANGE", after(0, hour / 2)],
      ["SYSTEM_CHANGE", after(0, hour / 4)],
      ["INSTANCE_CREATED", after(0)],
    ]);
  });

  test("only the first full of a UTC day is exportable on virtual dedicated cloud 5, on business critical every one", () => {
    const change = { at: after(0, 90 * 60_000), systemChangeAt: [after(0, 60_000)] };
    const exportable = (of: "VIRTUAL_DEDICATED_CLOUD" | "BUSINESS_CRITICAL") =>
      list({ ...change, tier: of }).map((one) => [one.kind, one.exportable]);
    expect(exportable("VIRTUAL_DEDICATED_CLOUD")).toEqual([
      ["DIFFERENTIAL", false],
      ["FULL", false],
      ["FULL", true],
    ]);
    expect(exportable("BUSINESS_CRITICAL")).toEqual([
      ["DIFFERENTIAL", false],
      ["FULL", true],
      ["FULL", true],
    ]);
  });
});

describe("holds", () => {
  const hold = (takenAt: Date, placedAt: Date, releasedAt: Date | null = null) => ({
    takenAt,
    placedAt,
    releasedAt,
  });
  const heldIn = (change: Partial<PreviewInput>) =>
    list(change)
      .filter((one) => one.held)
      .map((one) => one.takenAt);

  test("keep a snapshot listed and restorable past its window, and leave the export window as it is", () => {
    const holds = [hold(after(1), after(31, -1))];
    const [held, ...others] = list({ at: after(100), holds }).toReversed();
    expect(held).toMatchObject({ takenAt: after(1), restorable: true, exportable: false, held: true });
    expect(held).toMatchObject({ restorableUntil: after(31), artifactHeldByHold: true });
    expect(others.filter((one) => one.held || one.artifactHeldByHold)).toEqual([]);
  });

  test("end at the instant of their release", () => {
    const holds = [hold(after(1), after(2), after(50))];
    expect(heldIn({ at: after(50, -1), holds })).toEqual([after(1)]);
    expect(list({ at: after(50), holds }).at(-1)?.takenAt).toEqual(after(21));
  });

  test("placed too late, too early, or on nothing, are ignored", () => {
    const holds = [hold(after(1), after(31)), hold(after(40), after(39)), hold(after(1.5), after(2))];
    expect(heldIn({ at: after(60), holds })).toEqual([]);
  });

  test("cannot be placed anew once a release has let the snapshot go", () => {
    const again = (placedAt: Date) => [hold(after(1), after(2), after(50)), hold(after(1), placedAt)];
    expect(heldIn({ at: after(60), holds: again(after(50)) })).toEqual([]);
    expect(heldIn({ at: after(60), holds: again(after(50, -1)) })).toEqual([after(1)]);
  });

  test("keep what a newer one supersedes on the free tier", () => {
    const onDemandAt = [after(1), after(2)];
    const free = { tier: "FREE", at: after(3), onDemandAt } as const;
    expect(list({ ...free, holds: [hold(after(1), after(2, -1))] }).map((one) => one.takenAt)).toEqual([
      after(2),
      after(1),
    ]);
    expect(list({ ...free, holds: [hold(after(1), after(2))] })).toHaveLength(1);
  });

  test("on a differential need the artifacts of its whole chain, and none above it", () => {
    const at = after(0, 3 * hour);
    const holds = [hold(after(0, 2 * hour), at)];
    const listed = list({ tier: "BUSINESS_CRITICAL", at, holds });
    expect(listed.map((one) => [one.held, one.artifactHeldByHold])).toEqual([
      [false, false],
      [true, true],
      [false, true],
      [false, true],
    ]);
  });
});
