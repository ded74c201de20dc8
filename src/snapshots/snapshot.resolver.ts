import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { parseIdOf } from "../ids.js";
import { Instance } from "../instances/instance.type.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { listHeldSnapshots } from "./holds.queries.js";
import { Snapshot, SnapshotFilter, SnapshotHold } from "./snapshot.type.js";
import type { SnapshotRow } from "./snapshots.queries.js";

const SnapshotConnection = connectionTypes("Snapshot", () => Snapshot);

@Resolver(() => Snapshot)
export class SnapshotResolver {
  @Query(() => Snapshot, { nullable: true, description: "One snapshot, or null." })
  async snapshot(@Ctx() context: Context, @Arg("id", () => ID, { description: "Its id." }) id: string) {
    requireRole(context, "VIEWER");
    const uuid = parseIdOf("snapshot", id);
    return uuid ? context.loaders.snapshot.load(uuid) : null;
  }
  @Query(() => [Snapshot], {
    description: "All that the project holds, also of deleted instances: the latest hold first.",
  })
  heldSnapshots(@Ctx() context: Context) {
    return listHeldSnapshots(context.db, requireRole(context, "VIEWER"));
  }
  @FieldResolver(() => Instance, { description: "Whose data it holds." })
  instance(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return context.loaders.instance.load(row.instanceId);
  }
  @FieldResolver(() => Snapshot, {
    nullable: true,
    description: "What a differential builds on; null for others, which stand alone.",
  })
  base(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return row.baseId ? context.loaders.snapshot.load(row.baseId) : null;
  }
  @FieldResolver(() => [Snapshot], { description: "All that a restore reads, oldest first." })
  chain(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return context.loaders.chain.load(row.id);
  }
  @FieldResolver(() => SnapshotHold, {
    nullable: true,
    description: "What keeps it past its windows; null where nothing does.",
  })
  hold(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return row.holdId ? context.loaders.hold.load(row.holdId) : null;
  }
}

@Resolver(() => Instance)
export class InstanceSnapshotsResolver {
  @FieldResolver(() => SnapshotConnection, { description: "Its snapshots, newest first." })
  async snapshots(
    @Ctx() context: Context,
    @Root() row: InstanceRow,
    @Args(() => PageArgs) args: PageArgs,
    @Arg("filter", () => SnapshotFilter, { nullable: true, description: "Which of them." })
    filter?: SnapshotFilter,
  ) {
    const key = listKey("snapshots", row.id, filter);
    const page = parsePage(args, key);
    const { snapshotPage, snapshotCount } = context.loaders;
    return toConnection(
      await snapshotPage.load({
        parentId: row.id,
        args: { page, filter: filter ?? {} },
      }),
      key,
      (snapshot) => snapshot.takenAt,
      async () => (await snapshotCount.load({ parentId: row.id, args: filter ?? {} })) ?? 0,
    );
  }
  @FieldResolver(() => Snapshot, { nullable: true, description: "The newest that may be restored now." })
  latestRestorableSnapshot(@Ctx() context: Context, @Root() row: InstanceRow) {
    return context.loaders.latestRestorable.load(row.id);
  }
}
