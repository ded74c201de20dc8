import { and, count, desc, eq, gt, inArray, isNotNull, isNull, lt, or, type SQL } from "drizzle-orm";
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { listRows, requireRole, type Context } from "../api/context.js";
import { SnapshotStatusEnum } from "../api/enums.js";
import { snapshots } from "../db/tables/index.js";
import { parseIdOf } from "../ids.js";
import { Instance } from "../instances/instance.type.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { judgeExportable, judgeRestorable, statusAt } from "./eligibility.js";
import { EligibilityType, Snapshot, SnapshotFilter } from "./snapshot.type.js";
import type { SnapshotRow } from "./snapshots.queries.js";

const SnapshotConnection = connectionTypes("Snapshot", () => Snapshot);

function matching(filter: SnapshotFilter | undefined, now: Date): (SQL | undefined)[] {
  const usable = and(
    eq(snapshots.status, "COMPLETED"),
    eq(snapshots.artifactState, "PRESENT"),
    isNull(snapshots.chainBrokenAt),
    isNull(snapshots.supersededAt),
    gt(snapshots.restorableUntil, now),
  );
  const f: SnapshotFilter = filter ?? {};
  const expired = and(
    eq(snapshots.status, "COMPLETED"),
    or(
      isNull(snapshots.restorableUntil),
      lt(snapshots.restorableUntil, now),
      eq(snapshots.restorableUntil, now),
    ),
  );
  const live = or(
    inArray(snapshots.status, ["PENDING", "IN_PROGRESS", "FAILED", "CANCELED"]),
    gt(snapshots.restorableUntil, now),
  );
  const status =
    f.status === "EXPIRED" ? expired : f.status ? and(eq(snapshots.status, f.status), live) : undefined;
  const first = or(
    eq(snapshots.exportFirstFullOfDayOnly, false),
    eq(snapshots.firstFullOfDay, true),
    eq(snapshots.type, "ON_DEMAND"),
    inArray(snapshots.kind, ["SHORT_RETENTION"]),
  );
  return [
    f.restorableOnly ? usable : undefined,
    f.exportableOnly
      ? and(usable, isNotNull(snapshots.exportableUntil), gt(snapshots.exportableUntil, now), first)
      : undefined,
    f.includeExpired || f.status === "EXPIRED" ? undefined : live,
    status,
    f.type ? eq(snapshots.type, f.type) : undefined,
    f.kind ? eq(snapshots.kind, f.kind) : undefined,
    f.takenAfter ? gt(snapshots.takenAt, f.takenAfter) : undefined,
    f.takenBefore ? lt(snapshots.takenAt, f.takenBefore) : undefined,
  ];
}

@Resolver(() => Snapshot)
export class SnapshotResolver {
  @Query(() => Snapshot, { nullable: true, description: "One snapshot, or null." })
  async snapshot(@Ctx() context: Context, @Arg("id", () => ID, { description: "Its id." }) id: string) {
    requireRole(context, "VIEWER");
    const uuid = parseIdOf("snapshot", id);
    return uuid ? context.loaders.snapshot.load(uuid) : null;
  }
  @FieldResolver(() => Instance, { description: "Whose data it holds." })
  instance(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return context.loaders.instance.load(row.instanceId);
  }
  @FieldResolver(() => SnapshotStatusEnum, { description: "How far it is." })
  status(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return statusAt(row, context.now);
  }
  @FieldResolver(() => Snapshot, { nullable: true, description: "What a differential builds on." })
  base(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return row.baseId ? context.loaders.snapshot.load(row.baseId) : null;
  }
  @FieldResolver(() => [Snapshot], { description: "All that a restore reads, oldest first." })
  chain(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return context.loaders.chain.load(row.id);
  }
  @FieldResolver(() => Boolean, { description: "Whether it may be restored now." })
  restorable(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return judgeRestorable(row, context.now).allowed;
  }
  @FieldResolver(() => Boolean, { description: "Whether it may be exported now." })
  exportable(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return judgeExportable(row, context.now).allowed;
  }
  @FieldResolver(() => EligibilityType, { description: "Whether, until when, and why not." })
  restorability(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return judgeRestorable(row, context.now);
  }
  @FieldResolver(() => EligibilityType, { description: "Whether, until when, and why not." })
  exportability(@Ctx() context: Context, @Root() row: SnapshotRow) {
    return judgeExportable(row, context.now);
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
    const where = and(
      eq(snapshots.projectId, row.projectId),
      eq(snapshots.instanceId, row.id),
      ...matching(filter, context.now),
    );
    const page = await listRows(context.db, snapshots, "takenAt", where, parsePage(args, key));
    return toConnection(
      page,
      key,
      (snapshot) => snapshot.takenAt,
      async () => {
        const [all] = await context.db.select({ n: count() }).from(snapshots).where(where);
        return all?.n ?? 0;
      },
    );
  }
  @FieldResolver(() => Snapshot, { nullable: true, description: "The newest that may be restored now." })
  async latestRestorableSnapshot(@Ctx() context: Context, @Root() row: InstanceRow) {
    const where = and(eq(snapshots.instanceId, row.id), ...matching({ restorableOnly: true }, context.now));
    return (
      await context.db
        .select()
        .from(snapshots)
        .where(where)
        .orderBy(desc(snapshots.takenAt), desc(snapshots.id))
        .limit(1)
    )[0];
  }
}
