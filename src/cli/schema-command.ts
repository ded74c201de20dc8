import { printSchema } from "graphql";
import { buildApiSchema } from "../api/build-schema.js";

/** Prints the GraphQL schema as SDL: what `schema/schema.graphql` holds. */
export async function printGraphqlSchema(): Promise<void> {
  process.stdout.write(`${printSchema(await buildApiSchema())}\n`);
}
