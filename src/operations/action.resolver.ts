import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { requireRole, type ActionName, type Context } from "../api/context.js";
import type { Role } from "../db/enums.js";
import { notFound } from "../errors.js";
import { parseIdOf, type IdKind } from "../ids.js";
import * as inputs from "./operation.input.js";
import * as payloads from "./payload.type.js";

async function act(
  context: Context,
  role: Role,
  name: ActionName,
  input: object,
  kind?: IdKind,
): Promise<payloads.Payload> {
  const viewer = requireRole(context, role);
  const parsed: Record<string, unknown> = { ...input };
  if (name !== "cancelOperation") parsed["idempotencyKey"] ??= context.idempotencyKey;
  if (kind) {
    const field = `${kind}Id`;
    const uuid = parseIdOf(kind, String(parsed[field]));
    if (!uuid) return { replayed: false, errors: [notFound(`There is no such ${kind}.`, "input", field)] };
    parsed[field] = uuid;
  }
  const result = await context.actions[name](viewer, parsed as never);
  const { operation } = result;
  if (!operation) return result;
  return {
    ...result,
    ...(operation.kind === "CREATE_INSTANCE" && {
      instance: await context.loaders.instance.load(operation.instanceId),
    }),
    ...(operation.snapshotId && { snapshot: await context.loaders.snapshot.load(operation.snapshotId) }),
  };
}

@Resolver()
export class ActionResolver {
  @Mutation(() => payloads.CreateInstancePayload, { description: "Makes an empty instance. ADMIN." })
  createInstance(
    @Ctx() context: Context,
    @Arg("input", () => inputs.CreateInstanceInput, { description: "Its name, tier, version and place." })
    input: inputs.CreateInstanceInput,
  ) {
    return act(context, "ADMIN", "createInstance", input);
  }
  @Mutation(() => payloads.DeleteInstancePayload, { description: "Deletes an instance. ADMIN." })
  deleteInstance(
    @Ctx() context: Context,
    @Arg("input", () => inputs.DeleteInstanceInput, { description: "Which instance, confirmed by its name." })
    input: inputs.DeleteInstanceInput,
  ) {
    return act(context, "ADMIN", "deleteInstance", input, "instance");
  }
  @Mutation(() => payloads.TakeSnapshotPayload, { description: "Takes a snapshot now. MEMBER." })
  takeSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => inputs.TakeSnapshotInput, { description: "Which instance, and the snapshot's name." })
    input: inputs.TakeSnapshotInput,
  ) {
    return act(context, "MEMBER", "takeSnapshot", input, "instance");
  }
  @Mutation(() => payloads.RestoreSnapshotPayload, {
    description:
      "Replaces an instance's data by a snapshot's. Where the instance is deleted, createInstanceFromSnapshot makes a new one. MEMBER.",
  })
  restoreSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => inputs.RestoreSnapshotInput, {
      description: "Which snapshot, confirmed by the word RESTORE.",
    })
    input: inputs.RestoreSnapshotInput,
  ) {
    return act(context, "MEMBER", "restoreSnapshot", input, "snapshot");
  }
  @Mutation(() => payloads.ExportSnapshotPayload, { description: "Makes a file of a snapshot. MEMBER." })
  exportSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => inputs.ExportSnapshotInput, { description: "Which snapshot." })
    input: inputs.ExportSnapshotInput,
  ) {
    return act(context, "MEMBER", "exportSnapshot", input, "snapshot");
  }
  @Mutation(() => payloads.CreateInstanceFromSnapshotPayload, {
    description:
      "Makes an instance with a snapshot's data: of what is exportable, and once its own instance is deleted of whatever is restorable. MEMBER.",
  })
  createInstanceFromSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => inputs.CreateInstanceFromSnapshotInput, {
      description: "Which snapshot, and in what the new instance differs.",
    })
    input: inputs.CreateInstanceFromSnapshotInput,
  ) {
    return act(context, "MEMBER", "createInstanceFromSnapshot", input, "snapshot");
  }
  @Mutation(() => payloads.CancelOperationPayload, { description: "Stops an operation. MEMBER." })
  cancelOperation(
    @Ctx() context: Context,
    @Arg("input", () => inputs.CancelOperationInput, { description: "Which operation." })
    input: inputs.CancelOperationInput,
  ) {
    return act(context, "MEMBER", "cancelOperation", input, "operation");
  }
}
