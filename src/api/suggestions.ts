import type { GraphQLFormattedError } from "graphql";

/** graphql-js proposes names that a stranger was never told: of types, fields, arguments and values. */
export const withoutSuggestions = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  message: error.message.replace(/ ?Did you mean .+\?$/, ""),
});
