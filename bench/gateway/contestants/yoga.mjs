import { createServer } from "node:http";
import { GraphQLScalarType } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";
import { resolvers, typeDefs } from "./resolvers.mjs";

const scalar = (name) => new GraphQLScalarType({ name });
const schema = createSchema({
  typeDefs,
  resolvers: resolvers({ DateTime: scalar("DateTime"), SafeInt: scalar("SafeInt") }),
});
createServer(createYoga({ schema, logging: false, maskedErrors: true })).listen(
  Number(process.env.PORT),
  "127.0.0.1",
  () => console.log("ready"),
);
