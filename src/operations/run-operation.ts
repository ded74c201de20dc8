import { and, eq, inArray, sql } from "drizzle-orm";
import { operations } from "../db/tables/index.js";
import type { OperationKind } from "../db/enums.js";
import type { Job, JobQueue } from "../jobs/job-queue.js";
import type { Logger } from "../telemetry/logger.js";
import type { OperationRow } from "./action.js";
import { createInstanceJob } from "./create-instance.job.js";
import { deleteInstanceJob } from "./delete-instance.job.js";
import { exportJob } from "./export.job.js";
import { describeFailure, isTransient } from "./failure.js";
import type { OperationJob } from "./operation-job.js";
import { operationQueue, unfinished } from "./request-operation.js";
import { restoreJob } from "./restore.job.js";
import { takeSnapshotJob } from "./take-snapshot.job.js";
import { CanceledError, FencedError, type Outcome, Work } from "./work.js";
import type { WorkContext } from "./work-context.js";

const jobsByKind: Readonly<Record<OperationKind, OperationJob>> = {
  CREATE_INSTANCE: createInstanceJob,
  DELETE_INSTANCE: deleteInstanceJob,
  SNAPSHOT: takeSnapshotJob,
  RESTORE: restoreJob,
  EXPORT: exportJob,
};

/** So many workers may die over an operation before that is called its failure. */
export const mostLostWorkers = 5;
/** So often it is tried again after a failure that may pass by itself. */
export const mostRetries = 4;

/**
 * The operations' queue. It only delivers: attempts are counted in the operation's own row, which knows the dead
 * worker from the one that was stopped.
 */
export const operationQueueDefinition = { name: operationQueue, attempts: 1_000_000 };

/** Takes operations from the queue and runs them in this process. */
export function workOnOperations(
  context: WorkContext,
  queue: JobQueue,
  logger: Logger,
  concurrency: number,
): Promise<void> {
  return queue.work(operationQueue, { concurrency }, (job) => runOperation(context, logger, job));
}

/** Runs one operation to its end. Throws only where another attempt shall follow. */
export async function runOperation(
  context: WorkContext,
  logger: Logger,
  job: Pick<Job, "id" | "signal">,
): Promise<void> {
  const operation = await claim(context, job.id);
  if (!operation) return;
  const work = new Work(context, operation, job.signal);
  const steps = jobsByKind[operation.kind];
  const about = { operation: operation.id, kind: operation.kind, attempt: operation.attempt };
  const endWatch = work.watch();
  try {
    await runSteps().catch(conclude);
  } catch (error) {
    // Whoever fenced this worker off ends the operation.
    if (!(error instanceof FencedError)) throw error;
    logger.info(about, "the operation has ended elsewhere");
  } finally {
    await endWatch();
  }

  async function runSteps(): Promise<void> {
    if (operation?.status === "CANCELING") throw new CanceledError("canceled on request");
    if (work.operation.unreportedAttempts > mostLostWorkers) {
      const message = "Its workers died again and again; look at the service's log.";
      return giveUp({ status: "FAILED", code: "WORKER_LOST", message, retryable: true });
    }
    return steps.run(work);
  }

  async function conclude(error: unknown): Promise<void> {
    // A reason given to the signal says more than the abort that it caused elsewhere.
    const cause: unknown = work.signal.aborted && !job.signal.aborted ? work.signal.reason : error;
    if (error instanceof FencedError || cause instanceof FencedError) throw new FencedError("fenced");
    if (cause instanceof CanceledError) return giveUp({ status: "CANCELED" });
    if (job.signal.aborted) {
      await work.release({ retry: false });
      throw error;
    }
    const failure = describeFailure(cause);
    logger.warn({ err: cause, ...about, code: failure.code }, "an operation's step failed");
    if (isTransient(cause) && work.operation.retries < mostRetries) {
      await work.release({ retry: true });
      throw error;
    }
    return giveUp({ status: "FAILED", ...failure });
  }

  async function giveUp(outcome: Outcome): Promise<void> {
    // Nothing is undone before it is certain that it has neither succeeded nor been taken up by another.
    await work.fenced(() => Promise.resolve());
    await steps.undo(work).catch((error: unknown) => {
      if (error instanceof FencedError) throw error;
      logger.warn({ err: error, ...about }, "what an operation left behind is left to the sweep");
    });
    await work.end(outcome, (tx, now) => steps.revert(work, tx, now, outcome.status));
  }
}

/** Takes the operation up: from now on earlier workers are fenced off. Undefined where it has ended already. */
async function claim(context: WorkContext, id: string): Promise<OperationRow | undefined> {
  return context.db.transaction(async (tx) => {
    const now = context.clock.now();
    const [row] = await tx
      .update(operations)
      .set({
        attempt: sql`${operations.attempt} + 1`,
        unreportedAttempts: sql`${operations.unreportedAttempts} + 1`,
        // What is only given up keeps the phase in which it was left.
        phase: sql`case when ${operations.status} = 'CANCELING' or ${operations.unreportedAttempts} >= ${mostLostWorkers}
          then ${operations.phase} else 'PREPARING' end`,
        status: sql`case when ${operations.status} = 'QUEUED' then 'RUNNING' else ${operations.status} end`,
        startedAt: sql`coalesce(${operations.startedAt}, ${now.toISOString()}::timestamptz)`,
        revision: sql`${operations.revision} + 1`,
      })
      .where(and(eq(operations.id, id), inArray(operations.status, [...unfinished])))
      .returning();
    if (row)
      await context.events.publish(tx, {
        topic: "operation",
        id,
        instanceId: row.instanceId,
        revision: row.revision,
      });
    return row;
  });
}
