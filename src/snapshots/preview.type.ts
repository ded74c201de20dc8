import { Field, InputType, ObjectType } from "type-graphql";
import {
  MajorVersionEnum,
  SnapshotCauseEnum,
  SnapshotKindEnum,
  SnapshotTypeEnum,
  TierEnum,
} from "../api/enums.js";
import { DateTime } from "../api/scalars.js";
import type { MajorVersion, SnapshotCause, SnapshotKind, SnapshotType, Tier } from "../db/enums.js";

@InputType("PreviewHoldInput", { description: "A hold on what the imaginary instance took." })
export class PreviewHoldInput {
  @Field(() => DateTime, { description: "On which snapshot: the one that is taken at this instant." })
  takenAt!: Date;
  @Field(() => DateTime, {
    description:
      "When it is placed. Ignored where the snapshot is not restorable then: a hold brings nothing back.",
  })
  placedAt!: Date;
  @Field(() => DateTime, {
    nullable: true,
    description: "When it is released, after placedAt; null: not yet.",
  })
  releasedAt?: Date | null;
}

@InputType("PreviewInput", { description: "An imaginary instance, and the instant at which to look at it." })
export class PreviewInputType {
  @Field(() => TierEnum, { description: "Its tier." }) tier!: Tier;
  @Field(() => MajorVersionEnum, { description: "Its major version." }) version!: MajorVersion;
  @Field(() => DateTime, { description: "When it was made; its schedule counts from here." })
  createdAt!: Date;
  @Field(() => DateTime, { description: "When to look: at most 400 days after createdAt." }) at!: Date;
  @Field(() => [DateTime], {
    nullable: true,
    defaultValue: [],
    description: "When a user takes snapshots.",
  })
  onDemandAt?: Date[] | null;
  @Field(() => [DateTime], {
    nullable: true,
    defaultValue: [],
    description: "When the system beneath it changes, which takes one.",
  })
  systemChangeAt?: Date[] | null;
  @Field(() => [PreviewHoldInput], { nullable: true, defaultValue: [], description: "What is held." })
  holds?: PreviewHoldInput[] | null;
}

@ObjectType("PreviewSnapshot", { description: "One snapshot that would be listed." })
export class PreviewSnapshotType {
  @Field(() => SnapshotTypeEnum, { description: "Who would ask for it." }) type!: SnapshotType;
  @Field(() => SnapshotKindEnum, { description: "How much it would hold." }) kind!: SnapshotKind;
  @Field(() => SnapshotCauseEnum, { description: "Why it would be taken." }) cause!: SnapshotCause;
  @Field(() => DateTime, { description: "The instant whose data it would hold." }) takenAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When its base was taken; null: stands alone." })
  base!: Date | null;
  @Field(() => Boolean, { description: "Whether it could be restored then." }) restorable!: boolean;
  @Field(() => Boolean, { description: "Whether it could be exported then." }) exportable!: boolean;
  @Field(() => DateTime, { nullable: true, description: "When it stops being restorable." })
  restorableUntil!: Date | null;
  @Field(() => DateTime, { nullable: true, description: "When it stops being exportable; null: never is." })
  exportableUntil!: Date | null;
  @Field(() => DateTime, { description: "How long its data is kept, for itself or for what builds on it." })
  artifactHeldUntil!: Date;
  @Field(() => Boolean, { description: "Whether it is held then: restorable until it is released." })
  held!: boolean;
  @Field(() => Boolean, {
    description:
      "Whether a hold on it, or on what builds on it, keeps its data beyond artifactHeldUntil, until released.",
  })
  artifactHeldByHold!: boolean;
}

@ObjectType({ description: "What the policy would do to an imaginary instance: the same code that does it." })
export class RetentionPreview {
  @Field(() => DateTime, { description: "The instant that was asked about." }) at!: Date;
  @Field(() => [PreviewSnapshotType], { description: "What would be listed, newest first." })
  snapshots!: readonly PreviewSnapshotType[];
}
