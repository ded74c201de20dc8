import type { GraphQLError, GraphQLFormattedError } from "graphql";

export interface ErrorReport {
  readonly newRequestId: () => string;
  readonly logError: (error: unknown, requestId: string) => void;
}

/** What clients see of errors: of a fault of ours nothing but an id, under which the log tells the rest. */
export interface ErrorFormat {
  /** As Apollo Server calls it. */
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  /** For errors that come from graphql-js itself. */
  readonly formatPlain: (error: GraphQLError) => GraphQLFormattedError;
}

export function createErrorFormat(report: ErrorReport): ErrorFormat {
  const format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR") return formatted;
    const requestId = report.newRequestId();
    report.logError(error, requestId);
    return {
      ...formatted,
      message: "Something went wrong on our side.",
      extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
    };
  };
  return {
    format,
    formatPlain(error) {
      const formatted = error.toJSON();
      // As Apollo does it: what carries no code of its own came from a fault, unless it never reached a resolver.
      const fault = error.originalError !== undefined && error.extensions["code"] === undefined;
      return fault
        ? format({ ...formatted, extensions: { code: "INTERNAL_SERVER_ERROR" } }, error)
        : formatted;
    },
  };
}
