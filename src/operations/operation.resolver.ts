import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { connectionTypes, listKey, PageArgs, parsePage, toConnection } from "../api/connection.js";
import { requireRole, type Context } from "../api/context.js";
import { createDownloadLink } from "../api/download-link.js";
import { Node } from "../api/node.js";
import { parseGlobalId, parseIdOf, toGlobalId } from "../ids.js";
import { Instance } from "../instances/instance.type.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { Snapshot } from "../snapshots/snapshot.type.js";
import type { OperationRow } from "./action.js";
import * as types from "./operation.type.js";
import { findOperationByIdempotencyKey } from "./operations.queries.js";

const OperationConnection = connectionTypes("Operation", () => types.Operation);
const source = (context: Context, row: OperationRow) =>
  row.sourceSnapshotId ? context.loaders.snapshot.load(row.sourceSnapshotId) : null;

type NodeKind = "instance" | "snapshot" | "operation" | "apiKey" | "auditEvent" | "webhook" | "delivery";

const unlessDeleted = (row: object | undefined) =>
  row && "deletedAt" in row && row.deletedAt ? null : (row ?? null);

function findNode({ loaders }: Context, id: string): Promise<object | null> {
  const parsed = parseGlobalId(id);
  if (!parsed || !(parsed.kind in loaders)) return Promise.resolve(null);
  return loaders[parsed.kind as NodeKind].load(parsed.uuid).then(unlessDeleted);
}

@Resolver(() => types.Operation)
export class OperationResolver {
  @Query(() => Node, { nullable: true, description: "Anything by its id, or null." })
  node(@Ctx() context: Context, @Arg("id", () => ID, { description: "Its id." }) id: string) {
    requireRole(context, "VIEWER");
    return findNode(context, id);
  }
  @Query(() => [Node], { nullable: "items", description: "Many by their ids, in that order." })
  nodes(@Ctx() context: Context, @Arg("ids", () => [ID], { description: "Their ids." }) ids: string[]) {
    requireRole(context, "VIEWER");
    return Promise.all(ids.map((id) => findNode(context, id)));
  }
  @Query(() => types.Operation, { nullable: true, description: "One operation, or null." })
  async operation(@Ctx() context: Context, @Arg("id", () => ID, { description: "Its id." }) id: string) {
    requireRole(context, "VIEWER");
    const uuid = parseIdOf("operation", id);
    return uuid ? context.loaders.operation.load(uuid) : null;
  }
  @Query(() => types.Operation, {
    nullable: true,
    description: "What a mutation with this key started, or null.",
  })
  operationByIdempotencyKey(
    @Ctx() context: Context,
    @Arg("key", () => String, { description: "The idempotencyKey that was sent." }) key: string,
  ) {
    return findOperationByIdempotencyKey(context.db, requireRole(context, "VIEWER"), key);
  }
  @FieldResolver(() => Instance, { description: "The instance it works on." })
  instance(@Ctx() context: Context, @Root() row: OperationRow) {
    return context.loaders.instance.load(row.instanceId);
  }
}
@Resolver(() => types.SnapshotOperation)
export class SnapshotOperationResolver {
  @FieldResolver(() => Snapshot, { description: "The snapshot it takes." })
  snapshot(@Ctx() context: Context, @Root() row: OperationRow) {
    return context.loaders.snapshot.load(row.snapshotId ?? "");
  }
}
@Resolver(() => types.RestoreOperation)
export class RestoreOperationResolver {
  @FieldResolver(() => Snapshot, { description: "What it restores." })
  source(@Ctx() context: Context, @Root() row: OperationRow) {
    return source(context, row);
  }
}
@Resolver(() => types.CreateInstanceOperation)
export class CreateInstanceOperationResolver {
  @FieldResolver(() => Snapshot, {
    nullable: true,
    description: "The snapshot that the instance starts from; null: it starts empty.",
  })
  source(@Ctx() context: Context, @Root() row: OperationRow) {
    return source(context, row);
  }
}
@Resolver(() => types.ExportOperation)
export class ExportOperationResolver {
  @FieldResolver(() => Snapshot, { description: "What it makes a file of." })
  source(@Ctx() context: Context, @Root() row: OperationRow) {
    return source(context, row);
  }
  @FieldResolver(() => types.ExportDownload, {
    nullable: true,
    description: "Set from success until the link ends.",
  })
  async download(@Ctx() context: Context, @Root() row: OperationRow) {
    if (row.status !== "SUCCEEDED") return null;
    const file = await context.loaders.download.load(row.id);
    if (!file || file.purgedAt || file.expiresAt <= context.now) return null;
    return {
      ...file,
      url: createDownloadLink(
        context.publicUrl,
        context.downloadKey,
        toGlobalId("operation", row.id),
        file.expiresAt,
      ),
    };
  }
}
@Resolver(() => Instance)
export class InstanceOperationsResolver {
  @FieldResolver(() => OperationConnection, { description: "Its operations, newest first." })
  async operations(@Ctx() context: Context, @Root() row: InstanceRow, @Args(() => PageArgs) args: PageArgs) {
    const key = listKey("operations", row.id);
    const page = parsePage(args, key);
    return toConnection(
      await context.loaders.operationPage.load({ parentId: row.id, args: page }),
      key,
      (operation) => operation.createdAt,
      async () => (await context.loaders.operationCount.load(row.id)) ?? 0,
    );
  }
  @FieldResolver(() => types.Operation, {
    nullable: true,
    description:
      "The operation that works on the instance's data now, and keeps others from it; null: none does.",
  })
  activeOperation(@Ctx() context: Context, @Root() row: InstanceRow) {
    return context.loaders.activeOperation.load(row.id);
  }
}
@Resolver(() => Snapshot)
export class SnapshotTakenByResolver {
  @FieldResolver(() => types.Operation, {
    nullable: true,
    description: "The one that is taking, or took, it.",
  })
  operation(@Ctx() context: Context, @Root() row: { id: string }) {
    return context.loaders.operationOfSnapshot.load(row.id);
  }
}
