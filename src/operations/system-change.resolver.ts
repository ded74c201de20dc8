import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { notFound } from "../errors.js";
import { parseIdOf } from "../ids.js";
import { Instance } from "../instances/instance.type.js";
import { reportSystemChange } from "../snapshots/report-system-change.js";
import { ActionErrorUnion } from "./payload.type.js";

@InputType({ description: "Whose system has been changed." })
class ReportSystemChangeInput {
  @Field(() => ID, { description: "The instance." }) instanceId!: string;
}

@ObjectType({ description: "The instance that a snapshot is owed to, or why none is." })
class ReportSystemChangePayload {
  @Field(() => Instance, { nullable: true, description: "The instance; null where errors say why not." })
  instance?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where a snapshot will be taken." })
  errors!: readonly unknown[];
}

/** Starts no operation by itself: the scheduler does, as soon as the instance is free. */
@Resolver()
export class SystemChangeResolver {
  @Mutation(() => ReportSystemChangePayload, {
    description:
      "Says that the system beneath an instance was patched in a way that its engine's version does not show. " +
      "A scheduled FULL is taken as soon as the instance is free. Reported again before that, it is still one. ADMIN.",
  })
  async reportSystemChange(
    @Ctx() context: Context,
    @Arg("input", () => ReportSystemChangeInput, { description: "Whose system has been changed." })
    input: ReportSystemChangeInput,
  ): Promise<ReportSystemChangePayload> {
    const viewer = requireRole(context, "ADMIN");
    const instanceId = parseIdOf("instance", input.instanceId);
    if (!instanceId) return { errors: [notFound("There is no such instance.", "input", "instanceId")] };
    const result = await reportSystemChange(context, viewer, instanceId);
    return "error" in result ? { errors: [result.error] } : { instance: result.instance, errors: [] };
  }
}
