import { expect, test } from "vitest";
import { chosen, days, downtimesOf, planOf, seedsOf } from "./plan.js";
import { simulate } from "./simulate.js";

const seeds = chosen(seedsOf.troubled);

test.skipIf(seeds.length === 0)(
  "a fleet lives through failures, killed workers, damage and downtime, and every hour the rules hold",
  async () => {
    const plans = seeds.map((seed) => planOf(seed, false));
    const { completed } = await simulate({ plans, days, downtimes: downtimesOf(7, 0.4) });
    console.log(`${plans.length} seeds, ${completed} snapshots in ${days} days with downtimes`);
    expect(completed).toBeGreaterThan(plans.length);
  },
  1_800_000,
);
