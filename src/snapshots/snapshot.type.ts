import { Field, ID, InputType, ObjectType } from "type-graphql";
import {
  ReasonEnum,
  SnapshotCauseEnum,
  SnapshotKindEnum,
  SnapshotStatusEnum,
  SnapshotTypeEnum,
  type Reason,
} from "../api/enums.js";
import { FromRow } from "../api/from-row.js";
import { Node } from "../api/node.js";
import { DateTime, SafeInt } from "../api/scalars.js";
import type { SnapshotCause, SnapshotKind, SnapshotStatus, SnapshotType } from "../db/enums.js";
import { toGlobalId } from "../ids.js";
import {
  isExportable,
  isRestorable,
  judgeExportable,
  judgeRestorable,
  statusAt,
  type Eligibility,
} from "./eligibility.js";
import type { SnapshotRow } from "./snapshots.queries.js";

@ObjectType("Eligibility", {
  simpleResolvers: true,
  description:
    "Whether a snapshot may be restored or exported, as of the request; a page can disable its button at `until` without asking again.",
})
export class EligibilityType {
  @Field(() => Boolean, { description: "Whether it may be done now." }) allowed!: boolean;
  @Field(() => DateTime, { nullable: true, description: "When it stops being allowed." }) until?: Date | null;
  @Field(() => [ReasonEnum], { description: "Why not; empty where allowed." }) reasons!: readonly Reason[];
}

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: "A copy of an instance's data at one instant.",
})
export class Snapshot extends Node {
  @FromRow((row: { id: string }) => toGlobalId("snapshot", row.id))
  @Field(() => ID, { description: "Opaque, global, and never reused." })
  override id!: string;
  @Field(() => SnapshotTypeEnum, { description: "Who asked for it." }) type!: SnapshotType;
  @Field(() => SnapshotKindEnum, { description: "How much it holds." }) kind!: SnapshotKind;
  @FromRow((row: SnapshotRow, { now }) => statusAt(row, now))
  @Field(() => SnapshotStatusEnum, { description: "How far it is." })
  status!: SnapshotStatus;
  @FromRow((row: SnapshotRow, { now }) => isRestorable(row, now))
  @Field(() => Boolean, {
    description:
      "Whether its data can be had back now: by restoreSnapshot, or once its instance is deleted by createInstanceFromSnapshot.",
  })
  restorable!: boolean;
  @FromRow((row: SnapshotRow, { now }) => isExportable(row, now))
  @Field(() => Boolean, {
    description:
      "Whether exportSnapshot may make a file of it now, and createInstanceFromSnapshot a copy while its instance is there.",
  })
  exportable!: boolean;
  @FromRow((row: SnapshotRow, { now }) => judgeRestorable(row, now))
  @Field(() => EligibilityType, { description: "What `restorable` says: whether, until when, and why not." })
  restorability!: Eligibility;
  @FromRow((row: SnapshotRow, { now }) => judgeExportable(row, now))
  @Field(() => EligibilityType, { description: "What `exportable` says: whether, until when, and why not." })
  exportability!: Eligibility;
  @Field(() => SnapshotCauseEnum, { description: "Why it was taken." }) cause!: SnapshotCause;
  @Field(() => String, { nullable: true, description: "The name a user gave it." }) name?: string | null;
  @Field(() => DateTime, { description: "The instant whose data it holds." }) takenAt!: Date;
  @Field(() => DateTime, { nullable: true, description: "When it was complete." }) completedAt?: Date | null;
  @Field(() => SafeInt, { nullable: true, description: "Bytes of the data it restores to." }) sizeBytes?:
    number | null;
  @Field(() => SafeInt, { nullable: true, description: "Bytes it takes in the store." }) storedBytes?:
    number | null;
  @Field(() => String, { nullable: true, description: "SHA-256 of its manifest, in hex." }) sha256?:
    string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "Why a snapshot is kept past its windows, and by whose word.",
})
export class SnapshotHold {
  @Field(() => String, { description: "The reason that was given." }) reason!: string;
  @Field(() => String, { description: "The name of the API key that placed it." }) placedBy!: string;
  @Field(() => DateTime, { description: "Since when." }) placedAt!: Date;
}

@InputType({ description: "Which snapshots to list; all that is given must hold." })
export class SnapshotFilter {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Only those that may be exported now.",
  })
  exportableOnly?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Only those that may be restored now.",
  })
  restorableOnly?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Also those whose window has closed.",
  })
  includeExpired?: boolean | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: "Only those that are held." })
  heldOnly?: boolean | null;
  @Field(() => SnapshotTypeEnum, { nullable: true, description: "Only this type." })
  type?: SnapshotType | null;
  @Field(() => SnapshotKindEnum, { nullable: true, description: "Only this kind." })
  kind?: SnapshotKind | null;
  @Field(() => SnapshotStatusEnum, { nullable: true, description: "Only this status." })
  status?: SnapshotStatus | null;
  @Field(() => DateTime, { nullable: true, description: "Only those taken after this." })
  takenAfter?: Date | null;
  @Field(() => DateTime, { nullable: true, description: "Only those taken before this." })
  takenBefore?: Date | null;
}
