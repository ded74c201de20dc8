import { GraphQLError } from "graphql";

/** What the caller sent makes no sense; the message says what would. */
export const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
