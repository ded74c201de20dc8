import { Field, ID, InputType } from "type-graphql";
import { CloudProviderEnum, MajorVersionEnum, TierEnum } from "../api/enums.js";
import type { CloudProvider, MajorVersion, Tier } from "../db/enums.js";

@InputType("Idempotent", { description: "What may be sent twice." })
class Idempotent {
  @Field(() => String, {
    nullable: true,
    description:
      "For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too.",
  })
  idempotencyKey?: string | null;
}
@InputType({ description: "A new, empty instance." })
export class CreateInstanceInput extends Idempotent {
  @Field(() => String, { description: "Its name." }) name!: string;
  @Field(() => TierEnum, { description: "Its tier." }) tier!: Tier;
  @Field(() => MajorVersionEnum, { description: "Its major version." }) version!: MajorVersion;
  @Field(() => CloudProviderEnum, { description: "Whose cloud; see locations." })
  cloudProvider!: CloudProvider;
  @Field(() => String, { description: "Where in it; see locations." }) region!: string;
}
@InputType({ description: "Which instance to delete." })
export class DeleteInstanceInput extends Idempotent {
  @Field(() => ID, { description: "The instance." }) instanceId!: string;
  @Field(() => String, { description: "The instance's name, typed." }) confirmation!: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      "Keep its snapshots until their windows close and their holds end; createInstanceFromSnapshot restores them.",
  })
  retainSnapshots?: boolean | null;
}
@InputType({ description: "Which instance to take a snapshot of." })
export class TakeSnapshotInput extends Idempotent {
  @Field(() => ID, { description: "The instance." }) instanceId!: string;
  @Field(() => String, { nullable: true, description: "A name of 1 to 100 characters." }) name?:
    string | null;
}
@InputType({ description: "Which snapshot to restore over its instance." })
export class RestoreSnapshotInput extends Idempotent {
  @Field(() => ID, { description: "The snapshot." }) snapshotId!: string;
  @Field(() => String, { description: "The word RESTORE." }) confirmation!: string;
}
@InputType({ description: "Which snapshot to make a file of." })
export class ExportSnapshotInput extends Idempotent {
  @Field(() => ID, { description: "The snapshot." }) snapshotId!: string;
}
@InputType({ description: "A new instance with a snapshot's data; what is left out is as in the original." })
export class CreateInstanceFromSnapshotInput extends Idempotent {
  @Field(() => ID, { description: "The snapshot." }) snapshotId!: string;
  @Field(() => String, { description: "Name of the new instance." }) name!: string;
  @Field(() => TierEnum, { nullable: true, description: "Its tier." }) tier?: Tier | null;
  @Field(() => MajorVersionEnum, { nullable: true, description: "Its major version." })
  version?: MajorVersion | null;
  @Field(() => String, { nullable: true, description: "Where it lives." }) region?: string | null;
}
@InputType({ description: "Which operation to stop." })
export class CancelOperationInput {
  @Field(() => ID, { description: "The operation." }) operationId!: string;
}
