import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { ProjectSubjectEnum } from "../api/enums.js";
import { Instance } from "../instances/instance.type.js";
import { Snapshot } from "../snapshots/snapshot.type.js";
import { Operation } from "./operation.type.js";
import { type ProjectNotice, watchProject } from "./watch-project.js";

@ObjectType({ description: "Something in the project changed: what it was, as it is now." })
class ProjectChange {
  @Field(() => ProjectSubjectEnum, { description: "What changed." }) subject!: ProjectNotice["subject"];
}

@Resolver(() => ProjectChange)
export class ProjectSubscriptions {
  @Subscription(() => ProjectChange, {
    description:
      "Every instance as it stands, then every change of the project's instances, snapshots and operations.",
    subscribe: ({ context }) => {
      const viewer = requireRole(context as Context, "VIEWER");
      return watchProject(context as Context, viewer) as never;
    },
  })
  projectChanged(@Root() notice: ProjectNotice) {
    return notice;
  }
  @FieldResolver(() => Instance, { description: "The instance that changed, or that it belongs to." })
  instance(@Ctx() context: Context, @Root() notice: ProjectNotice) {
    return context.loaders.instance.load(notice.instanceId);
  }
  @FieldResolver(() => Snapshot, {
    nullable: true,
    description: "The snapshot that changed; null where something else did.",
  })
  snapshot(@Ctx() context: Context, @Root() notice: ProjectNotice) {
    return notice.subject === "SNAPSHOT" ? context.loaders.snapshot.load(notice.id) : null;
  }
  @FieldResolver(() => Operation, {
    nullable: true,
    description: "The operation that changed; null where something else did.",
  })
  operation(@Ctx() context: Context, @Root() notice: ProjectNotice) {
    return notice.subject === "OPERATION" ? context.loaders.operation.load(notice.id) : null;
  }
}
