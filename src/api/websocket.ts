import type { Server } from "node:http";
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from "graphql";
import { CloseCode, type Context as SocketContext } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Viewer } from "../projects/viewer.js";
import { createContext, type Context, type EdgeParts } from "./context.js";
import { bearerKey } from "./read-body.js";

export interface WebSocketParts extends EdgeParts {
  readonly authenticate: (key: string, now: Date) => Promise<Viewer | undefined>;
}

type Payload = Record<string, unknown>;
type Known = Record<PropertyKey, unknown>;

const longestTimer = 2 ** 31 - 1;

/** Closes the socket when its key ends. Timers hold 24 days at most, so far ends take several. */
function closeAtExpiry(socket: WebSocket, expiresAt: Date, parts: WebSocketParts): void {
  const left = expiresAt.getTime() - parts.clock.now().getTime();
  if (left <= 0) return socket.close(CloseCode.Forbidden, "The API key has expired.");
  const timer = setTimeout(() => closeAtExpiry(socket, expiresAt, parts), Math.min(left, longestTimer));
  socket.once("close", () => clearTimeout(timer));
}

/** Events are executed one by one with a context of their own, so that none sees what an earlier one had loaded. */
async function subscribe(
  args: ExecutionArgs,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const events = stream[Symbol.asyncIterator]();
  const { viewer, ...parts } = args.contextValue as Context;
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const event = await events.next();
      if (event.done) return { done: true, value: undefined };
      const contextValue = createContext(parts, viewer);
      return { done: false, value: await execute({ ...args, rootValue: event.value, contextValue }) };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) at `/graphql` of the server. The payload of `connection_init` carries
 * `Authorization: Bearer <key>`; a bad key closes the socket with 4403, and so does the key's end.
 */
export function serveWebSockets(
  parts: WebSocketParts,
  server: Server,
  schema: GraphQLSchema,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ server, path: "/graphql", maxPayload: 1024 * 1024 });
  // `ws` repeats the errors of the HTTP server, which `listen` already reports.
  sockets.on("error", () => undefined);
  const authenticate = (context: SocketContext<Payload, Extra & Partial<Known>>) => {
    const { connectionParams } = context;
    const key = bearerKey(connectionParams?.["Authorization"] ?? connectionParams?.["authorization"]);
    return key ? parts.authenticate(key, parts.clock.now()) : undefined;
  };
  const format = (error: GraphQLError): GraphQLFormattedError => {
    const formatted = error.toJSON();
    // As Apollo does it: what carries no code of its own came from a fault, unless it never reached a resolver.
    const fault = error.originalError !== undefined && error.extensions["code"] === undefined;
    return fault
      ? formatError({ ...formatted, extensions: { code: "INTERNAL_SERVER_ERROR" } }, error)
      : formatted;
  };
  const graphql = useServer<Payload, Known>(
    {
      schema,
      subscribe,
      // The key is read again for every operation: one revoked meanwhile starts nothing new.
      context: async (context) => createContext(parts, await authenticate(context)),
      onConnect: async (context) => {
        const viewer = await authenticate(context);
        if (!viewer) return false;
        if (viewer.expiresAt) closeAtExpiry(context.extra.socket, viewer.expiresAt, parts);
        return true;
      },
      onError: (_context, _id, _payload, errors) => errors.map(format),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors && { ...result, errors: result.errors.map(format) },
    },
    sockets,
  );
  return {
    async close() {
      await graphql.dispose();
    },
  };
}
