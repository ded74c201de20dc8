import type { CloudProvider, MajorVersion, Tier } from "../db/enums.js";
import { instances } from "../db/tables/index.js";
import { invalidInput } from "../errors.js";
import { isOffered } from "../instances/placement.js";
import type { Viewer } from "../projects/viewer.js";
import type { ActionContext, ActionResult } from "./action.js";
import { checkName, refuse, requestOperation } from "./request-operation.js";

export interface CreateInstanceRequest {
  readonly name: string;
  readonly tier: Tier;
  readonly version: MajorVersion;
  readonly cloudProvider: CloudProvider;
  readonly region: string;
  readonly idempotencyKey?: string | null;
}

/** Records a new, still empty instance and the operation that makes it. */
export function requestCreateInstance(
  context: ActionContext,
  viewer: Viewer,
  { idempotencyKey, ...input }: CreateInstanceRequest,
): Promise<ActionResult> {
  return requestOperation(
    context,
    { action: "createInstance", viewer, idempotencyKey, input: { ...input } },
    async (tx, now) => {
      const name = checkName(input.name, "input", "name");
      if (!isOffered(input.tier, input.version)) {
        refuse(
          invalidInput(`${input.tier} is not offered with ${input.version}; choose V5.`, "input", "version"),
        );
      }
      const offered = context.locations.filter((location) => location.cloudProvider === input.cloudProvider);
      if (!offered.some((location) => location.region === input.region)) {
        const regions = offered.map((location) => location.region).join(", ") || "none";
        refuse(
          invalidInput(
            `No such region of ${input.cloudProvider}; choose one of: ${regions}.`,
            "input",
            "region",
          ),
        );
      }
      const instanceId = context.newId();
      await tx.insert(instances).values({
        ...input,
        id: instanceId,
        name,
        projectId: viewer.projectId,
        status: "CREATING",
        engine: context.engineName,
        createdAt: now,
      });
      await context.events.publish(tx, { topic: "instance", id: instanceId });
      return { id: context.newId(), kind: "CREATE_INSTANCE", instanceId, exclusive: true };
    },
  );
}
