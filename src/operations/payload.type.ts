import { createUnionType, Field, Int, InterfaceType, ObjectType, type ClassType } from "type-graphql";
import type { ActionError, ActionResult } from "./action.js";
import { Instance } from "../instances/instance.type.js";
import { EligibilityType, Snapshot } from "../snapshots/snapshot.type.js";
import * as types from "./operation.type.js";

const typeOf = (error: { kind: ActionError["kind"] }) => `${error.kind}Error`;

@InterfaceType({ resolveType: typeOf, description: "Why a request was not granted." })
export abstract class UserError {
  @Field(() => String, { description: "What to do about it, for a person." }) message!: string;
  @Field(() => [String], { description: "The argument to blame." }) path!: readonly string[];
}
@ObjectType({ implements: UserError, description: "An argument makes no sense." })
export class InvalidInputError extends UserError {}
@ObjectType({ implements: UserError, description: "There is no such thing in the project." })
export class NotFoundError extends UserError {}
@ObjectType({ implements: UserError, description: "The snapshot may not be used for this." })
export class NotEligibleError extends UserError {
  @Field(() => EligibilityType, { description: "Why not." }) eligibility!: EligibilityType;
}
@ObjectType({
  implements: UserError,
  description: "Another operation works on the instance's data; ask again when it has ended.",
})
export class InstanceBusyError extends UserError {
  @Field(() => types.Operation, { description: "The one to wait for." }) blocking!: unknown;
}
@ObjectType({ implements: UserError, description: "The key was used for another request." })
export class IdempotencyConflictError extends UserError {
  @Field(() => types.Operation, { description: "What the key stands for." }) original!: unknown;
}
@ObjectType({ implements: UserError, description: "The project has as many of these as it may have." })
export class QuotaExceededError extends UserError {
  @Field(() => Int, { description: "How many are allowed." }) limit!: number;
}
export const ActionErrorUnion = createUnionType({
  name: "ActionError",
  description: "Why a mutation started no work.",
  types: () =>
    [
      InvalidInputError,
      NotFoundError,
      NotEligibleError,
      InstanceBusyError,
      IdempotencyConflictError,
      QuotaExceededError,
    ] as const,
  resolveType: (error) => typeOf(error as unknown as { kind: ActionError["kind"] }),
});

export type Payload = Pick<ActionResult, "operation" | "replayed" | "errors"> & {
  instance?: unknown;
  snapshot?: unknown;
};
function payload(name: string, operation: () => object, made?: "instance" | "snapshot"): ClassType<Payload> {
  @ObjectType(`${name}Payload`, { description: "The operation that was started, or why none was." })
  class Result {
    @Field(operation as () => ClassType, {
      nullable: true,
      description: "The work; null where errors say why not.",
    })
    operation?: unknown;
    @Field(() => [ActionErrorUnion], { description: "Empty where the work was started." })
    errors!: readonly unknown[];
    @Field(() => Boolean, { description: "Whether an earlier answer is given again." }) replayed!: boolean;
  }
  if (made)
    Field(() => (made === "instance" ? Instance : Snapshot), {
      nullable: true,
      description: `The ${made} that is being made.`,
    })(Result.prototype, made);
  return Result as unknown as ClassType<Payload>;
}
export const CreateInstancePayload = payload(
  "CreateInstance",
  () => types.CreateInstanceOperation,
  "instance",
);
export const DeleteInstancePayload = payload("DeleteInstance", () => types.DeleteInstanceOperation);
export const TakeSnapshotPayload = payload("TakeSnapshot", () => types.SnapshotOperation, "snapshot");
export const RestoreSnapshotPayload = payload("RestoreSnapshot", () => types.RestoreOperation);
export const ExportSnapshotPayload = payload("ExportSnapshot", () => types.ExportOperation);
export const CreateInstanceFromSnapshotPayload = payload(
  "CreateInstanceFromSnapshot",
  () => types.CreateInstanceOperation,
  "instance",
);
export const CancelOperationPayload = payload("CancelOperation", () => types.Operation);
