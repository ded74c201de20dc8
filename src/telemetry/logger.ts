import { pino, type Logger } from "pino";

export type { Logger };

/** JSON lines on stdout; whatever carries a key is blotted out. */
export function createLogger(options: { readonly level: string }): Logger {
  const secrets = ["authorization", "apiKey", "key", "secret", "password"];
  return pino({
    level: options.level,
    redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  });
}
