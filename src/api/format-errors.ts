import { GraphQLError, type GraphQLFormattedError, Kind } from "graphql";

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

const tooManyFaults = "Too many errors processing variables";

/**
 * Whether it is what graphql-js says of variables that do not fit their types: such an error stands where the variable is
 * declared, and where there are too many of them nowhere. The one place that tells them from faults of ours, whatever
 * carries them: Apollo Server knows most of them, and sockets and event streams none.
 */
const isOfVariables = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  (error.nodes?.length === 1
    ? error.nodes[0]?.kind === Kind.VARIABLE_DEFINITION
    : error.message.startsWith(tooManyFaults));

const longestMessage = 1000;

/** Messages quote what was sent, however large it was: of what is too long, its beginning and its end. */
function shorten(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { message } = formatted;
  if (message.length <= longestMessage) return formatted;
  const half = longestMessage / 2;
  return {
    ...formatted,
    message: `${message.slice(0, half).toWellFormed()} … ${message.slice(-half).toWellFormed()}`,
  };
}

export function createErrorFormat(report: ErrorReport): ErrorFormat {
  const format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR") return shorten(formatted);
    if (isOfVariables(error)) return shorten({ ...formatted, extensions: { code: "BAD_USER_INPUT" } });
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
      const { code } = error.extensions;
      const uncoded = code === undefined && (error.originalError !== undefined || isOfVariables(error));
      // What has one has been told before, and logged.
      return uncoded
        ? format({ ...formatted, extensions: { code: "INTERNAL_SERVER_ERROR" } }, error)
        : shorten(formatted);
    },
  };
}
