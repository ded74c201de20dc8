export interface PreviewHold {
  /** Which snapshots: those taken at this instant. */
  readonly takenAt: Date;
  readonly placedAt: Date;
  /** Null: not released. Half-open: at this instant it holds no longer. */
  readonly releasedAt: Date | null;
}

/** Whether it is in force at any time at all. */
export const isHold = ({ placedAt, releasedAt }: PreviewHold): boolean =>
  releasedAt === null || releasedAt > placedAt;

/**
 * For each instant of `takenAt` that holds name and that is held at `at`: since when, without a gap. Of holds that
 * overlap the first alone decides whether they count: by the others' time the snapshot is kept by it, or has gone. So a
 * snapshot is held exactly if it was still kept at the instant answered here. A hold that comes before its snapshot is none.
 */
export function findHeld(holds: readonly PreviewHold[], at: Date): Map<number, Date> {
  const latest = new Map<number, { since: Date; until: number }>();
  const placed = holds.filter(({ takenAt, placedAt }) => placedAt >= takenAt && placedAt <= at);
  for (const { takenAt, placedAt, releasedAt } of placed.sort((a, b) => +a.placedAt - +b.placedAt)) {
    const until = releasedAt?.getTime() ?? Infinity;
    const former = latest.get(takenAt.getTime());
    if (former && placedAt.getTime() < former.until) former.until = Math.max(former.until, until);
    else latest.set(takenAt.getTime(), { since: placedAt, until });
  }
  const held = new Map<number, Date>();
  for (const [takenAt, { since, until }] of latest) if (at.getTime() < until) held.set(takenAt, since);
  return held;
}
