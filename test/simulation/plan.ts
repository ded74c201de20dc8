import type { MajorVersion, Tier } from "../../src/db/enums.js";
import type { RetentionRow } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { seededRandom } from "../support/clock.js";

export const hourMs = 3_600_000;
/** How long the simulation's sweep leaves objects alone that no row names. */
export const orphanGraceMs = 6 * hourMs;
export const start = new Date("2026-01-01T00:00:00.000Z");
/** `SIMULATION_DAYS=10` lives through fewer. */
export const days = Number(process.env["SIMULATION_DAYS"] ?? 120);

/** The fleet: in each of two worlds the first of each row of the table live longest. */
export const seedsOf = {
  steady: Array.from({ length: 44 }, (_, index) => index),
  troubled: Array.from({ length: 156 }, (_, index) => 44 + index),
} as const;
const rowCount = defaultRetentionTable.rows.length;
const isWholeLife = (seed: number): boolean =>
  Object.values(seedsOf).some(([first = 0]) => seed >= first && seed < first + rowCount);

/** `SIMULATION_SEED=17` (or `17,18`) lives through these alone, each as it is in the fleet. */
const only = process.env["SIMULATION_SEED"]?.split(",").map(Number);
export const chosen = (seeds: readonly number[]): number[] =>
  seeds.filter((seed) => !only || only.includes(seed));

/** Half-open, in hours since `start`. */
export type Span = readonly [from: number, to: number];

/** What will happen to one instance: all of it follows from its seed. In hours since `start`, and milliseconds into them. */
export interface Plan {
  readonly seed: number;
  readonly tier: Tier;
  readonly version: MajorVersion;
  readonly createdAtHour: number;
  /** So far into its hour it is created, and so its slots come. */
  readonly createdAfterMs: number;
  /** So far into their hours users, operators and bad luck act. */
  readonly actAfterMs: number;
  /** Deleted with `retainSnapshots`; undefined: lives on. */
  readonly deletedAtHour: number | undefined;
  readonly onDemandAt: ReadonlySet<number>;
  readonly systemChangeAt: ReadonlySet<number>;
  readonly restoreAt: ReadonlySet<number>;
  /** The newest artifact's bytes vanish; whoever reads them next finds out. */
  readonly damageAt: ReadonlySet<number>;
  readonly hold: Span | undefined;
  /** The engine does not answer. */
  readonly outages: readonly Span[];
  /** Shares of operations that fail once, and whose worker is killed, at a random step. */
  readonly faults: { readonly fail: number; readonly kill: number };
  readonly random: () => number;
}

const hours = days * 24;

/** The rows of the table in turn: every tier and version has as many seeds as any other, give or take one. */
export function planOf(seed: number, calm: boolean): Plan {
  const { rows } = defaultRetentionTable;
  const row = rows[seed % rows.length]!;
  const { tier, version, cadenceHours } = row;
  const random = seededRandom(seed);
  const [shortest, longest] = lives.get(cadenceHours) ?? [days, days];
  const life = calm || isWholeLife(seed) ? wholeLife(row, calm) : undefined;
  const lifeHours = Math.ceil(24 * (life ?? shortest + random() * (longest - shortest)));
  const createdAtHour = Math.floor(random() * Math.max(48, hours - lifeHours));
  const end = Math.min(hours, createdAtHour + lifeHours);
  const hour = () => createdAtHour + Math.floor(random() * (end - createdAtHour));
  const some = (most: number) => new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, hour));
  const span = (longest: number): Span => {
    const from = hour();
    return [from, from + 1 + Math.floor(random() * longest)];
  };
  const hourly = cadenceHours !== null && cadenceHours < 24;
  const trouble = calm ? 0 : 1;
  return {
    ...{ seed, tier, version, random, createdAtHour },
    deletedAtHour: end < hours ? end : undefined,
    onDemandAt: some(cadenceHours === null ? 12 : 6),
    systemChangeAt: some(3),
    restoreAt: some(2 * trouble),
    damageAt: some(2 * trouble),
    hold: !calm && random() < 0.3 ? span(60 * 24) : undefined,
    outages: Array.from({ length: trouble * Math.floor(random() * 3) }, () =>
      span(outageHours(hourly, random)),
    ),
    faults: { fail: 0.02 * trouble, kill: 0.01 * trouble },
    createdAfterMs:
      cadenceHours === 1 && isWholeLife(seed) ? offsets[1] : offsets[Math.floor(random() * offsets.length)]!,
    actAfterMs: 1 + Math.floor(random() * (hourMs - 1)),
  };
}

/**
 * The longest that the engine is out at a time. While it is, every try of a slot fails five times over, which is what the
 * simulation would spend most of its time on: so a few outages outlast a daily slot, and most do not.
 */
const outageHours = (hourly: boolean, random: () => number): number =>
  hourly ? 4 : random() < 0.15 ? 60 : 6;

/**
 * Into an hour: at its turn, and just before the next. No more, so that instances share ticks: every instant at which
 * something is due costs the simulation a dozen round trips to Postgres. Those that live long by the hour share one.
 */
const offsets = [0, hourMs - 1] as const;

export const createdAtOf = (plan: Plan, hour: number): Date =>
  new Date(start.getTime() + hour * hourMs + plan.createdAfterMs);
export const actsAt = (plan: Plan, hour: number): Date =>
  new Date(start.getTime() + hour * hourMs + plan.actAfterMs);

/**
 * How many days an instance lives, by the hours of its cadence, unless it lives through all of them. A snapshot costs 30
 * round trips to Postgres, and an hourly one comes 2,880 times in 120 days; so instances of such tiers are deleted after
 * some days, and their snapshots, which are retained, go on through all their windows.
 */
const lives = new Map<number | null, readonly [shortest: number, longest: number]>([
  [1, [1.25, 2]],
  [6, [3, 6]],
  [24, [6, 14]],
]);

/**
 * In days: all of them where nothing goes wrong, half of them where much does. One of hourly snapshots lives until those of a month
 * ago have gone, or as others of its tier (undefined).
 */
function wholeLife({ cadenceHours }: RetentionRow, calm: boolean): number | undefined {
  if (cadenceHours !== 1) return calm || cadenceHours === null ? days : days / 2;
  return calm ? Math.min(days, hourlyDays) : undefined;
}
const hourlyDays = 32;

/** When the service is down: now and then for hours, a few times for days. */
export function downtimesOf(seed: number, share: number): Span[] {
  const random = seededRandom(seed);
  const spans: Span[] = [];
  for (let at = 60; at < hours;) {
    const length = Math.ceil(random() < 0.2 ? random() * 120 : random() * 12);
    spans.push([at, at + length]);
    at += length + Math.ceil((length * (1 - share) * 2 * random()) / share) + 1;
  }
  return spans;
}

export const isWithin = (spans: readonly Span[], hour: number): boolean =>
  spans.some(([from, to]) => hour >= from && hour < to);
