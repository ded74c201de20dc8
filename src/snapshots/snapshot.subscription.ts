import { GraphQLError } from "graphql";
import { Arg, Field, ID, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { ChangeKindEnum } from "../api/enums.js";
import { parseIdOf } from "../ids.js";
import { Snapshot } from "./snapshot.type.js";
import { type SnapshotChangeNotice, watchSnapshots } from "./watch-snapshots.js";

@ObjectType({ description: "What happened to a snapshot, and the snapshot as it is now." })
class SnapshotChange {
  @Field(() => ChangeKindEnum, { description: "What happened." })
  change!: SnapshotChangeNotice["change"];
  @Field(() => Snapshot, { description: "The snapshot; of a removed one what is still known." })
  snapshot!: unknown;
}

async function watch(context: Context, instanceId: unknown) {
  const viewer = requireRole(context, "VIEWER");
  const id = parseIdOf("instance", String(instanceId));
  const row = id ? await context.loaders.instance.load(id) : undefined;
  if (!row || row.deletedAt)
    throw new GraphQLError("There is no such instance.", { extensions: { code: "NOT_FOUND" } });
  return watchSnapshots(context, viewer, row.id);
}

@Resolver()
export class SnapshotSubscriptions {
  @Subscription(() => SnapshotChange, {
    description: "Snapshots of an instance as they appear, change and go, from now on.",
    subscribe: ({ context, args }) =>
      watch(context as Context, (args as { instanceId: string }).instanceId) as never,
  })
  snapshotChanged(
    @Root() notice: SnapshotChangeNotice,
    @Arg("instanceId", () => ID, { description: "The instance." }) _instanceId: string,
  ) {
    return notice;
  }
}
