import { Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { MajorVersionEnum, SnapshotKindEnum, SnapshotTypeEnum, TierEnum } from "../api/enums.js";
import type { MajorVersion, SnapshotKind, SnapshotType, Tier } from "../db/enums.js";
import { Instance } from "../instances/instance.type.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { findRetention, type RetentionRow } from "./retention.js";
import { Snapshot } from "./snapshot.type.js";

@ObjectType({ description: "How many scheduled snapshots of a kind a day brings." })
class ScheduledQuota {
  @Field(() => SnapshotKindEnum, { description: "The kind." }) kind!: SnapshotKind;
  @Field(() => Int, { description: "How many a day." }) perDay!: number;
}
@ObjectType("RetentionWindow", {
  description: "How long snapshots of a type and kind may be used, in days from takenAt.",
})
class RetentionWindowType {
  @Field(() => SnapshotTypeEnum, { description: "The type." }) type!: SnapshotType;
  @Field(() => SnapshotKindEnum, { description: "The kind." }) kind!: SnapshotKind;
  @Field(() => Int, { description: "Days in which it may be restored." }) restorableDays!: number;
  @Field(() => Int, { nullable: true, description: "Days in which it may be exported; null: never." })
  exportableDays!: number | null;
  @Field(() => Boolean, { description: "Whether only the day's first full one is exported." })
  firstFullOfDayOnly!: boolean;
}
@ObjectType({ description: "What a tier keeps, and how long." })
class RetentionPolicy {
  @Field(() => TierEnum, { description: "The tier." }) tier!: Tier;
  @Field(() => MajorVersionEnum, { description: "The major version." }) version!: MajorVersion;
  @Field(() => String, { description: "Version of the table." }) policyVersion!: string;
  @Field(() => Int, {
    description: "How long an hour of the policy lasts: 3600, or less where a trial runs it faster.",
  })
  secondsPerHour!: number;
  @Field(() => Int, {
    nullable: true,
    description: "Hours from one scheduled snapshot to the next; null: none are taken.",
  })
  cadenceHours!: number | null;
  @Field(() => [ScheduledQuota], { description: "What a day brings." }) scheduledPerDay!: ScheduledQuota[];
  @Field(() => [RetentionWindowType], { description: "How long each may be used." })
  windows!: RetentionWindowType[];
  @Field(() => Boolean, { description: "Whether only the newest stays." }) latestOnly!: boolean;
}

function toPolicy(row: RetentionRow, policyVersion: string): RetentionPolicy {
  const kinds = Object.entries(row.scheduledPerDay) as [SnapshotKind, number][];
  const windows = (["SCHEDULED", "ON_DEMAND"] as const).flatMap((type) =>
    Object.entries(row.windows[type]).map(([kind, window]) => ({
      type,
      kind: kind as SnapshotKind,
      ...window,
    })),
  );
  const { tier, version, latestOnly, cadenceHours } = row;
  return {
    tier,
    version,
    policyVersion,
    secondsPerHour: row.hourMs / 1000,
    cadenceHours,
    latestOnly,
    windows,
    scheduledPerDay: kinds.map(([kind, perDay]) => ({ kind, perDay })),
  };
}

@Resolver(() => Instance)
export class RetentionResolver {
  @Query(() => [RetentionPolicy], { description: "What every tier keeps." })
  retentionPolicies(@Ctx() context: Context) {
    requireRole(context, "VIEWER");
    return context.policy.rows.map((row) => toPolicy(row, context.policy.version));
  }
  @FieldResolver(() => RetentionPolicy, { description: "What applies to its new snapshots." })
  retention(@Ctx() context: Context, @Root() row: InstanceRow) {
    const found = findRetention(context.policy, row.tier, row.version);
    return found && toPolicy(found, context.policy.version);
  }
  @FieldResolver(() => Snapshot, {
    nullable: true,
    description: "What it was made from, if from a snapshot.",
  })
  sourceSnapshot(@Ctx() context: Context, @Root() row: InstanceRow) {
    return row.sourceSnapshotId ? context.loaders.snapshot.load(row.sourceSnapshotId) : null;
  }
}
