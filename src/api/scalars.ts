import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { GraphQLJSON, GraphQLSafeInt, GraphQLURL } from "graphql-scalars";

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

function parse(value: unknown): Date {
  const date = typeof value === "string" && rfc3339.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime()))
    throw new GraphQLError("Give an instant in RFC 3339, such as 2026-01-31T12:00:00.000Z.", {
      extensions: { code: "BAD_USER_INPUT" },
    });
  return date;
}

/** Instants: Dates inside, RFC 3339 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "An instant in RFC 3339; answers are in UTC with milliseconds.",
  serialize: (value) => (value instanceof Date ? value : parse(value)).toISOString(),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
export const SafeInt = GraphQLSafeInt;
export const Url = GraphQLURL;
export const Json = GraphQLJSON;
