import { eq } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import { invalidInput } from "../errors.js";
import type { Viewer } from "../projects/viewer.js";
import { countHeldOf } from "../snapshots/holds.queries.js";
import type { ActionContext, ActionResult } from "./action.js";
import { lockInstance, refuse, refuseIfBusy, requestOperation } from "./request-operation.js";

export interface DeleteInstanceRequest {
  readonly instanceId: string;
  readonly confirmation: string;
  readonly retainSnapshots?: boolean | null;
  readonly idempotencyKey?: string | null;
}

/** Records that an instance shall go; its name, typed, is the confirmation. */
export function requestDeleteInstance(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: DeleteInstanceRequest,
): Promise<ActionResult> {
  return requestOperation(
    context,
    { action: "deleteInstance", viewer, idempotencyKey, input: { ...input } },
    async (tx) => {
      const instance = await lockInstance(tx, viewer, input.instanceId, "input", "instanceId");
      if (input.confirmation !== instance.name) {
        refuse(invalidInput("Type the instance's name, exactly, to confirm.", "input", "confirmation"));
      }
      await refuseIfBusy(tx, instance.id, ["input", "instanceId"], true);
      const held = input.retainSnapshots ? 0 : await countHeldOf(tx, instance.id);
      if (held > 0) {
        const message = `${held} of its snapshots are held; release them, or delete it with retainSnapshots.`;
        refuse(invalidInput(message, "input", "retainSnapshots"));
      }
      await tx.update(instances).set({ status: "DELETING" }).where(eq(instances.id, instance.id));
      await context.events.publish(tx, { topic: "instance", id: instance.id });
      return {
        id: context.newId(),
        kind: "DELETE_INSTANCE",
        instanceId: instance.id,
        exclusive: true,
        details: { retainSnapshots: input.retainSnapshots ?? false, formerStatus: instance.status },
      };
    },
  );
}
