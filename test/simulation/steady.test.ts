import { expect, test } from "vitest";
import { previewRetention } from "../../src/snapshots/preview.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import type { Ledger } from "./ledger.js";
import { actsAt, chosen, days, planOf, seedsOf } from "./plan.js";
import { simulate } from "./simulate.js";

const seeds = chosen(seedsOf.steady);
/** The first of each row: nothing goes wrong with them. */
const isCalm = (seed: number) => seed < defaultRetentionTable.rows.length;

test.skipIf(seeds.length === 0)(
  "a service that is never down keeps the rules every hour, and each tier and version what its preview said",
  async () => {
    const plans = seeds.map((seed) => planOf(seed, isCalm(seed)));
    const { completed } = await simulate({
      ...{ plans, days, downtimes: [] },
      atHour(ledgers, at) {
        for (const ledger of ledgers.values())
          if (isCalm(ledger.member.plan.seed) && !ledger.member.deletedAt) comparePreview(ledger, at);
      },
    });
    console.log(`${plans.length} seeds, ${completed} snapshots in ${days} days without downtime`);
    expect(completed).toBeGreaterThan(plans.length);
  },
  1_800_000,
);

function comparePreview(ledger: Ledger, at: Date): void {
  const { plan, createdAt } = ledger.member;
  const instants = (hours: ReadonlySet<number>) =>
    [...hours].map((hour) => actsAt(plan, hour)).filter((each) => each > createdAt);
  const preview = previewRetention(defaultRetentionTable, {
    ...{ tier: plan.tier, version: plan.version, createdAt, at },
    ...{ onDemandAt: instants(plan.onDemandAt), systemChangeAt: instants(plan.systemChangeAt) },
  });
  if ("error" in preview) return ledger.fail(preview.error);
  const listed = ledger.listed(at);
  const differs = preview.snapshots.find(({ kind, takenAt, restorable, exportable }, index) => {
    const entry = listed[index];
    return (
      !entry ||
      entry.facts.kind !== kind ||
      entry.takenAt.getTime() !== takenAt.getTime() ||
      ledger.restorable(entry, at) !== restorable ||
      ledger.exportable(entry, at) !== exportable
    );
  });
  if (differs || listed.length !== preview.snapshots.length)
    ledger.fail(
      `at ${at.toISOString()} the preview promised another list, from ${differs?.takenAt.toISOString()} on`,
    );
}
