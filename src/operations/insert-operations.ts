import type { Transaction } from "../db/client.js";
import { operations } from "../db/tables/index.js";
import type { ActionContext, OperationRow } from "./action.js";

/** The one queue on which operations run; a job's id is its operation's. */
export const operationQueue = "operations";

type Fresh = Omit<typeof operations.$inferInsert, "status" | "phase" | "createdAt">;

/** Records operations together with their jobs, and tells of them: all that it takes for work to begin once `tx` commits. */
export async function insertOperations(
  tx: Transaction,
  context: Pick<ActionContext, "jobs" | "events">,
  fresh: readonly Fresh[],
  now: Date,
): Promise<OperationRow[]> {
  if (fresh.length === 0) return [];
  const rows = await tx
    .insert(operations)
    .values(
      fresh.map((each) => ({ ...each, status: "QUEUED" as const, phase: "QUEUED" as const, createdAt: now })),
    )
    .returning();
  await context.jobs.enqueue(tx, operationQueue, ...fresh.map(({ id }) => ({ id })));
  const notices = fresh.map(({ id, instanceId }) => ({
    topic: "operation" as const,
    id,
    instanceId,
    revision: 1,
  }));
  await context.events.publish(tx, ...notices);
  return rows;
}
