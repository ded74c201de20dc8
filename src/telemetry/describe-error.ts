import { GraphQLError } from "graphql";

/**
 * An error as it may stand in a log: what happened and where, never the values that a client sent. Drivers put those into their
 * messages: drizzle the parameters of a statement, Postgres the text that it could not read.
 */
export function describeError(given: unknown): object {
  const error = beneath(given);
  if (!(error instanceof Error)) return { message: `${typeof error} was thrown` };
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: withoutValues(error), code, stack: framesOf(error), cause };
}

/** What graphql-js wraps has the same message, and nothing of what says where that comes from. */
function beneath(error: unknown): unknown {
  let at = error;
  while (at instanceof GraphQLError && at.originalError) at = at.originalError;
  return at;
}

const dataException = /^22/;

function withoutValues(error: Error): string {
  // It has no words of its own but about values, of variables or of answers.
  if (error instanceof GraphQLError) return error.message.replace(/(\bvalue\b|:).*$/is, "$1 …");
  const { code: kind } = error as { code?: unknown };
  // Of an engine, about a statement, in words that nobody here knows: behind the colon stands what it met.
  if (error.name === "EngineError" && kind === "OTHER") return error.message.replace(/[:"'].*$/s, ": …");
  const [message = ""] = error.message.split("\nparams:");
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  const quotesInput = severity !== undefined && dataException.test(String(code));
  return quotesInput ? message.replace(/".*"/s, '"…"') : message;
}

/** The stack begins with the message again. */
const framesOf = (error: Error): string =>
  (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
