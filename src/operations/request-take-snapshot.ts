import { snapshots } from "../db/tables/index.js";
import { invalidInput } from "../errors.js";
import type { Viewer } from "../projects/viewer.js";
import type { ActionContext, ActionResult } from "./action.js";
import { checkName, lockInstance, refuse, refuseIfBusy, requestOperation } from "./request-operation.js";

export interface TakeSnapshotRequest {
  readonly instanceId: string;
  readonly name?: string | null;
  readonly idempotencyKey?: string | null;
}

/** Records an on-demand snapshot, which is always FULL, and the operation that takes it. */
export function requestTakeSnapshot(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: TakeSnapshotRequest,
): Promise<ActionResult> {
  return requestOperation(
    context,
    { action: "takeSnapshot", viewer, idempotencyKey, input: { ...input } },
    async (tx, now) => {
      const name = input.name == null ? null : checkName(input.name, "input", "name");
      const instance = await lockInstance(tx, viewer, input.instanceId, "input", "instanceId");
      await refuseIfBusy(tx, instance.id, ["input", "instanceId"]);
      if (instance.status !== "RUNNING") {
        refuse(
          invalidInput(
            `The instance is ${instance.status}; only a RUNNING one has data to copy.`,
            "input",
            "instanceId",
          ),
        );
      }
      const snapshotId = context.newId();
      await tx.insert(snapshots).values({
        id: snapshotId,
        projectId: viewer.projectId,
        instanceId: instance.id,
        type: "ON_DEMAND",
        kind: "FULL",
        cause: "ON_DEMAND",
        status: "PENDING",
        name,
        takenAt: now,
        chainRootId: snapshotId,
        chainDepth: 0,
        createdAt: now,
      });
      await context.events.publish(tx, {
        topic: "snapshot",
        id: snapshotId,
        instanceId: instance.id,
        change: "ADDED",
      });
      return {
        id: context.newId(),
        kind: "SNAPSHOT",
        instanceId: instance.id,
        exclusive: true,
        snapshotId,
        bytesTotal: instance.sizeBytes,
      };
    },
  );
}
