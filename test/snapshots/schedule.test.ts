import { expect, test } from "vitest";
import type { MajorVersion, Tier } from "../../src/db/enums.js";
import { findRetention } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { decideKind, nextSlotAfter } from "../../src/snapshots/schedule.js";

const createdAt = new Date("2026-01-01T10:17:31.250Z");
const after = (milliseconds: number) => new Date(createdAt.getTime() + milliseconds);
const hour = 3_600_000;

test.each([
  ["at creation the first slot is one interval away", 0, 6 * hour],
  ["just before a slot it is that slot", 6 * hour - 1, 6 * hour],
  ["at a slot it is the next one", 6 * hour, 12 * hour],
  ["missed slots are not made up", 55 * hour + 5, 60 * hour],
  ["a clock behind the creation does not invent earlier slots", -20 * hour, 6 * hour],
])("%s", (_, now, slot) => {
  expect(nextSlotAfter(row("VIRTUAL_DEDICATED_CLOUD", "V4"), createdAt, after(now))).toEqual(after(slot));
});

test("the free tier has no slots", () => {
  expect(nextSlotAfter(row("FREE", "V5"), createdAt, createdAt)).toBeNull();
});

test("a policy that runs faster has its slots sooner", () => {
  const fast = { ...row("VIRTUAL_DEDICATED_CLOUD", "V4"), hourMs: 5_000 };
  expect(nextSlotAfter(fast, createdAt, after(30_000))).toEqual(after(60_000));
});

function row(tier: Tier, version: MajorVersion) {
  const found = findRetention(defaultRetentionTable, tier, version);
  if (!found) throw new Error("no row");
  return found;
}
const dailyTier = row("PROFESSIONAL", "V5");
const shortTier = row("VIRTUAL_DEDICATED_CLOUD", "V4");
const hourlyTiers = [row("BUSINESS_CRITICAL", "V5"), row("VIRTUAL_DEDICATED_CLOUD", "V5")];
const base = {};

test("the first slot of a day that holds no full is full, on every tier", () => {
  for (const tier of [dailyTier, shortTier, ...hourlyTiers]) {
    expect(decideKind(tier, { cause: "CADENCE", hasFullToday: false, base })).toBe("FULL");
  }
});

test("a later slot is what its tier takes beside the full", () => {
  const slot = { cause: "CADENCE", hasFullToday: true, base } as const;
  expect(decideKind(dailyTier, slot)).toBe("FULL");
  expect(decideKind(shortTier, slot)).toBe("SHORT_RETENTION");
  for (const tier of hourlyTiers) expect(decideKind(tier, slot)).toBe("DIFFERENTIAL");
});

test("a differential without a usable base is taken as a full", () => {
  for (const missing of [null, undefined]) {
    for (const tier of hourlyTiers) {
      expect(decideKind(tier, { cause: "CADENCE", hasFullToday: true, base: missing })).toBe("FULL");
    }
  }
});

test("a short one needs no base", () => {
  expect(decideKind(shortTier, { cause: "CADENCE", hasFullToday: true, base: null })).toBe("SHORT_RETENTION");
});

test("creation, a change of the system and a request by a user give a full, whatever the day holds", () => {
  for (const cause of ["INSTANCE_CREATED", "SYSTEM_CHANGE", "ON_DEMAND"] as const) {
    for (const tier of [dailyTier, shortTier, ...hourlyTiers]) {
      expect(decideKind(tier, { cause, hasFullToday: true, base })).toBe("FULL");
    }
  }
});
