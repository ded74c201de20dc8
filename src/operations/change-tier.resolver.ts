import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { TierEnum } from "../api/enums.js";
import type { Tier } from "../db/enums.js";
import { notFound } from "../errors.js";
import { parseIdOf } from "../ids.js";
import { Instance } from "../instances/instance.type.js";
import { changeTier } from "../snapshots/change-tier.js";
import { ActionErrorUnion } from "./payload.type.js";

@InputType({ description: "What an instance is to be sold as from now on." })
class ChangeTierInput {
  @Field(() => ID, { description: "The instance." }) instanceId!: string;
  @Field(() => TierEnum, { description: "Its new tier." }) tier!: Tier;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Give existing snapshots the new windows too; tierChangePreview lists what that would lose.",
  })
  applyToExisting?: boolean | null;
}

@ObjectType({ description: "The changed instance, or why it was not changed." })
class ChangeTierPayload {
  @Field(() => Instance, { nullable: true, description: "As it is now; null where errors say why not." })
  instance?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where the tier was changed." })
  errors!: readonly unknown[];
}

/** Starts no operation: it is done when it answers. */
@Resolver()
export class ChangeTierResolver {
  @Mutation(() => ChangeTierPayload, { description: "Changes an instance's tier, at once. ADMIN." })
  async changeTier(
    @Ctx() context: Context,
    @Arg("input", () => ChangeTierInput, { description: "Which instance, and its new tier." })
    input: ChangeTierInput,
  ): Promise<ChangeTierPayload> {
    const viewer = requireRole(context, "ADMIN");
    const instanceId = parseIdOf("instance", input.instanceId);
    if (!instanceId) return { errors: [notFound("There is no such instance.", "input", "instanceId")] };
    const applyToExisting = input.applyToExisting ?? false;
    const result = await changeTier(context, viewer, { instanceId, tier: input.tier, applyToExisting });
    return "error" in result ? { errors: [result.error] } : { instance: result.instance, errors: [] };
  }
}
