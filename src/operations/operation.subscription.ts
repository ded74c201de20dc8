import { GraphQLError } from "graphql";
import { Arg, ID, Int, Resolver, Root, Subscription } from "type-graphql";
import { requireRole, type Context } from "../api/context.js";
import { parseIdOf } from "../ids.js";
import type { ShownOperation } from "./operations.queries.js";
import { Operation } from "./operation.type.js";
import { watchOperation } from "./watch-operation.js";

const unknown = (what: string) =>
  new GraphQLError(`There is no such ${what}.`, { extensions: { code: "NOT_FOUND" } });

/** What the schema takes for Int. */
const startOf = (args: Record<string, unknown>) => (args["afterRevision"] ?? undefined) as number | undefined;

async function watchById(context: Context, args: Record<string, unknown>) {
  const viewer = requireRole(context, "VIEWER");
  const id = parseIdOf("operation", String(args["operationId"]));
  const row = id ? await context.loaders.operation.load(id) : undefined;
  if (!row) throw unknown("operation");
  return watchOperation(context, viewer, row.id, startOf(args));
}

async function watchBySnapshot(context: Context, args: Record<string, unknown>) {
  const viewer = requireRole(context, "VIEWER");
  const id = parseIdOf("snapshot", String(args["snapshotId"]));
  if (!id) throw unknown("snapshot");
  const row = await context.loaders.operationOfSnapshot.load(id);
  if (!row) throw unknown("snapshot");
  return watchOperation(context, viewer, row.id, startOf(args));
}

@Resolver()
export class OperationSubscriptions {
  @Subscription(() => Operation, {
    description:
      "The state as it stands, then every change, then the end: it completes after a terminal status. `afterRevision` skips what was seen.",
    subscribe: ({ context, args }) => watchById(context as Context, args as Record<string, unknown>) as never,
  })
  operationProgress(
    @Root() row: ShownOperation,
    @Arg("operationId", () => ID, { description: "The operation." }) _operationId: string,
    @Arg("afterRevision", () => Int, { nullable: true, description: "The last revision that was seen." })
    _afterRevision?: number,
  ) {
    return row;
  }
  @Subscription(() => Operation, {
    description: "As operationProgress, for the operation that takes this snapshot.",
    subscribe: ({ context, args }) =>
      watchBySnapshot(context as Context, args as Record<string, unknown>) as never,
  })
  snapshotProgress(
    @Root() row: ShownOperation,
    @Arg("snapshotId", () => ID, { description: "The snapshot." }) _snapshotId: string,
    @Arg("afterRevision", () => Int, { nullable: true, description: "The last revision that was seen." })
    _afterRevision?: number,
  ) {
    return row;
  }
}
