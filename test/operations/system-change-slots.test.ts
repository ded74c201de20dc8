import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { previewRetention } from "../../src/snapshots/preview.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { at, hour, type ScheduleParts, startScheduleParts } from "./schedule-parts.js";

let parts: ScheduleParts;
beforeAll(async () => {
  parts = await startScheduleParts();
});
afterAll(() => parts.close());
beforeEach(() => parts.forgetOwed());

test("a system change is a FULL once, however often it is reported before it is taken", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0, 1);
  await parts.reportChange(instance, at(1.2));
  await parts.reportChange(instance, at(1.3));
  await parts.live(instance, 1.4, 2);
  expect((await parts.facts(instance)).slice(2)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(1.2), "COMPLETED"],
    ["CADENCE", "DIFFERENTIAL", at(2), "COMPLETED"],
  ]);
  expect(await parts.reportChange(await parts.addInstance("FREE"), at(2))).toMatchObject({
    error: { kind: "InvalidInput", path: ["input", "instanceId"] },
  });
});

test("a system change that is reported again while its FULL waits for another try is still one FULL", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.reportChange(instance, at(0.1));
  await parts.tickAt(at(0.1));
  expect(await parts.end(instance, at(0.1), "fail")).toMatchObject({ status: "PENDING" });
  await parts.reportChange(instance, at(0.11));
  await parts.live(instance, 0.2, 0.3, 1);
  expect((await parts.facts(instance)).slice(1)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(0.1), "COMPLETED"],
    ["CADENCE", "DIFFERENTIAL", at(1), "COMPLETED"],
  ]);
});

test("a system change that is reported while a FULL for another is at work is owed a FULL of its own", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.reportChange(instance, at(0.1));
  await parts.tickAt(at(0.1));
  // What is at work may have been captured before.
  await parts.reportChange(instance, at(0.2));
  await parts.end(instance, at(0.3));
  await parts.live(instance, 0.4, 0.5);
  expect((await parts.facts(instance)).slice(1)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(0.1), "COMPLETED"],
    ["SYSTEM_CHANGE", "FULL", at(0.2), "COMPLETED"],
  ]);
});

test("a system change that is reported when the tries for another are over is owed a FULL of its own", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.reportChange(instance, at(0.1));
  await parts.tickAt(at(0.1));
  expect(await parts.end(instance, at(0.1), "fail")).toMatchObject({ status: "PENDING" });
  // Nobody has looked since, and the next slot has come.
  await parts.reportChange(instance, at(1));
  await parts.live(instance, 1, 1.1);
  expect((await parts.facts(instance)).slice(1)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(0.1), "FAILED"],
    ["SYSTEM_CHANGE", "FULL", at(1), "COMPLETED"],
    ["CADENCE", "DIFFERENTIAL", at(1), "COMPLETED"],
  ]);
});

test("on return from a downtime longer than the cadence, in which the system changed, there is one snapshot, not two", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  const now = at(9.5);
  await parts.reportChange(instance, now);
  await parts.live(instance, 9.5, 9.6, 10);
  expect((await parts.facts(instance)).slice(1)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(9.5), "COMPLETED"],
    ["CADENCE", "DIFFERENTIAL", at(10), "COMPLETED"],
  ]);
});

test("on return from such a downtime it is one snapshot also where a place has room for one slot at a time", async () => {
  const instance = await parts.addInstance("BUSINESS_CRITICAL");
  await parts.live(instance, 0);
  await parts.reportChange(instance, at(9.5));
  for (const each of [9.5, 9.6, 10]) {
    await parts.tickAt(at(each), 1);
    await parts.end(instance, at(each));
  }
  expect((await parts.facts(instance)).slice(1)).toEqual([
    ["SYSTEM_CHANGE", "FULL", at(9.5), "COMPLETED"],
    ["CADENCE", "DIFFERENTIAL", at(10), "COMPLETED"],
  ]);
});

test.each([
  ["the slot", 1, 300, 1_000],
  ["the first slot of a day", 24, 300, 1_000],
  ["a slot that nothing was begun for in half an hour", 1, hour / 2, hour / 2],
])(
  "%s and a system change that one tick sees are both taken, in their order, as the preview says",
  async (_, slot, reportedMs, seenMs) => {
    const instance = await parts.addInstance("BUSINESS_CRITICAL");
    await parts.live(instance, ...Array.from({ length: slot }, (_, each) => each));
    const after = (ms: number) => new Date(at(slot).getTime() + ms);
    const now = after(reportedMs);
    await parts.reportChange(instance, now);
    for (const ms of [seenMs, seenMs + 10_000]) {
      expect(await parts.tickAt(after(ms))).toBe(1);
      await parts.end(instance, after(ms));
    }
    const { tier, version, createdAt } = instance;
    const input = { tier, version, createdAt, at: after(seenMs), onDemandAt: [], systemChangeAt: [now] };
    const preview = previewRetention(defaultRetentionTable, input);
    const promised = "snapshots" in preview ? preview.snapshots.toReversed() : [];
    expect(promised.at(-1)).toMatchObject({ cause: "SYSTEM_CHANGE", kind: "FULL", takenAt: now });
    expect(await parts.facts(instance)).toEqual(
      promised.map(({ cause, kind, takenAt }) => [cause, kind, takenAt, "COMPLETED"]),
    );
  },
);
