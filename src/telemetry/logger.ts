import { pino, type Logger } from "pino";

export type { Logger };

/** JSON lines on stdout; whatever carries a key is blotted out. */
export function createLogger(options: { readonly level: string }): Logger {
  const secrets = ["authorization", "apiKey", "key", "secret", "password"];
  return pino({
    level: options.level,
    // Errors of drivers carry whole connections with them.
    serializers: { err: describeError },
    redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  });
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, code, stack: error.stack, cause };
}
