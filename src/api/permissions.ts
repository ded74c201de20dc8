import {
  defaultFieldResolver,
  getNamedType,
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isInputObjectType,
} from "graphql";
import type { Role } from "../db/enums.js";
import { auditMutation } from "./audit-mutations.js";
import { requireRole, type Context } from "./context.js";

type Root = "Query" | "Mutation" | "Subscription";

/**
 * Who may use which root field: the least role. What is not named here may be used by nobody, and keeps the
 * schema from being built, so that a new field cannot be forgotten. Everything below a root field is the project's
 * own and open to whoever may use the root.
 */
export const permissions: Readonly<Record<Root, Readonly<Record<string, Role>>>> = {
  Query: {
    apiKeys: "ADMIN",
    auditLog: "ADMIN",
    heldSnapshots: "VIEWER",
    instance: "VIEWER",
    instances: "VIEWER",
    locations: "VIEWER",
    node: "VIEWER",
    nodes: "VIEWER",
    operation: "VIEWER",
    operationByIdempotencyKey: "VIEWER",
    retentionPolicies: "VIEWER",
    retentionPreview: "VIEWER",
    snapshot: "VIEWER",
    tierChangePreview: "VIEWER",
    viewer: "VIEWER",
    webhooks: "ADMIN",
  },
  Mutation: {
    cancelOperation: "MEMBER",
    changeTier: "ADMIN",
    createApiKey: "ADMIN",
    createInstance: "ADMIN",
    createInstanceFromSnapshot: "MEMBER",
    createWebhook: "ADMIN",
    deleteInstance: "ADMIN",
    deleteWebhook: "ADMIN",
    exportSnapshot: "MEMBER",
    holdSnapshot: "ADMIN",
    releaseSnapshot: "ADMIN",
    reportSystemChange: "ADMIN",
    redeliverWebhook: "ADMIN",
    restoreSnapshot: "MEMBER",
    revokeApiKey: "ADMIN",
    rotateWebhookSecret: "ADMIN",
    takeSnapshot: "MEMBER",
  },
  Subscription: {
    operationProgress: "VIEWER",
    projectChanged: "VIEWER",
    snapshotChanged: "VIEWER",
    snapshotProgress: "VIEWER",
  },
};

type Resolve = GraphQLFieldResolver<unknown, Context>;

const guarded =
  (resolve: Resolve, role: Role, takesKey: boolean): Resolve =>
  (root, args: Record<string, unknown>, context, info) => {
    const run = (context: Context) => {
      requireRole(context, role);
      if (!takesKey && info.parentType.name === "Mutation") refuseKey(context, info.fieldName);
      return resolve(root, args, context, info);
    };
    return info.parentType.name === "Mutation"
      ? auditMutation(context, info.fieldName, args, run)
      : run(context);
  };

/** Whoever sends a key relies on it: a mutation that does not keep its promise must not run as if it did. */
function refuseKey({ idempotencyKey }: Context, mutation: string): void {
  if (idempotencyKey === undefined) return;
  const message =
    `${mutation} takes no idempotency key: send it without the header Idempotency-Key, and before you repeat it, ` +
    "look whether it was done.";
  throw new GraphQLError(message, { extensions: { code: "IDEMPOTENCY_KEY_NOT_TAKEN" } });
}

const takesIdempotencyKey = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ type }) => {
    const input = getNamedType(type);
    return isInputObjectType(input) && "idempotencyKey" in input.getFields();
  });

/** Puts the table in front of every root field. Throws where table and schema differ. */
export function guardRootFields(schema: GraphQLSchema): void {
  const roots = {
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  };
  for (const [name, type] of Object.entries(roots)) {
    const roles = permissions[name as Root];
    const fields = type?.getFields() ?? {};
    const gone = Object.keys(roles).filter((field) => !(field in fields));
    if (gone.length > 0)
      throw new Error(`src/api/permissions.ts names ${gone.join()}, which ${name} has not.`);
    for (const field of Object.values(fields)) {
      const role = roles[field.name];
      if (!role) throw new Error(`Say in src/api/permissions.ts which role ${name}.${field.name} needs.`);
      const guard = (resolve: unknown) =>
        guarded(resolve as Resolve, role, takesIdempotencyKey(field)) as never;
      field.resolve = guard(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = guard(field.subscribe);
    }
  }
}
