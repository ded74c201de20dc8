import { type Client, createClient } from "graphql-ws";
import { ConnectionError, type ReportedError, RequestError } from "./errors.js";

export interface SocketOptions {
  readonly url: string;
  /** Asked at every connection, so that a token may be a fresh one. */
  readonly key: () => string | Promise<string>;
  /** Attempts to connect again in a row before giving up. */
  readonly retryAttempts: number;
  /** Resolves when the next attempt may start. */
  readonly retryWait: (attempt: number) => Promise<void>;
  readonly webSocket?: unknown;
}

const forbidden = 4403;
const pingEveryMs = 10_000;
const pongWithinMs = 5_000;

/** Connects at the first subscription, again when the connection is lost, and closes after the last one. */
export function createSocket(options: SocketOptions): Client {
  let acknowledged = false;
  let silence: NodeJS.Timeout | undefined;
  const client = createClient({
    url: options.url.replace(/^http/, "ws"),
    webSocketImpl: options.webSocket,
    connectionParams: async () => ({ Authorization: `Bearer ${await options.key()}` }),
    retryAttempts: options.retryAttempts,
    retryWait: options.retryWait,
    // A key that ended may have a successor; one that is not even let in has not.
    shouldRetry: (problem) => acknowledged || closeCodeOf(problem) !== forbidden,
    keepAlive: pingEveryMs,
    on: {
      connecting: () => (acknowledged = false),
      connected: () => (acknowledged = true),
      // A peer that vanished closes nothing: who does not answer a ping is taken for gone.
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), pongWithinMs);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
      closed: () => clearTimeout(silence),
    },
  });
  return client;
}

const closeCodeOf = (problem: unknown): number | undefined => {
  const code = (problem as { code?: unknown } | undefined)?.code;
  return typeof code === "number" ? code : undefined;
};

/** What graphql-ws throws (close events, lists of errors, errors) as errors of ours. */
export function toError(problem: unknown): Error {
  if (Array.isArray(problem)) return new RequestError(problem as ReportedError[]);
  const code = closeCodeOf(problem);
  if (code === undefined) return problem instanceof Error ? problem : new ConnectionError(String(problem));
  const { reason } = problem as { reason?: string };
  const words = code === forbidden ? "The key is not accepted" : "The connection was lost";
  return new ConnectionError(`${words} (${code}${reason ? `: ${reason}` : ""}).`, code, { cause: problem });
}
