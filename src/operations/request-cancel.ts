import { and, eq, sql } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import { operations } from "../db/tables/index.js";
import { invalidInput, notFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import type { ActionContext, ActionResult } from "./action.js";
import { isCancelable } from "./is-cancelable.js";
import { failed } from "./request-operation.js";

/** Asks the worker to undo the operation; CANCELED follows once it has. Asking twice is asking once. */
export async function requestCancel(
  context: ActionContext,
  viewer: Viewer,
  input: { readonly operationId: string },
): Promise<ActionResult> {
  return context.db.transaction(async (tx): Promise<ActionResult> => {
    const [row] = await tx
      .select()
      .from(operations)
      .where(and(eq(operations.projectId, viewer.projectId), eq(operations.id, input.operationId)))
      .for("update");
    const path = ["input", "operationId"];
    if (!row) return failed(notFound("There is no such operation.", ...path));
    if (row.status === "CANCELING" || row.status === "CANCELED")
      return { operation: row, replayed: true, errors: [] };
    if (!isCancelable(row)) {
      return failed(
        invalidInput(`It is ${row.status} in phase ${row.phase} and can no longer be undone.`, ...path),
      );
    }
    const [operation] = await tx
      .update(operations)
      .set({ status: "CANCELING", revision: sql`${operations.revision} + 1` })
      .where(eq(operations.id, row.id))
      .returning();
    if (!operation) throw new Error(`operation ${row.id} vanished under its lock`);
    const { id, instanceId, revision } = operation;
    await context.events.publish(tx, { topic: "operation", id, instanceId, revision });
    const objectId = toGlobalId("operation", id);
    await recordAudit(tx, viewer, context.clock.now(), { action: "cancelOperation", objectId });
    return { operation, replayed: false, errors: [] };
  });
}
