// Resolvers by hand over the same statements, and the product's own SDL: what Mercurius and Yoga run.
import { readFileSync } from "node:fs";
import DataLoader from "dataloader";
import { findInstance, listExportable, listInstances, listLatest, listOperations } from "./hand.mjs";

export const typeDefs = readFileSync(new URL("../../../schema/schema.graphql", import.meta.url), "utf8");

const serializeDate = (value) => (value instanceof Date ? value.toISOString() : value);

export const resolvers = ({ DateTime, SafeInt }) => ({
  DateTime: Object.assign(DateTime, { serialize: serializeDate }),
  SafeInt,
  Query: {
    instance: (_, { id }) => findInstance(id),
    instances: async (_, { first }) => ({ nodes: await listInstances(first) }),
    nodes: async (_, { ids }) =>
      (await listOperations(ids)).map((row) => row && { __typename: "SnapshotOperation", ...row }),
  },
  Instance: {
    snapshots: ({ uuid }, { first, filter }, context) =>
      filter?.exportableOnly
        ? listExportable(uuid, first)
        : latestLoader(context, first)
            .load(uuid)
            .then((nodes) => ({ nodes })),
  },
});

/** One loader a request; both servers give each request a context object of its own. */
const loaders = new WeakMap();
function latestLoader(context, first) {
  let loader = loaders.get(context);
  if (!loader) loaders.set(context, (loader = new DataLoader((ids) => listLatest(ids, first))));
  return loader;
}
