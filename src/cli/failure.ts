import { plain } from "./table.js";

/** A failure that the person at the terminal can mend: the message says what happened and what to do. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

const text = (error: unknown, field: string): string | undefined => {
  const value: unknown =
    typeof error === "object" && error !== null ? (error as Record<string, unknown>)[field] : undefined;
  return typeof value === "string" ? value : undefined;
};

/** Errors whose own message says what to do, whatever caused them. */
const told = new Set([
  "CommandFailure",
  "ConfigError",
  "HomeError",
  "EmbeddedPostgresError",
  "MasterKeyError",
]);

/** One line for any error: what happened and, where it is known, what to do about it. */
export function describeFailure(error: unknown): string {
  if (error instanceof Error && told.has(error.name)) return oneLine(error.message);
  for (let at: unknown = error, depth = 0; at !== undefined && depth < 5; at = causeOf(at), depth++) {
    const advice = adviceFor(at);
    if (advice !== undefined) return oneLine(advice);
  }
  return oneLine(error instanceof Error ? error.message : String(error));
}

function adviceFor(error: unknown): string | undefined {
  const path = text(error, "path") ?? "the folder";
  const syscall = text(error, "syscall");
  switch (text(error, "code")) {
    case "EADDRINUSE": {
      const port = (error as { port?: number }).port;
      return `port ${port ?? ""} is already taken; stop what listens there, or set PORT to another one`;
    }
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EHOSTUNREACH":
    case "ETIMEDOUT":
      return syscall === undefined
        ? undefined
        : `cannot reach the database (${messageOf(error)}); start it or correct DATABASE_URL, or unset it to use the embedded one`;
    case "28P01":
    case "28000":
    case "3D000":
      return `the database refused us (${messageOf(error)}); correct DATABASE_URL`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      if (syscall === "listen")
        return `may not listen on port ${(error as { port?: number }).port ?? ""}; set PORT to one above 1023`;
      return `cannot write to ${path}; make it writable, or set DAGUERRE_HOME to a folder that is`;
    case "ENOSPC":
      return `no space is left for ${path}; free some, or set DAGUERRE_HOME to a folder on another disk`;
    default:
      return undefined;
  }
}

const messageOf = (error: unknown) =>
  (error instanceof Error && error.message) || text(error, "code") || "no answer";
/** Errors quote what a file or a server says: a terminal is shown letters alone. */
const oneLine = (message: string) => plain(message.replace(/\s*\n\s*/g, " ").trim());
