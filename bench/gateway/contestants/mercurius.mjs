import Fastify from "fastify";
import { GraphQLScalarType } from "graphql";
import mercurius from "mercurius";
import { resolvers, typeDefs } from "./resolvers.mjs";

const scalar = (name) => new GraphQLScalarType({ name });
const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: resolvers({ DateTime: scalar("DateTime"), SafeInt: scalar("SafeInt") }),
  jit: 1,
  context: () => ({}),
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
console.log("ready");
