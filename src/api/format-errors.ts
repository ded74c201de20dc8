import { GraphQLError, type GraphQLFormattedError } from "graphql";

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

/** What Postgres says of text that it cannot hold: U+0000, which every client can send, in any string. */
const unstorableText: ReadonlySet<unknown> = new Set(["22021", "22P05"]);

/** What Postgres says of a statement that took too long. */
const tookTooLong: ReadonlySet<unknown> = new Set(["57014"]);

function isOf(codes: ReadonlySet<unknown>, error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at instanceof GraphQLError ? at.originalError : at.cause)
    if (codes.has((at as { code?: unknown }).code)) return true;
  return false;
}

export function createErrorFormat(report: ErrorReport): ErrorFormat {
  const format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR") return formatted;
    if (isOf(unstorableText, error)) {
      const message = "Text must not hold the character U+0000.";
      return { ...formatted, message, extensions: { code: "BAD_USER_INPUT" } };
    }
    const requestId = report.newRequestId();
    report.logError(error, requestId);
    if (isOf(tookTooLong, error)) {
      const message = "This took the database too long: ask for less at a time, or again later.";
      return { ...formatted, message, extensions: { code: "TOOK_TOO_LONG", requestId } };
    }
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
