import type { IncomingMessage, ServerResponse } from "node:http";
import { execute, getOperationAST, GraphQLError, OperationTypeNode } from "graphql";
import { z } from "zod";
import type { Limits } from "../config/limits.js";
import { createContext, type EdgeParts } from "./context.js";
import { followCredentials } from "./follow-credentials.js";
import { cameFrom, identify, type IdentifyParts } from "./identify.js";
import { weighText } from "./limits/weigh-text.js";
import type { OpenConnections } from "./open-connections.js";
import { bearerKey, idempotencyKeyOf, readBody, tooManyLarge, type PlacesForLarge } from "./read-body.js";
import {
  charge,
  type Operation,
  prepareOperation,
  presentErrors,
  type StreamParts,
} from "./stream-operation.js";
import type { Subscriptions } from "./subscriptions.js";

export interface EventStreamParts extends EdgeParts, IdentifyParts {
  readonly limits: Limits;
}

export interface EventStreams {
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  /** Ends every stream; clients connect again by themselves. */
  close(): void;
}

const bodyShape = z.object({
  query: z.string().optional(),
  documentId: z.string().optional(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/** Often enough for proxies, which cut what is silent. */
const pingMs = 12_000;

const isJson = (type: string | undefined) => /^application\/json\s*(;|$)/i.test(type ?? "");

/** The operation of a request and the bytes that it came in, or the status that it is refused with. */
async function readParams(
  request: IncomingMessage,
  url: URL,
  limit: number,
  places: PlacesForLarge,
  parseBody: (text: string) => unknown,
) {
  let json: unknown;
  let bytes: number;
  try {
    if (request.method === "GET") {
      bytes = Buffer.byteLength(url.search);
      const given = Object.fromEntries(url.searchParams);
      const parse = (text: string | undefined): unknown => (text ? JSON.parse(text) : undefined);
      json = { ...given, variables: parse(given["variables"]), extensions: parse(given["extensions"]) };
    } else {
      if (request.method !== "POST") return 405;
      if (!isJson(request.headers["content-type"])) return 415;
      const body = await readBody(request, limit, places);
      if (body === "TOO_MANY") return 429;
      if (body === "TOO_LARGE") return 413;
      if (body === "NOT_UTF8") return 400;
      bytes = Buffer.byteLength(body.text);
      json = parseBody(body.text);
    }
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    return 400;
  }
  const params = bodyShape.safeParse(json);
  return params.success ? { params: params.data, bytes } : 400;
}

/**
 * GraphQL over Server-Sent Events, distinct connections: each request is one operation, whose results come as `next`
 * and whose end comes as `complete`. For clients that cannot keep a WebSocket.
 */
export function serveEventStreams(
  parts: EventStreamParts,
  stream: StreamParts,
  subscriptions: Subscriptions,
  connections: OpenConnections,
): EventStreams {
  const open = new Set<ServerResponse>();
  const refuse = (response: ServerResponse, status: number, message: string) =>
    void response
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify({ errors: [{ message }] }));

  /** Before anything is streamed, as other requests are told: with a status that tells when to come again. */
  const refuseLimited = (response: ServerResponse, error: GraphQLError) => {
    const { headers } = error.extensions["http"] as { headers: ReadonlyMap<string, string> };
    response
      .writeHead(429, { ...Object.fromEntries(headers), "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify({ errors: presentErrors(stream, [error]) }));
  };

  return {
    async answer(request, response, url) {
      const { limits } = parts;
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      const { authorization } = request.headers;
      const identity = await identify(parts, authorization, cameFrom(request));
      const { viewer, refusal } = identity;
      const credentials = bearerKey(authorization);
      const limited = charge(stream, identity);
      if (limited) return refuseLimited(response, limited);
      if (!viewer || !credentials)
        return refuse(
          response,
          refusal?.reason === "PROVIDER_UNAVAILABLE" ? 503 : 401,
          refusal?.message ?? "Send an API key: Authorization: Bearer <key>.",
        );
      let ended: { readonly status: number; readonly message: string } | undefined;
      // From here on: a body may take a minute, and the key end within it.
      const onEnd = (why: string, state: "ENDED" | "UNKNOWN") => {
        ended = { status: state === "ENDED" ? 401 : 503, message: why };
        if (response.headersSent) response.end();
      };
      followCredentials(parts, credentials, viewer, onEnd, gone.signal);
      // Only now: nobody without a key has a body kept.
      const parseBody = (text: string) => weighText<unknown>(stream, identity, text, JSON.parse);
      const read = await readParams(request, url, limits.bodyBytes, stream.placesOf(viewer), parseBody);
      if (read instanceof GraphQLError)
        return read.extensions["code"] === "BAD_REQUEST"
          ? refuse(response, 400, read.message)
          : refuseLimited(response, read);
      if (read === 429) return refuse(response, read, tooManyLarge);
      if (typeof read === "number")
        return refuse(response, read, "Send one GraphQL request as JSON with POST, or as a query with GET.");
      if (ended) return refuse(response, ended.status, ended.message);
      const contextValue = createContext(parts, identity, { idempotencyKey: idempotencyKeyOf(request) });
      const prepared = prepareOperation(stream, contextValue, read.params, read.bytes);
      if ("args" in prepared) {
        if (request.method === "GET" && kindOf(prepared) === OperationTypeNode.MUTATION)
          return refuse(response, 405, "Send mutations with POST.");
      } else {
        const tooDear = prepared.find(({ extensions }) => extensions["code"] === "RATE_LIMITED");
        if (tooDear) return refuseLimited(response, tooDear);
      }
      const leave = connections.enter(viewer.keyId);
      if (!leave) return refuse(response, 429, `The key has ${limits.socketsPerKey} connections open.`);
      // It may have gone while the key was looked up.
      if (gone.signal.aborted) return leave();
      open.add(response);
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      const ping = setInterval(() => response.writableNeedDrain || response.write(":\n\n"), pingMs);
      const drop = () => {
        parts.metrics.readerDropped("http");
        response.destroy();
      };
      const send = (event: "next" | "complete", text: string) => {
        if (!response.writable) return;
        // As with sockets: whoever does not read is let go before it fills our memory.
        if (response.writableLength > limits.socketBufferBytes) drop();
        else response.write(`event: ${event}\ndata: ${text}\n\n`);
      };
      const next = (text: string) => send("next", text);
      const nextErrors = (errors: readonly GraphQLError[]) =>
        next(JSON.stringify({ errors: presentErrors(stream, errors) }));
      try {
        if (!("args" in prepared)) nextErrors(prepared);
        else if (kindOf(prepared) === OperationTypeNode.SUBSCRIPTION) {
          const subscription = subscriptions.follow(prepared, next);
          gone.signal.addEventListener("abort", () => subscription.leave(), { once: true });
          await subscription.ended.catch((error: GraphQLError) => nextErrors([error]));
        } else next(JSON.stringify(prepared.present(await execute(prepared.args))));
        send("complete", "");
      } finally {
        clearInterval(ping);
        open.delete(response);
        leave();
        response.end();
      }
    },
    close() {
      for (const response of open) response.end();
    },
  };
}

/** Undefined where the document does not say which of its operations is meant, which execution tells. */
const kindOf = ({ args }: Operation) => getOperationAST(args.document, args.operationName)?.operation;
