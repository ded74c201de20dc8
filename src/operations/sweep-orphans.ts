import type { Clock } from "../clock.js";
import type { Logger } from "../telemetry/logger.js";
import { type Orphan, type OrphanSource, removableFrom } from "./orphan.js";
import type { Sweep } from "./sweep.js";

export interface OrphanCount {
  readonly kind: Orphan["kind"];
  readonly origin: Orphan["origin"];
  readonly count: number;
  readonly sizeBytes: number;
}

export interface OrphanSweepOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So long after it was last written an orphan is left alone. */
  readonly graceMs: number;
  /** Told after each sweep, with a line for each kind and origin also where there is none. */
  readonly onSwept?: (left: readonly OrphanCount[], removed: readonly OrphanCount[]) => void;
}

/** Tells of the orphans, and removes those whose grace is over. One that cannot be removed keeps no other from going. */
export function sweepOrphans(source: OrphanSource, options: OrphanSweepOptions): Sweep {
  const { name, everyMs, clock, logger, graceMs, onSwept } = options;
  let told = "";
  return {
    name,
    everyMs,
    async run() {
      const [left, removed, failures]: [Orphan[], Orphan[], unknown[]] = [[], [], []];
      for await (const orphan of source.find()) {
        const from = removableFrom(orphan, graceMs);
        if (from === null || clock.now() < from) {
          left.push(orphan);
          continue;
        }
        try {
          await orphan.remove();
          removed.push(orphan);
          logger.info({ orphan: orphan.name, changedAt: orphan.changedAt }, "an orphan has been removed");
        } catch (error) {
          left.push(orphan);
          failures.push(error);
        }
      }
      const counts = countOrphans(source, left);
      const found = counts.filter(({ count }) => count > 0);
      // As often as it changes, not as often as it is looked at.
      if (told !== (told = JSON.stringify(found)) && found.length > 0)
        logger.warn({ orphans: found }, "there is what no row names; `daguerre orphans` lists it");
      onSwept?.(counts, countOrphans(source, removed));
      if (failures.length > 0) throw failures[0];
      return removed.length;
    },
  };
}

function countOrphans({ kinds }: OrphanSource, orphans: readonly Orphan[]): OrphanCount[] {
  return kinds.flatMap((kind) =>
    (["FORGOTTEN", "UNKNOWN"] as const).map((origin) => {
      const some = orphans.filter((each) => each.kind === kind && each.origin === origin);
      return {
        kind,
        origin,
        count: some.length,
        sizeBytes: some.reduce((sum, each) => sum + each.sizeBytes, 0),
      };
    }),
  );
}
