import { GraphQLError } from "graphql";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { TierEnum } from "../api/enums.js";
import type { Tier } from "../db/enums.js";
import { parseIdOf } from "../ids.js";
import { previewTierChange } from "./change-tier.js";
import { longestPreviewDays, mostPreviewInstants, previewRetention, type PreviewError } from "./preview.js";
import { PreviewInputType, RetentionPreview } from "./preview.type.js";
import { Snapshot } from "./snapshot.type.js";

const badInput = (message: string, ...path: string[]) =>
  new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT", argumentPath: path } });

const previewErrors: Record<PreviewError, () => GraphQLError> = {
  NO_SUCH_TIER: () => badInput("That tier does not exist in that version.", "input", "tier"),
  AT_BEFORE_CREATED: () => badInput("`at` must not be before `createdAt`.", "input", "at"),
  SPAN_TOO_LONG: () =>
    badInput(`\`at\` may be at most ${longestPreviewDays} days after \`createdAt\`.`, "input", "at"),
  TOO_MANY_INSTANTS: () =>
    badInput(`Name at most ${mostPreviewInstants} instants and holds in all.`, "input", "onDemandAt"),
  RELEASED_BEFORE_PLACED: () =>
    badInput(
      "A hold's `releasedAt` must come after its `placedAt`; leave it out where it is not released.",
      "input",
      "holds",
    ),
};

/** What-if questions: they change nothing. */
@Resolver()
export class RetentionPreviewResolver {
  @Query(() => RetentionPreview, { description: "What the policy would do to an imaginary instance." })
  retentionPreview(
    @Ctx() context: Context,
    @Arg("input", () => PreviewInputType, { description: "The instance to imagine." })
    input: PreviewInputType,
  ): RetentionPreview {
    requireRole(context, "VIEWER");
    const onDemandAt = input.onDemandAt ?? [];
    const systemChangeAt = input.systemChangeAt ?? [];
    const holds = (input.holds ?? []).map((hold) => ({ ...hold, releasedAt: hold.releasedAt ?? null }));
    const result = previewRetention(context.policy, { ...input, onDemandAt, systemChangeAt, holds });
    if ("error" in result) throw previewErrors[result.error]();
    return { at: input.at, snapshots: result.snapshots };
  }

  @Query(() => [Snapshot], {
    description:
      "The snapshots that are restorable now and would be no more after changeTier with applyToExisting.",
  })
  async tierChangePreview(
    @Ctx() context: Context,
    @Arg("instanceId", () => ID, { description: "The instance." }) instanceId: string,
    @Arg("tier", () => TierEnum, { description: "The tier it would have." }) tier: Tier,
  ) {
    const viewer = requireRole(context, "VIEWER");
    const uuid = parseIdOf("instance", instanceId);
    const { db, policy, now } = context;
    const result = uuid && (await previewTierChange({ db, policy, now }, viewer, { instanceId: uuid, tier }));
    if (!result) throw badInput("There is no such instance.", "instanceId");
    if ("error" in result) throw badInput(result.error.message, ...result.error.path);
    return result.lost;
  }
}
