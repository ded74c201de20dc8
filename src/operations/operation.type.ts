import { Field, Float, ID, Int, InterfaceType, ObjectType } from "type-graphql";
import { FailureCodeEnum, OperationPhaseEnum, OperationStatusEnum } from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node, typeNameOf } from "../api/node.js";
import { DateTime, SafeInt, Url } from "../api/scalars.js";
import type { FailureCode, OperationPhase, OperationStatus } from "../db/enums.js";
import { toGlobalId } from "../ids.js";
import type { OperationRow } from "./operations.queries.js";
import { isCancelable } from "./is-cancelable.js";

@ObjectType({ simpleResolvers: true, description: "Why an operation failed." })
export class OperationFailure {
  @Field(() => FailureCodeEnum, { description: "The kind of failure." }) code!: FailureCode;
  @Field(() => String, { description: "What happened, for a person." }) message!: string;
  @Field(() => Boolean, { description: "Whether asking again may help." }) retryable!: boolean;
}

function whyFailed({ failureCode, failureMessage, failureRetryable }: OperationRow): OperationFailure | null {
  if (!failureCode) return null;
  return { code: failureCode, message: failureMessage ?? "", retryable: failureRetryable ?? false };
}

@InterfaceType({
  implements: Node,
  resolveType: typeNameOf,
  description:
    "One long-running piece of work. `revision` grows by one on every stored change; `percent` never falls, and is 100 only once the status is SUCCEEDED.",
})
export abstract class Operation extends Node {
  @FromRow((row: { id: string }) => toGlobalId("operation", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => OperationStatusEnum, { description: "Its state." }) status!: OperationStatus;
  @Field(() => OperationPhaseEnum, { description: "What it is doing now." }) phase!: OperationPhase;
  @Field(() => Float, { description: "0 to 100; never falls." }) percent!: number;
  @Field(() => SafeInt, { description: "Bytes dealt with so far." }) bytesDone!: number;
  @Field(() => SafeInt, { nullable: true, description: "Bytes in all, once known." }) bytesTotal?:
    number | null;
  @Field(() => Int, { nullable: true, description: "Seconds left, by the pace so far." }) etaSeconds?:
    number | null;
  @Field(() => Int, { description: "Grows by one on every stored change." }) revision!: number;
  @FromRow(isCancelable)
  @Field(() => Boolean, {
    description:
      "Whether cancelOperation can still stop it; false once it is CANCELING, which is asked for already.",
  })
  cancelable!: boolean;
  @FromRow(whyFailed)
  @Field(() => OperationFailure, { nullable: true, description: "Set once it failed." })
  failure?: OperationFailure | null;
  @Field(() => String, { nullable: true, description: "Name of the key that asked; null for the system." })
  requestedBy?: string | null;
  @Field(() => DateTime, { description: "When it was asked for." }) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When a worker first took it up." })
  startedAt?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "When it ended." }) finishedAt?: Date | null;
}

@ObjectType({ simpleResolvers: true, implements: Operation, description: "Takes a snapshot." })
export class SnapshotOperation extends Operation {}
@ObjectType({
  simpleResolvers: true,
  implements: Operation,
  description: "Puts a snapshot's data back into its instance.",
})
export class RestoreOperation extends Operation {}
@ObjectType({ simpleResolvers: true, implements: Operation, description: "Makes a file of a snapshot." })
export class ExportOperation extends Operation {}
@ObjectType({ simpleResolvers: true, implements: Operation, description: "Makes an instance." })
export class CreateInstanceOperation extends Operation {}
@ObjectType({ simpleResolvers: true, implements: Operation, description: "Deletes an instance." })
export class DeleteInstanceOperation extends Operation {}

@ObjectType({ simpleResolvers: true, description: "A finished export, ready to be fetched without a key." })
export class ExportDownload {
  @Field(() => Url, { description: "Signed; good until expiresAt." }) url!: URL;
  @Field(() => String, { description: "What to call the file." }) fileName!: string;
  @Field(() => DateTime, { description: "When the link ends." }) expiresAt!: Date;
  @Field(() => SafeInt, { description: "Length of the file in bytes." }) sizeBytes!: number;
  @Field(() => String, { description: "SHA-256 of the file, in hex." }) sha256!: string;
}
