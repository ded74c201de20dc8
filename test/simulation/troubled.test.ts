import { expect, test } from "vitest";
import type { MajorVersion, Tier } from "../../src/db/enums.js";
import { days, downtimesOf, planOf } from "./plan.js";
import { simulate } from "./simulate.js";

/** How many seeds each tier has: a snapshot an hour costs what two dozen instances with one a day do. */
const shares: readonly (readonly [Tier, MajorVersion, number])[] = [
  ["FREE", "V4", 85],
  ["FREE", "V5", 85],
  ["PROFESSIONAL", "V4", 4],
  ["PROFESSIONAL", "V5", 4],
  ["DS_PROFESSIONAL", "V4", 4],
  ["DS_PROFESSIONAL", "V5", 4],
  ["DS_ENTERPRISE", "V4", 4],
  ["DS_ENTERPRISE", "V5", 4],
  ["VIRTUAL_DEDICATED_CLOUD", "V4", 4],
  ["VIRTUAL_DEDICATED_CLOUD", "V5", 1],
  ["BUSINESS_CRITICAL", "V5", 1],
];
const fleet = shares.flatMap(([tier, version, count]) =>
  Array.from({ length: count }, () => ({ tier, version })),
);

/** `SIMULATION_SEED=17` (or `17,18`) lives through these alone, each as it is in the fleet. */
const only = process.env["SIMULATION_SEED"]?.split(",").map(Number);

test("a fleet lives through failures, killed workers, damage and downtime, and every hour the rules hold", async () => {
  const plans = fleet
    .map(({ tier, version }, seed) => planOf(seed, tier, version, false))
    .filter(({ seed }) => !only || only.includes(seed));
  const { completed } = await simulate({ plans, days, downtimes: downtimesOf(7, 0.4) });
  expect(completed).toBeGreaterThan(plans.length);
}, 1_800_000);
