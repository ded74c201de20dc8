import type { Buckets } from "../api/limits/buckets.js";
import { sweepBuckets } from "../api/limits/share-buckets.js";
import type { ArtifactStore } from "../artifacts/artifact-store.js";
import type { ServiceDatabase } from "../db/client.js";
import type { Engine } from "../engines/engine.js";
import type { JobQueue } from "../jobs/job-queue.js";
import { detectSystemChanges } from "../operations/detect-system-changes.js";
import { orphanGenerations } from "../operations/orphan-generations.js";
import { orphanObjects } from "../operations/orphan-objects.js";
import { purgeSweep } from "../operations/purge-artifacts.js";
import { sweepOrphans } from "../operations/sweep-orphans.js";
import type { Sweep } from "../operations/sweep.js";
import {
  mendSchedulesSweep,
  purgeExports,
  requeueLost,
  sweepTemporary,
} from "../operations/sweep-operations.js";
import type { WorkContext } from "../operations/work-context.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import { purgeDeliveries } from "../webhooks/purge-deliveries.js";

interface SweepParts {
  readonly db: ServiceDatabase;
  readonly work: WorkContext;
  readonly jobs: JobQueue;
  readonly engines: readonly Engine[];
  readonly store: ArtifactStore;
  readonly buckets: Buckets;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "orphans">;
  readonly orphanGraceMs: number;
}

const minute = 60_000;

/** What every process puts right now and then, whoever left it. */
export function createSweeps({ db, work, jobs, engines, store, buckets, ...parts }: SweepParts): Sweep[] {
  const { clock } = work;
  const { logger, metrics, orphanGraceMs: graceMs } = parts;
  const orphans = { clock, logger, graceMs, onSwept: metrics.orphans };
  return [
    requeueLost(work, jobs),
    sweepOrphans(orphanGenerations(work, engines), {
      ...orphans,
      name: "generations that nothing names",
      everyMs: minute,
    }),
    sweepOrphans(orphanObjects(work), {
      ...orphans,
      name: "objects that nothing names",
      everyMs: 60 * minute,
    }),
    purgeExports(work),
    sweepTemporary(work, store),
    mendSchedulesSweep(work),
    detectSystemChanges(work, engines),
    purgeSweep(work),
    sweepBuckets(db, buckets),
    purgeDeliveries({ db, clock }),
  ];
}
