import { isSpanContextValid, trace } from "@opentelemetry/api";
import { pino, type DestinationStream, type Logger } from "pino";
import { describeError } from "./describe-error.js";
import { currentRequestId } from "./request-scope.js";

export type { Logger };

const secrets = ["authorization", "apiKey", "key", "secret", "password", "token", "variables"];

export interface LoggerOptions {
  readonly level: string;
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines. Each names the request and the trace that it belongs to; whatever carries a key is blotted out, and errors are
 * written without the values that they quote.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    mixin: describeScope,
    serializers: { err: describeError },
    redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  };
  return destination ? pino(options, destination) : pino(options);
}

function describeScope(): object {
  const requestId = currentRequestId();
  const span = trace.getActiveSpan()?.spanContext();
  return {
    ...(requestId !== undefined && { requestId }),
    ...(span && isSpanContextValid(span) && { traceId: span.traceId, spanId: span.spanId }),
  };
}
