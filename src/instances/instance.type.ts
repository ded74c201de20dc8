import { Field, ID, InputType, ObjectType } from "type-graphql";
import { CloudProviderEnum, InstanceStatusEnum, MajorVersionEnum, TierEnum } from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node } from "../api/node.js";
import { DateTime, SafeInt } from "../api/scalars.js";
import type { CloudProvider, InstanceStatus, MajorVersion, Tier } from "../db/enums.js";
import { toGlobalId } from "../ids.js";

@ObjectType({ simpleResolvers: true, implements: Node, description: "A database of the project." })
export class Instance extends Node {
  @FromRow((row: { id: string }) => toGlobalId("instance", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => String, { description: "Its name." }) name!: string;
  @Field(() => TierEnum, { description: "Its tier." }) tier!: Tier;
  @Field(() => MajorVersionEnum, { description: "Its major version." }) version!: MajorVersion;
  @Field(() => CloudProviderEnum, { description: "Whose cloud it lives in." }) cloudProvider!: CloudProvider;
  @Field(() => String, { description: "Where in that cloud." }) region!: string;
  @Field(() => InstanceStatusEnum, { description: "What it is doing." }) status!: InstanceStatus;
  @Field(() => String, { description: "Which driver holds the data, such as ladybug." }) engine!: string;
  @Field(() => String, { nullable: true, description: "The driver's version, once known." }) engineVersion?:
    string | null;
  @Field(() => DateTime, { description: "When it was requested." }) createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When it was deleted; null while it lives." })
  deletedAt?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "When the next scheduled snapshot is due." })
  nextScheduledSnapshotAt?: Date | null;
  @Field(() => SafeInt, { nullable: true, description: "Size of its data in bytes, once measured." })
  sizeBytes?: number | null;
}

@ObjectType("Location", { simpleResolvers: true, description: "A place where instances may live." })
export class LocationType {
  @Field(() => CloudProviderEnum, { description: "Whose cloud." }) cloudProvider!: CloudProvider;
  @Field(() => String, { description: "Where in it." }) region!: string;
}

@InputType({ description: "Which instances to list; all that is given must hold." })
export class InstanceFilter {
  @Field(() => TierEnum, { nullable: true, description: "Only this tier." }) tier?: Tier | null;
  @Field(() => InstanceStatusEnum, { nullable: true, description: "Only this status." })
  status?: InstanceStatus | null;
  @Field(() => CloudProviderEnum, { nullable: true, description: "Only this cloud." })
  cloudProvider?: CloudProvider | null;
  @Field(() => String, { nullable: true, description: "Only names that contain this." }) nameContains?:
    string | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Only deleted ones: what was retained of their snapshots can still be exported and cloned.",
  })
  deleted?: boolean | null;
}
