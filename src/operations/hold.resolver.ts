import { randomBytes } from "node:crypto";
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { notFound } from "../errors.js";
import { createIds, parseIdOf } from "../ids.js";
import { type HoldResult, holdSnapshot, releaseSnapshot } from "../snapshots/hold-snapshot.js";
import { Snapshot } from "../snapshots/snapshot.type.js";
import { ActionErrorUnion } from "./payload.type.js";

@InputType({ description: "Which snapshot to keep, and why." })
class HoldSnapshotInput {
  @Field(() => ID, { description: "The snapshot; it must be restorable now." }) snapshotId!: string;
  @Field(() => String, { description: "Why, for those who read it later: 1 to 500 characters." })
  reason!: string;
}
@InputType({ description: "Which snapshot to hold no longer." })
class ReleaseSnapshotInput {
  @Field(() => ID, { description: "The snapshot." }) snapshotId!: string;
}
@ObjectType({ description: "The held snapshot, or why it is not held." })
class HoldSnapshotPayload {
  @Field(() => Snapshot, { nullable: true, description: "As it is now; null where errors say why not." })
  snapshot?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where the snapshot is held." })
  errors!: readonly unknown[];
}
@ObjectType({ description: "The released snapshot, or why it is not released." })
class ReleaseSnapshotPayload {
  @Field(() => Snapshot, {
    nullable: true,
    description: "As it is now, perhaps EXPIRED; null where errors say why not.",
  })
  snapshot?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where the snapshot is released." })
  errors!: readonly unknown[];
}

const noSuchSnapshot = { errors: [notFound("There is no such snapshot.", "input", "snapshotId")] };
const toPayload = (result: HoldResult) =>
  "error" in result ? { errors: [result.error] } : { snapshot: result.snapshot, errors: [] };

/** Start no operation: they are done when they answer. */
@Resolver()
export class HoldResolver {
  @Mutation(() => HoldSnapshotPayload, {
    description:
      "Keeps a snapshot and its chain past their windows until it is released; restorable all the while, also where its instance is deleted. ADMIN.",
  })
  async holdSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => HoldSnapshotInput, { description: "Which one, and why." }) input: HoldSnapshotInput,
  ): Promise<HoldSnapshotPayload> {
    const viewer = requireRole(context, "ADMIN");
    const snapshotId = parseIdOf("snapshot", input.snapshotId);
    if (!snapshotId) return noSuchSnapshot;
    const { db, clock, events, maxHolds } = context;
    const newId = createIds(clock, randomBytes);
    const { reason } = input;
    return toPayload(
      await holdSnapshot({ db, clock, events, maxHolds, newId }, viewer, { snapshotId, reason }),
    );
  }

  @Mutation(() => ReleaseSnapshotPayload, {
    description: "Ends a hold: the snapshot's own windows count again, at once. ADMIN.",
  })
  async releaseSnapshot(
    @Ctx() context: Context,
    @Arg("input", () => ReleaseSnapshotInput, { description: "Which one." }) input: ReleaseSnapshotInput,
  ): Promise<ReleaseSnapshotPayload> {
    const viewer = requireRole(context, "ADMIN");
    const snapshotId = parseIdOf("snapshot", input.snapshotId);
    if (!snapshotId) return noSuchSnapshot;
    return toPayload(await releaseSnapshot(context, viewer, { snapshotId }));
  }
}
