import "reflect-metadata";
import { assertInterfaceType, GraphQLSchema, lexicographicSortSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AuditResolver } from "../audit/audit.resolver.js";
import { InstanceResolver } from "../instances/instance.resolver.js";
import { ActionResolver } from "../operations/action.resolver.js";
import { ApiKeyResolver } from "../operations/api-key.resolver.js";
import { ChangeTierResolver } from "../operations/change-tier.resolver.js";
import { HoldResolver } from "../operations/hold.resolver.js";
import { SystemChangeResolver } from "../operations/system-change.resolver.js";
import * as operations from "../operations/operation.resolver.js";
import { OperationSubscriptions } from "../operations/operation.subscription.js";
import { ProjectSubscriptions } from "../operations/project.subscription.js";
import * as types from "../operations/operation.type.js";
import { RetentionPreviewResolver } from "../snapshots/retention-preview.resolver.js";
import { RetentionResolver } from "../snapshots/retention.resolver.js";
import { InstanceSnapshotsResolver, SnapshotResolver } from "../snapshots/snapshot.resolver.js";
import { SnapshotSubscriptions } from "../snapshots/snapshot.subscription.js";
import { installFromRow } from "./from-row.js";
import { WebhookMutations } from "../webhooks/webhook-mutations.resolver.js";
import { WebhookDeliveryResolver, WebhookResolver } from "../webhooks/webhook.resolver.js";
import { typeNameOf } from "./node.js";
import { guardRootFields } from "./permissions.js";
import { Json } from "./scalars.js";

/** type-graphql asks for one as soon as there are subscriptions; every one of ours brings its own source. */
const pubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error("Subscriptions here have sources of their own.");
  },
};

/** type-graphql makes the root types itself and leaves them undescribed. */
const rootDescriptions = {
  Query: "What can be read. Every field needs an API key or a token.",
  Mutation: "What can be done. Those that start work answer at once, with the operation to follow.",
  Subscription: "What can be followed as it happens, over a WebSocket or Server-Sent Events.",
};

/** The executable schema, sorted so that it prints the same every time. */
export function buildSchema(): GraphQLSchema {
  const { OperationResolver, ...others } = operations;
  const schema = buildSchemaSync({
    resolvers: [
      OperationSubscriptions,
      SnapshotSubscriptions,
      ProjectSubscriptions,
      ApiKeyResolver,
      AuditResolver,
      WebhookMutations,
      WebhookResolver,
      WebhookDeliveryResolver,
      ChangeTierResolver,
      HoldResolver,
      SystemChangeResolver,
      RetentionPreviewResolver,
      RetentionResolver,
      InstanceResolver,
      SnapshotResolver,
      InstanceSnapshotsResolver,
      ActionResolver,
      OperationResolver,
      ...Object.values(others),
    ],
    orphanedTypes: [
      types.SnapshotOperation,
      types.RestoreOperation,
      types.ExportOperation,
      types.CreateInstanceOperation,
      types.DeleteInstanceOperation,
    ],
    validate: false,
    pubSub,
  });
  const config = schema.toConfig();
  const whole = new GraphQLSchema({ ...config, types: [...config.types, Json] });
  for (const [name, description] of Object.entries(rootDescriptions)) {
    const root = whole.getType(name);
    if (root) root.description = description;
  }
  guardRootFields(whole);
  installFromRow(whole);
  // type-graphql would tell each row's type by a promise, which a compiled query does not wait for.
  for (const name of ["Node", "Operation"])
    assertInterfaceType(whole.getType(name)).resolveType = (row: object) => typeNameOf(row);
  return lexicographicSortSchema(whole);
}
