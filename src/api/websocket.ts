import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from "graphql";
import { CloseCode, type Context as SocketContext } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import type { Limits } from "../config/limits.js";
import { createContext, type Context, type EdgeParts } from "./context.js";
import type { ErrorFormat } from "./format-errors.js";
import { followCredentials } from "./follow-credentials.js";
import { identify, originOf, type Authenticate } from "./identify.js";
import { bearerKey } from "./read-body.js";

export interface WebSocketParts extends EdgeParts {
  readonly authenticate: Authenticate;
  readonly limits: Limits;
}

export interface WebSockets {
  /** Takes a request over that asks to become a socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

type Payload = Record<string, unknown>;
type Known = Record<PropertyKey, unknown>;

/** Events are executed one by one with a context of their own, so that none sees what an earlier one had loaded. */
async function subscribe(
  args: ExecutionArgs,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const events = stream[Symbol.asyncIterator]();
  const context = args.contextValue as Context;
  let open = true;
  context.metrics.subscriptions(1);
  const end = () => {
    if (open) context.metrics.subscriptions(-1);
    open = false;
  };
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const event = await events.next().catch((error: unknown) => {
        end();
        throw error;
      });
      if (event.done) {
        end();
        return { done: true, value: undefined };
      }
      const contextValue = createContext(context, context);
      return { done: false, value: await execute({ ...args, rootValue: event.value, contextValue }) };
    },
    async return() {
      end();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) at `/graphql`. The payload of `connection_init` carries
 * `Authorization: Bearer <key>`; a bad key closes the socket with 4403, and so does the key's end: expiry or revocation.
 */
export function serveWebSockets(
  parts: WebSocketParts,
  schema: GraphQLSchema,
  errors: ErrorFormat,
): WebSockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: parts.limits.bodyBytes });
  const headerOf = ({ connectionParams }: SocketContext<Payload, Extra & Partial<Known>>) =>
    connectionParams?.["Authorization"] ?? connectionParams?.["authorization"];
  const identityOf = (context: SocketContext<Payload, Extra & Partial<Known>>) =>
    identify(parts.authenticate, headerOf(context), originOf(context.extra.request), parts.clock.now());
  const graphql = useServer<Payload, Known>(
    {
      schema,
      subscribe,
      // The key is read again for every operation: one revoked meanwhile starts nothing new.
      context: async (context) => createContext(parts, await identityOf(context)),
      onConnect: async (context) => {
        const { viewer } = await identityOf(context);
        const credentials = bearerKey(headerOf(context));
        if (!viewer || !credentials) return false;
        const { socket } = context.extra;
        const closed = new AbortController();
        socket.once("close", () => closed.abort());
        const close = (why: string) => socket.close(CloseCode.Forbidden, `Your key ended: ${why}`);
        followCredentials(parts, credentials, viewer, close, closed.signal);
        return true;
      },
      onError: (_context, _id, _payload, found) => found.map(errors.formatPlain),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors && { ...result, errors: result.errors.map(errors.formatPlain) },
    },
    sockets,
  );
  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (accepted) =>
        sockets.emit("connection", accepted, request),
      );
    },
    async close() {
      await graphql.dispose();
    },
  };
}
