import { and, eq, inArray, isNull, lte } from "drizzle-orm";
import type { ArtifactStore } from "../artifacts/artifact-store.js";
import { exports_, operations } from "../db/tables/index.js";
import type { JobQueue } from "../jobs/job-queue.js";
import { mendSchedules } from "../snapshots/mend-schedules.js";
import { operationQueue, unfinished } from "./request-operation.js";
import type { Sweep } from "./sweep.js";
import type { WorkContext } from "./work-context.js";

const minute = 60_000;

/** An unfinished operation whose job will never run is queued again; its worker decides whether it goes on or has failed. */
export function requeueLost(context: Pick<WorkContext, "db">, jobs: JobQueue): Sweep {
  return {
    name: "operations without a job",
    everyMs: minute,
    run: () =>
      context.db.transaction(async (tx) => {
        const rows = await tx
          .select({ id: operations.id })
          .from(operations)
          .where(inArray(operations.status, [...unfinished]));
        return (await jobs.revive(tx, operationQueue, rows)).length;
      }),
  };
}

/** Exports whose links have ended. One that cannot be removed keeps no other from going. */
export function purgeExports(context: Pick<WorkContext, "db" | "artifacts" | "clock">): Sweep {
  const { db, artifacts, clock } = context;
  return {
    name: "exports that have expired",
    everyMs: minute,
    async run() {
      const now = clock.now();
      const expired = await db
        .select()
        .from(exports_)
        .where(and(lte(exports_.expiresAt, now), isNull(exports_.purgedAt)))
        .limit(1000);
      const failures: unknown[] = [];
      for (const { operationId, objectKey } of expired) {
        try {
          await artifacts.remove(objectKey);
          await db.update(exports_).set({ purgedAt: now }).where(eq(exports_.operationId, operationId));
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
      return expired.length;
    },
  };
}

/** What interrupted writes left in the store's temporary place, long after any of them could still be going on. */
export function sweepTemporary(context: Pick<WorkContext, "clock">, store: ArtifactStore): Sweep {
  const ageMs = 60 * minute;
  return {
    name: "interrupted writes",
    everyMs: ageMs,
    run: () => store.sweepTemporary(new Date(context.clock.now().getTime() - ageMs)),
  };
}

/** A policy that gives a tier a cadence, a shorter one, or none reaches the instances that are there already. */
export function mendSchedulesSweep({
  db,
  clock,
  policy,
}: Pick<WorkContext, "db" | "clock" | "policy">): Sweep {
  return {
    name: "schedules that are not their tier's",
    everyMs: minute,
    run: () => mendSchedules({ db, policy, now: clock.now() }),
  };
}
