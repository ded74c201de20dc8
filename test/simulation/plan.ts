import type { MajorVersion, Tier } from "../../src/db/enums.js";
import { seededRandom } from "../support/clock.js";

export const hourMs = 3_600_000;
export const start = new Date("2026-01-01T00:00:00.000Z");
/** `SIMULATION_DAYS=10` lives through fewer. */
export const days = Number(process.env["SIMULATION_DAYS"] ?? 120);

/** Half-open, in hours since `start`. */
export type Span = readonly [from: number, to: number];

/** What will happen to one instance: all of it follows from its seed. Hours since `start`; actions come at half past. */
export interface Plan {
  readonly seed: number;
  readonly tier: Tier;
  readonly version: MajorVersion;
  readonly createdAtHour: number;
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

/** Where nothing goes wrong: past the end of the longest scheduled window, which is 60 days. */
export const calmDays = Math.min(days, 65);

const hours = days * 24;

/** `calm`: nothing goes wrong. */
export function planOf(seed: number, tier: Tier, version: MajorVersion, calm: boolean): Plan {
  const random = seededRandom(seed);
  const hour = () => Math.floor(random() * hours);
  const some = (most: number) => new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, hour));
  const span = (longest: number): Span => {
    const from = hour();
    return [from, from + 1 + Math.floor(random() * longest)];
  };
  const hourly = tier === "BUSINESS_CRITICAL" || tier === "VIRTUAL_DEDICATED_CLOUD";
  const trouble = calm ? 0 : 1;
  return {
    ...{ seed, tier, version, random },
    createdAtHour: Math.floor(random() * 48),
    onDemandAt: some(tier === "FREE" ? 12 : 6),
    systemChangeAt: some(3),
    restoreAt: some(2 * trouble),
    damageAt: some(2 * trouble),
    hold: !calm && random() < 0.3 ? span(60 * 24) : undefined,
    outages: Array.from({ length: trouble * Math.floor(random() * 3) }, () => span(hourly ? 4 : 60)),
    faults: { fail: 0.02 * trouble, kill: 0.01 * trouble },
  };
}

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
