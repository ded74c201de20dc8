import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, GraphQLError } from "graphql";
import { CloseCode, type Context as SocketContext, type SubscribePayload } from "graphql-ws";
import { type Extra, useServer } from "graphql-ws/use/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Limits } from "../config/limits.js";
import { createContext, type Context, type EdgeParts } from "./context.js";
import { followCredentials } from "./follow-credentials.js";
import { identify, originOf, type Authenticate } from "./identify.js";
import type { OpenConnections } from "./open-connections.js";
import { bearerKey } from "./read-body.js";
import {
  prepareOperation,
  presentErrors,
  subscribeAnew,
  type Operation,
  type StreamParts,
} from "./stream-operation.js";

export interface WebSocketParts extends EdgeParts {
  readonly authenticate: Authenticate;
  readonly limits: Limits;
}

export interface WebSockets {
  /** Takes a request over that asks to become a socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to connect again, and waits until they are gone. */
  close(): Promise<void>;
}

/** What RFC 6455's registry says to a client that shall come again: at once, or after a while. */
const serviceRestart = 1012;
const tryAgainLater = 1013;
/** A client that does not take part in closing is not waited for longer. */
const farewellMs = 2000;

type Socket = SocketContext<Record<string, unknown>, Extra & Partial<Record<PropertyKey, unknown>>>;

/**
 * GraphQL over WebSocket (graphql-transport-ws) at `/graphql`. The payload of `connection_init` carries
 * `Authorization: Bearer <key>`; a bad key closes the socket with 4403, and so does the key's end: expiry or revocation.
 */
export function serveWebSockets(
  parts: WebSocketParts,
  stream: StreamParts,
  connections: OpenConnections,
): WebSockets {
  const { limits } = parts;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });
  const operations = new WeakMap<object, Operation>();
  const headerOf = ({ connectionParams }: Socket) =>
    connectionParams?.["Authorization"] ?? connectionParams?.["authorization"];
  const identityOf = (context: Socket) =>
    identify(parts.authenticate, headerOf(context), originOf(context.extra.request), parts.clock.now());

  async function connect(context: Socket): Promise<boolean> {
    const { viewer } = await identityOf(context);
    const credentials = bearerKey(headerOf(context));
    if (!viewer || !credentials) return false;
    const { socket } = context.extra;
    const leave = connections.enter(viewer.keyId);
    if (!leave) {
      socket.close(tryAgainLater, `The key has ${limits.socketsPerKey} connections open.`);
      return false;
    }
    const closed = new AbortController();
    socket.once("close", () => {
      leave();
      closed.abort();
    });
    // It may have gone while the key was looked up.
    if (socket.readyState !== socket.OPEN) leave();
    const close = (why: string) => socket.close(CloseCode.Forbidden, `Your key ended: ${why}`);
    followCredentials(parts, credentials, viewer, close, closed.signal);
    return true;
  }

  async function prepare(
    context: Socket,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    if (Object.keys(context.subscriptions).length > limits.socketOperations) {
      const message = `This socket has ${limits.socketOperations} operations under way; end one first.`;
      return [new GraphQLError(message, { extensions: { code: "TOO_MANY_OPERATIONS" } })];
    }
    // The key is read again for every operation: one revoked meanwhile starts nothing new.
    const contextValue = createContext(parts, await identityOf(context));
    const prepared = prepareOperation(stream, contextValue, payload);
    if (!("args" in prepared)) return prepared;
    operations.set(contextValue, prepared);
    return prepared.args;
  }

  /** Whoever does not read what was asked for is let go before it fills our memory. */
  function dropSlowReader(socket: WebSocket): void {
    if (socket.bufferedAmount > limits.socketBufferBytes) socket.terminate();
  }

  const graphql = useServer<Record<string, unknown>, Partial<Record<PropertyKey, unknown>>>(
    {
      connectionInitWaitTimeout: limits.socketInitMs,
      subscribe: subscribeAnew,
      onConnect: connect,
      onSubscribe: (context, _id, payload) => prepare(context, payload),
      onError: (_context, _id, _payload, found) => presentErrors(stream, found),
      onNext: (context, _id, _payload, args, result) => {
        dropSlowReader(context.extra.socket);
        return operations.get(args.contextValue as Context)?.present(result);
      },
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
      for (const socket of sockets.clients) socket.close(serviceRestart, "The service restarts.");
      const farewell = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, farewellMs);
      await graphql.dispose();
      clearTimeout(farewell);
    },
  };
}
