import "reflect-metadata";
import { lexicographicSortSchema, type GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { InstanceResolver } from "../instances/instance.resolver.js";
import { ActionResolver } from "../operations/action.resolver.js";
import { ChangeTierResolver } from "../operations/change-tier.resolver.js";
import * as operations from "../operations/operation.resolver.js";
import * as types from "../operations/operation.type.js";
import { RetentionPreviewResolver } from "../snapshots/retention-preview.resolver.js";
import { RetentionResolver } from "../snapshots/retention.resolver.js";
import { InstanceSnapshotsResolver, SnapshotResolver } from "../snapshots/snapshot.resolver.js";

/** The executable schema, sorted so that it prints the same every time. */
export function buildSchema(): GraphQLSchema {
  const { OperationResolver, ...others } = operations;
  const schema = buildSchemaSync({
    resolvers: [ChangeTierResolver, RetentionPreviewResolver, RetentionResolver, InstanceResolver, SnapshotResolver, InstanceSnapshotsResolver, ActionResolver, OperationResolver, ...Object.values(others)],
    orphanedTypes: [types.SnapshotOperation, types.RestoreOperation, types.ExportOperation, types.CreateInstanceOperation, types.DeleteInstanceOperation],
    validate: false,
  });
  return lexicographicSortSchema(schema);
}
