import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ExecutionArgs, GraphQLError } from "graphql";
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type Context as SocketContext,
  type SubscribePayload,
} from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Limits } from "../config/limits.js";
import { createContext, type Context, type EdgeParts } from "./context.js";
import { followCredentials } from "./follow-credentials.js";
import { cameFrom, identify, type Identity, type IdentifyParts } from "./identify.js";
import { weighText } from "./limits/weigh-text.js";
import type { OpenConnections } from "./open-connections.js";
import { bearerKey, idempotencyKeyOf } from "./read-body.js";
import { refuseUpgrade } from "./refuse-upgrade.js";
import { speakProtocol, tryAgainLater, type SocketExtra } from "./speak-protocol.js";
import {
  charge,
  prepareOperation,
  presentErrors,
  type Operation,
  type StreamParts,
} from "./stream-operation.js";
import type { Subscription, Subscriptions } from "./subscriptions.js";

export interface WebSocketParts extends EdgeParts, IdentifyParts {
  readonly limits: Limits;
}

export interface WebSockets {
  /** Takes a request over that asks to become a socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to connect again, and waits until they are gone. */
  close(): Promise<void>;
}

/** What RFC 6455's registry says to a client that shall come again at once. */
const serviceRestart = 1012;
/** A client that does not take part in closing is not waited for longer. */
const farewellMs = 2000;
const keyInInput = "Over a WebSocket, send idempotencyKey in the input of a mutation, not as a header.\n";

type Socket = SocketContext<Record<string, unknown>, SocketExtra>;

/**
 * What an introduced socket has under way. graphql-ws forgets an operation that its client completes before it has begun, and
 * one whose id the client has given to another since.
 */
interface UnderWay {
  /** By whom it was introduced. */
  readonly identity: Identity;
  /** Operations that are prepared, or run and are no subscriptions. */
  running: number;
  readonly following: Set<Subscription>;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) at `/graphql`. The payload of `connection_init` carries
 * `Authorization: Bearer <key>`; a bad key closes the socket with 4403, and so does the key's end: expiry or revocation.
 */
export function serveWebSockets(
  parts: WebSocketParts,
  stream: StreamParts,
  subscriptions: Subscriptions,
  connections: OpenConnections,
): WebSockets {
  const { limits } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    handleProtocols,
    // One message of a socket, then the next socket's turn: who sends thousands at once lets nobody else wait for them.
    allowSynchronousEvents: false,
  });
  const operations = new WeakMap<object, Operation & { readonly subscribe: () => Results }>();
  const introduced = new WeakMap<Socket, UnderWay>();
  const known = new WeakMap<WebSocket, Identity>();
  const headerOf = ({ connectionParams }: Socket) =>
    connectionParams?.["Authorization"] ?? connectionParams?.["authorization"];
  const identityOf = (context: Socket) => identify(parts, headerOf(context), context.extra.from);

  async function connect(context: Socket): Promise<boolean> {
    if (context.extra.hearing() > limits.keptBytes) {
      context.extra.socket.close(CloseCode.BadRequest, `Introduce yourself in ${limits.keptBytes} bytes.`);
      return false;
    }
    const identity = await identityOf(context);
    const { viewer, refusal } = identity;
    const credentials = bearerKey(headerOf(context));
    const { socket } = context.extra;
    // It may have gone while the key was looked up: nothing would tell of its end any more.
    if (socket.readyState !== socket.OPEN) return false;
    // Nobody's fault who asks: 4403 would tell clients not to come again.
    if (refusal?.reason === "PROVIDER_UNAVAILABLE") socket.close(tryAgainLater, refusal.message);
    if (!viewer || !credentials) {
      // As over HTTP, whose strangers pay for being refused.
      const limited = charge(stream, identity);
      if (limited) socket.close(tryAgainLater, limited.message);
      return false;
    }
    const leave = connections.enter(viewer.keyId);
    if (!leave) {
      socket.close(tryAgainLater, `The key has ${limits.socketsPerKey} connections open.`);
      return false;
    }
    const closed = new AbortController();
    const following = new Set<Subscription>();
    introduced.set(context, { identity, running: 0, following });
    known.set(socket, identity);
    socket.once("close", () => {
      leave();
      closed.abort();
      for (const subscription of following) subscription.leave();
    });
    const close = (why: string, state: "ENDED" | "UNKNOWN") =>
      state === "ENDED"
        ? socket.close(CloseCode.Forbidden, `Your key ended: ${why}`)
        : socket.close(tryAgainLater, why);
    followCredentials(parts, credentials, viewer, close, closed.signal);
    return true;
  }

  async function prepare(
    context: Socket,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    // Of this message: by the next turn another may be heard.
    const bytes = context.extra.hearing();
    // Nobody is acknowledged before.
    const underWay = introduced.get(context)!;
    if (underWay.running + underWay.following.size >= limits.socketOperations) {
      const message = `This socket has ${limits.socketOperations} operations under way; end one first.`;
      return [new GraphQLError(message, { extensions: { code: "TOO_MANY_OPERATIONS" } })];
    }
    const limited = charge(stream, underWay.identity);
    if (limited) return [limited];
    underWay.running++;
    const refuse = (errors: readonly GraphQLError[]) => {
      underWay.running--;
      return errors;
    };
    try {
      // The key is read again for every operation: one revoked meanwhile starts nothing new.
      const contextValue = createContext(parts, await identityOf(context));
      const prepared = prepareOperation(stream, contextValue, payload, bytes);
      if (!("args" in prepared)) return refuse(prepared);
      const subscribe = () => {
        const shared = subscriptions.follow(prepared, (result) => context.extra.send(nextOf(id, result)));
        const subscription: Subscription = {
          ended: shared.ended,
          leave() {
            underWay.following.delete(subscription);
            shared.leave();
          },
        };
        underWay.following.add(subscription);
        shared.ended.catch(() => undefined).finally(() => underWay.following.delete(subscription));
        return subscription;
      };
      operations.set(contextValue, { ...prepared, subscribe: () => resultsOf(subscribe) });
      return prepared.args;
    } catch (error) {
      // A fault ends its operation and not the socket.
      return refuse([new GraphQLError("It could not be begun.", { originalError: error as Error })]);
    }
  }

  const protocol = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.socketInitMs,
    subscribe: (args) => operations.get(args.contextValue as Context)!.subscribe(),
    onConnect: connect,
    onSubscribe: prepare,
    onOperation: (context) => void introduced.get(context)!.running--,
    onError: (_context, _id, _payload, found) => presentErrors(stream, found),
    onNext: (_context, _id, _payload, args, result) =>
      operations.get(args.contextValue as Context)?.present(result),
  });
  /** What is no operation costs as well, where it is long: a ping may hold whatever a client likes. */
  const weighing: typeof protocol = {
    opened: (socket, extra) =>
      protocol.opened(
        {
          ...socket,
          onMessage: (hear) =>
            socket.onMessage(async (text) => {
              try {
                const identity = known.get(extra.socket) ?? { address: extra.from.origin.address };
                await weighText(stream, identity, text, hear);
              } catch (error) {
                if (!(error instanceof GraphQLError)) throw error;
                const isBad = error.extensions["code"] === "BAD_REQUEST";
                extra.socket.close(isBad ? CloseCode.BadRequest : tryAgainLater, error.message);
              }
            }),
        },
        extra,
      ),
  };
  const speaking = {
    limits,
    onDropped: () => parts.metrics.readerDropped("websocket"),
    onFault(error: unknown) {
      const requestId = parts.newRequestId();
      parts.logError(error, requestId);
      return requestId;
    },
  };
  return {
    upgrade(request, socket, head) {
      // One header could not stand for all that a socket will be asked.
      if (idempotencyKeyOf(request) !== undefined)
        return refuseUpgrade(socket, "400 Bad Request", keyInInput, limits.stalledReaderMs);
      sockets.handleUpgrade(request, socket, head, (accepted) => {
        let heard = head.length;
        // Nobody without a key has much of a message kept, however slowly it comes.
        const bound = (chunk: Buffer) => {
          heard += chunk.length;
          if (known.has(accepted)) socket.off("data", bound);
          else if (heard > limits.strangerBodyBytes) accepted.terminate();
        };
        socket.on("data", bound);
        speakProtocol(weighing, speaking, accepted, cameFrom(request));
      });
    },
    async close() {
      for (const socket of sockets.clients) socket.close(serviceRestart, "The service restarts.");
      const farewell = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, farewellMs);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(farewell);
    },
  };
}

/** The protocol's `next`, around a result that is written already. */
const nextOf = (id: string, result: string) =>
  `{"id":${JSON.stringify(id)},"type":"next","payload":${result}}`;

type Results = AsyncIterableIterator<never>;

/** A subscription as graphql-ws runs it, which sees its end alone: its results are shared, and told past it. */
function resultsOf(subscribe: () => Subscription): Results {
  let subscription: Subscription | undefined;
  const done = { done: true, value: undefined } as const;
  const results: Results = {
    // Not before it is asked: until then the client may have changed its mind.
    next: async () => (subscription ??= subscribe()).ended.then(() => done),
    return() {
      subscription?.leave();
      return Promise.resolve(done);
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}
