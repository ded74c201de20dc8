import { Arg, Args, Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from "type-graphql";
import { badInput } from "../api/bad-input.js";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { RoleEnum } from "../api/enums.js";
import { Url } from "../api/scalars.js";
import type { Role } from "../db/enums.js";
import { parseIdOf, toGlobalId } from "../ids.js";
import { Instance, InstanceFilter, LocationType } from "./instance.type.js";
import { longestName } from "./placement.js";
import { countInstances, type InstanceRow, listInstances } from "./instances.queries.js";

const InstanceConnection = connectionTypes("Instance", () => Instance);

@ObjectType("Viewer", { description: "The key or token that asks." })
class ViewerType {
  @Field(() => String, { description: "Name of its project." }) project!: string;
  @Field(() => ID, { description: "Id of its project, as the claims of tokens may name it." })
  projectId!: string;
  @Field(() => RoleEnum, { description: "What it may do." }) role!: Role;
  @Field(() => String, { description: "Its name." }) keyName!: string;
}

@Resolver(() => Instance)
export class InstanceResolver {
  @Query(() => ViewerType, { description: "Who asks." })
  viewer(@Ctx() context: Context): ViewerType {
    const { projectName, projectId, role, keyName } = requireRole(context, "VIEWER");
    return { project: projectName, projectId: toGlobalId("project", projectId), role, keyName };
  }
  @Query(() => [LocationType], { description: "Where instances may live." })
  locations(@Ctx() context: Context) {
    requireRole(context, "VIEWER");
    return context.locations;
  }
  @Query(() => Instance, { nullable: true, description: "One instance, or null." })
  async instance(@Ctx() context: Context, @Arg("id", () => ID, { description: "Its id." }) id: string) {
    requireRole(context, "VIEWER");
    const uuid = parseIdOf("instance", id);
    const row = uuid ? await context.loaders.instance.load(uuid) : undefined;
    return row && !row.deletedAt ? row : null;
  }
  @Query(() => InstanceConnection, { description: "The project's instances, oldest first." })
  async instances(
    @Ctx() context: Context,
    @Args(() => PageArgs) args: PageArgs,
    @Arg("filter", () => InstanceFilter, { nullable: true, description: "Which of them." })
    filter?: InstanceFilter,
  ) {
    const viewer = requireRole(context, "VIEWER");
    if ((filter?.nameContains?.length ?? 0) > longestName)
      throw badInput(`nameContains has ${longestName} characters at most, as names have.`);
    const key = listKey("instances", viewer.projectId, filter);
    const page = await listInstances(context.db, viewer, parsePage(args, key), filter ?? {});
    return toConnection(
      page,
      key,
      (row) => row.createdAt,
      () => countInstances(context.db, viewer, filter ?? {}),
    );
  }
  @FieldResolver(() => Url, { nullable: true, description: "Where the data is queried: append /query/v2." })
  connectionUrl(@Ctx() context: Context, @Root() row: InstanceRow) {
    return new URL(`${context.publicUrl.replace(/\/$/, "")}/db/${toGlobalId("instance", row.id)}`);
  }
}
