import type * as Preview from "../src/snapshots/preview.js";
import type * as Table from "../src/snapshots/retention-table.js";
import type { Bench, BenchContext } from "./bench.ts";
import { product } from "./bench.ts";
import { median, quantile } from "./statistics.ts";

async function run({ quick }: BenchContext) {
  const { previewRetention } = await product<typeof Preview>("snapshots/preview.js");
  const { defaultRetentionTable } = await product<typeof Table>("snapshots/retention-table.js");
  const createdAt = new Date("2026-01-01T00:30:00.000Z");
  const at = new Date(createdAt.getTime() + 400 * 86_400_000);
  const span = { createdAt, at, systemChangeAt: [] };
  const dense = Array.from({ length: 10_000 }, (_, n) => new Date(at.getTime() - n * 60_000));
  const hold = (takenAt: Date, laterMs = 0) => {
    return { takenAt, placedAt: new Date(takenAt.getTime() + laterMs), releasedAt: null };
  };
  const slots = Array.from({ length: 9_600 }, (_, n) => new Date(createdAt.getTime() + n * 3_600_000));
  const atOnce = Array.from({ length: 3_333 }, () => createdAt);
  const onOne = Array.from({ length: 6_667 }, (_, n) => hold(createdAt, n));
  const hourly = { ...span, tier: "VIRTUAL_DEDICATED_CLOUD", version: "V5", onDemandAt: [] } as const;
  const cases = [
    ["PROFESSIONAL V5", { ...hourly, tier: "PROFESSIONAL" }],
    ["VIRTUAL_DEDICATED_CLOUD V5", hourly],
    ["the same, 10,000 on demand", { ...hourly, onDemandAt: dense }],
    ["the same, each of 9,600 slots held", { ...hourly, holds: slots.map((slot) => hold(slot)) }],
    ["the same, 3,333 at one instant and 6,667 holds", { ...hourly, onDemandAt: atOnce, holds: onOne }],
  ] as const;
  const rows = cases.map(([name, input]) => {
    let listed = 0;
    const runs = quick ? 5 : 100;
    const before = process.cpuUsage();
    const times = Array.from({ length: runs }, () => {
      const began = performance.now();
      const result = previewRetention(defaultRetentionTable, input);
      if ("snapshots" in result) listed = result.snapshots.length;
      return performance.now() - began;
    });
    const { user, system } = process.cpuUsage(before);
    const cpu = ((user + system) / 1000 / runs).toFixed(1);
    return [
      name,
      listed.toLocaleString("en"),
      median(times).toFixed(1),
      quantile(times, 0.95).toFixed(1),
      Math.max(...times).toFixed(1),
      cpu,
    ];
  });
  return {
    columns: ["instance", "listed", "p50 ms", "p95 ms", "max ms", "processor ms"],
    rows,
    notes: [
      "`retentionPreview` of 400 days, the longest span it answers, without the transport. The aim is 100 ms. " +
        "The processor's time, garbage collection included, is what it would take on a machine that does nothing else.",
    ],
  };
}

export default { title: "The preview of 400 days", run } satisfies Bench;
