import { Arg, Args, Ctx, Field, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { notFound } from "../errors.js";
import { parseIdOf } from "../ids.js";
import { CreateApiKeyInput, RevokeApiKeyInput } from "../projects/api-key.input.js";
import { ApiKey } from "../projects/api-key.type.js";
import { countApiKeys, listApiKeys } from "../projects/api-keys.queries.js";
import { createApiKey } from "../projects/create-api-key.js";
import { revokeApiKey } from "../projects/revoke-api-key.js";
import { ActionErrorUnion } from "./payload.type.js";

const ApiKeyConnection = connectionTypes("ApiKey", () => ApiKey);

@ObjectType({ description: "The new key and its secret, or why there is none." })
class CreateApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: "The key; null where errors say why not." })
  apiKey?: unknown;
  @Field(() => String, {
    nullable: true,
    description: "What to send as `Authorization: Bearer`: shown now and never again.",
  })
  secret?: string;
  @Field(() => [ActionErrorUnion], { description: "Empty where the key was made." })
  errors!: readonly unknown[];
}

@ObjectType({ description: "The key that ended, or why none did." })
class RevokeApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: "The key; null where errors say why not." })
  apiKey?: unknown;
  @Field(() => [ActionErrorUnion], { description: "Empty where the key has ended." })
  errors!: readonly unknown[];
}

/** Here, not with the projects, because its errors are the ones that all mutations share. */
@Resolver()
export class ApiKeyResolver {
  @Query(() => ApiKeyConnection, {
    description: "The project's API keys, revoked and expired ones too, oldest first. ADMIN.",
  })
  async apiKeys(@Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    const viewer = requireRole(context, "ADMIN");
    const key = listKey("apiKeys", viewer.projectId);
    return toConnection(
      await listApiKeys(context.db, viewer, parsePage(args, key)),
      key,
      (row) => row.createdAt,
      () => countApiKeys(context.db, viewer),
    );
  }

  @Mutation(() => CreateApiKeyPayload, { description: "Makes an API key of the project. ADMIN." })
  createApiKey(
    @Ctx() context: Context,
    @Arg("input", () => CreateApiKeyInput, { description: "Its name, role and end." })
    input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    const viewer = requireRole(context, "ADMIN");
    return createApiKey(context, viewer, input);
  }

  @Mutation(() => RevokeApiKeyPayload, { description: "Ends an API key at once, even one's own. ADMIN." })
  async revokeApiKey(
    @Ctx() context: Context,
    @Arg("input", () => RevokeApiKeyInput, { description: "Which key." }) input: RevokeApiKeyInput,
  ): Promise<RevokeApiKeyPayload> {
    const viewer = requireRole(context, "ADMIN");
    const keyId = parseIdOf("apiKey", input.keyId);
    if (!keyId) return { errors: [notFound("There is no such API key.", "input", "keyId")] };
    return revokeApiKey(context, viewer, { keyId });
  }
}
