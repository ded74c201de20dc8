import { expect, test } from "vitest";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { previewRetention } from "../../src/snapshots/preview.js";
import { calmDays, hourMs, planOf, start } from "./plan.js";
import { simulate } from "./simulate.js";

test("each tier and version, where nothing goes wrong, lists at every hour what its preview said", async () => {
  const plans = defaultRetentionTable.rows.map(({ tier, version }, index) =>
    planOf(1000 + index, tier, version, true),
  );
  const { completed } = await simulate({
    plans,
    days: calmDays,
    downtimes: [],
    atHour(ledgers, at) {
      for (const ledger of ledgers.values()) {
        const { plan, createdAt } = ledger.member;
        const { tier, version } = plan;
        const instants = (hours: ReadonlySet<number>) =>
          [...hours]
            .map((hour) => new Date(start.getTime() + (hour + 0.5) * hourMs))
            .filter((each) => each > createdAt);
        const onDemandAt = instants(plan.onDemandAt);
        const systemChangeAt = instants(plan.systemChangeAt);
        const preview = previewRetention(defaultRetentionTable, {
          tier,
          version,
          createdAt,
          at,
          onDemandAt,
          systemChangeAt,
        });
        if ("error" in preview) return ledger.fail(preview.error);
        const describe = (each: { kind: string; takenAt: Date; restorable: boolean; exportable: boolean }) =>
          `${each.kind} ${each.takenAt.getTime()} ${each.restorable} ${each.exportable}`;
        const listed = ledger.listed(at).map((entry) =>
          describe({
            ...{ kind: entry.facts.kind, takenAt: entry.takenAt },
            ...{ restorable: ledger.restorable(entry, at), exportable: ledger.exportable(entry, at) },
          }),
        );
        if (listed.join() !== preview.snapshots.map(describe).join())
          ledger.fail(`at ${at.toISOString()} the preview promised another list`);
      }
    },
  });
  expect(completed).toBeGreaterThan(2 * 24 * (calmDays - 3));
}, 1_800_000);
