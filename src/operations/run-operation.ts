import { and, eq, inArray, sql } from "drizzle-orm";
import { operations } from "../db/tables/index.js";
import type { OperationKind } from "../db/enums.js";
import type { Job, JobQueue } from "../jobs/job-queue.js";
import type { Logger } from "../telemetry/logger.js";
import type { OperationRow } from "./action.js";
import { createInstanceJob } from "./create-instance.job.js";
import { deleteInstanceJob } from "./delete-instance.job.js";
import { exportJob } from "./export.job.js";
import { describeFailure } from "./failure.js";
import type { OperationJob } from "./operation-job.js";
import { operationQueue, unfinished } from "./request-operation.js";
import { restoreJob } from "./restore.job.js";
import { takeSnapshotJob } from "./take-snapshot.job.js";
import { CanceledError, FencedError, Work, type WorkContext } from "./work.js";

const jobsByKind: Readonly<Record<OperationKind, OperationJob>> = {
  CREATE_INSTANCE: createInstanceJob,
  DELETE_INSTANCE: deleteInstanceJob,
  SNAPSHOT: takeSnapshotJob,
  RESTORE: restoreJob,
  EXPORT: exportJob,
};

/** So often an operation is taken up before its workers' deaths are called a failure. */
export const operationAttempts = 5;

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
export async function runOperation(context: WorkContext, logger: Logger, job: Job): Promise<void> {
  const operation = await claim(context, job.id);
  if (!operation) return;
  const work = new Work(context, operation, job.signal);
  const steps = jobsByKind[operation.kind];
  try {
    if (operation.status === "CANCELING") throw new CanceledError("canceled on request");
    if (operation.attempt > operationAttempts) {
      const message = "Its workers died again and again; look at the service's log.";
      await giveUp({ status: "FAILED", code: "WORKER_LOST", message, retryable: true });
      return;
    }
    await steps.run(work);
  } catch (error) {
    if (error instanceof FencedError) return;
    // A reason given to the signal says more than the abort that it caused elsewhere.
    const cause: unknown = work.signal.aborted && !job.signal.aborted ? work.signal.reason : error;
    if (cause instanceof FencedError) return;
    if (cause instanceof CanceledError) return giveUp({ status: "CANCELED" });
    if (job.signal.aborted) throw error;
    const failure = describeFailure(cause);
    logger.warn(
      { err: cause, operation: operation.id, attempt: operation.attempt, code: failure.code },
      "operation step failed",
    );
    const transient = failure.code === "ENGINE_UNAVAILABLE" || failure.code === "STORE_UNAVAILABLE";
    if (transient && !job.lastAttempt) throw error;
    await giveUp({ status: "FAILED", ...failure });
  }

  async function giveUp(outcome: Parameters<Work["end"]>[0]): Promise<void> {
    await steps.undo(work);
    await work
      .end(outcome, (tx, now) => steps.revert(work, tx, now, outcome.status))
      .catch((error: unknown) => {
        if (!(error instanceof FencedError)) throw error;
      });
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
