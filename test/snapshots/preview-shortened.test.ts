import { expect, test } from "vitest";
import { type PreviewInput, previewRetention } from "../../src/snapshots/preview.js";
import type { PreviewHold } from "../../src/snapshots/preview-holds.js";
import { imagineHistory } from "../../src/snapshots/preview-history.js";
import { dayMsOf, findRetention, type RetentionRow } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { seededRandom } from "../support/clock.js";
import { previewPlainly } from "./plain-preview.js";

const vdc = findRetention(defaultRetentionTable, "VIRTUAL_DEDICATED_CLOUD", "V5")!;
const full = (restorableDays: number, exportableDays: number) => ({
  FULL: { restorableDays, exportableDays, firstFullOfDayOnly: false },
});
/** The product's rows, and what else an operator's file may say. */
const rows: readonly RetentionRow[] = [
  ...defaultRetentionTable.rows,
  { ...vdc, latestOnly: true },
  { ...vdc, hourMs: 5000 },
  {
    ...vdc,
    cadenceHours: 2,
    scheduledPerDay: { FULL: 12 },
    windows: { SCHEDULED: full(2, 1), ON_DEMAND: full(1, 1) },
  },
];

/** A story in which things happen at the same instants, at slots, at windows' ends and beside all of these. */
function imagine(row: RetentionRow, seed: number): PreviewInput {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const days = random() < 0.3 ? 3 : 100;
  const createdAt = new Date(Date.UTC(2026, 0, 1) + below(2 * dayMsOf(row)));
  const at = new Date(createdAt.getTime() + below(days * dayMsOf(row)));
  const grains = [row.hourMs, row.hourMs, dayMsOf(row), 1];
  const instant = () => {
    const grain = grains[below(grains.length)]!;
    const from = createdAt.getTime() - row.hourMs;
    return new Date(from + grain * below(1 + (at.getTime() + 2 * row.hourMs - from) / grain));
  };
  const some = (most: number) => Array.from({ length: below(most) }, instant);
  const onDemandAt = some(20);
  const changes = some(6);
  const systemChangeAt = [...changes, ...changes.slice(3)];
  const around = (time: Date, spread: number) => new Date(time.getTime() + (below(5) - 2) * spread);
  const holds = Array.from({ length: below(30) }, (): PreviewHold => {
    const takenAt = random() < 0.5 ? (onDemandAt[below(onDemandAt.length)] ?? createdAt) : instant();
    const placedAt = around(random() < 0.5 ? takenAt : instant(), random() < 0.5 ? 1 : row.hourMs);
    const length = [1, row.hourMs, below(40) * dayMsOf(row) + 1][below(3)]!;
    return { takenAt, placedAt, releasedAt: random() < 0.3 ? null : new Date(placedAt.getTime() + length) };
  });
  // A release and what is placed at its very instant are the hardest.
  const again = holds.flatMap(({ takenAt, releasedAt }) =>
    releasedAt && random() < 0.3 ? [{ takenAt, placedAt: releasedAt, releasedAt: null }] : [],
  );
  const named = { onDemandAt, systemChangeAt, holds: [...holds, ...again] };
  return { tier: row.tier, version: row.version, createdAt, at, ...named };
}

test("what is left out of the story changes nothing of what is listed", () => {
  let [held, needed] = [0, 0];
  for (let seed = 0; seed < 600; seed++) {
    const row = rows[seed % rows.length]!;
    const input = imagine(row, seed);
    const result = previewRetention({ version: "1", rows: [row] }, input);
    const expected = previewPlainly(row, input);
    const listed = "snapshots" in result && result.snapshots;
    // Quicker than comparing each field, and as strict.
    if (JSON.stringify(listed) !== JSON.stringify(expected)) expect(listed, `seed ${seed}`).toEqual(expected);
    held += expected.filter((one) => one.held).length;
    needed += expected.filter((one) => one.artifactHeldByHold && !one.held).length;
  }
  // Else the seeds would prove nothing of holds.
  expect(held).toBeGreaterThan(100);
  expect(needed).toBeGreaterThan(100);
});

test("of 400 days no more is imagined than the days of the longest window, and of what is held", () => {
  const createdAt = new Date("2026-01-01T00:30:00Z");
  const at = new Date(createdAt.getTime() + 400 * dayMsOf(vdc));
  const story = { createdAt, at, onDemandAt: [], systemChangeAt: [] };
  const longest = 90 * 24 + 24;
  expect(imagineHistory(vdc, "1", { ...story, holds: [] }).length).toBeLessThanOrEqual(longest);
  const holds = [{ takenAt: createdAt, placedAt: createdAt, releasedAt: null }];
  const held = imagineHistory(vdc, "1", { ...story, holds });
  expect(held[0]).toMatchObject({ takenAt: createdAt, held: true });
  expect(held.length).toBeLessThanOrEqual(longest + 24);
});

test("each of many holds on many snapshots of one instant is looked at a few times", () => {
  let looks = 0;
  const instant = new Date("2026-01-02T00:00:00Z");
  class Counted extends Date {
    override getTime() {
      looks++;
      return super.getTime();
    }
    override valueOf() {
      looks++;
      return super.valueOf();
    }
    override [Symbol.toPrimitive](): never {
      looks++;
      return super.valueOf() as never;
    }
  }
  const onDemandAt = Array.from({ length: 3_333 }, () => instant);
  const after = (milliseconds: number) => new Counted(instant.getTime() + milliseconds);
  const ask = (holds: readonly PreviewHold[]) => {
    looks = 0;
    const input = {
      tier: "FREE",
      version: "V5",
      createdAt: instant,
      at: new Date(+instant + 86_400_000),
    } as const;
    const result = previewRetention(defaultRetentionTable, {
      ...input,
      onDemandAt,
      systemChangeAt: [],
      holds,
    });
    return "error" in result ? result.error : result.snapshots.length;
  };
  const many = <T>(make: (index: number) => T) => Array.from({ length: 6_667 }, (_, index) => make(index));
  // The sort looks at each some dozens of times.
  const few = 6_667 * 60 + 3_333 * 20;
  const [shuffled, half] = [(index: number) => (index * 3_331) % 6_667, 86_400_000 / 2];

  expect(ask(many(() => ({ takenAt: instant, placedAt: after(0), releasedAt: after(0) })))).toBe(
    "RELEASED_BEFORE_PLACED",
  );
  expect(looks).toBeLessThan(few);
  // All at once, none any more, and one after another.
  expect(ask(many((n) => ({ takenAt: instant, placedAt: after(shuffled(n)), releasedAt: null })))).toBe(1);
  expect(looks).toBeLessThan(few);
  expect(
    ask(many((n) => ({ takenAt: instant, placedAt: after(shuffled(n)), releasedAt: after(half) }))),
  ).toBe(1);
  expect(looks).toBeLessThan(few);
  expect(
    ask(
      many((n) => ({ takenAt: instant, placedAt: after(shuffled(n)), releasedAt: after(shuffled(n) + 1) })),
    ),
  ).toBe(1);
  expect(looks).toBeLessThan(few);
});
