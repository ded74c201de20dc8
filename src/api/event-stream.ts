import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { execute, type ExecutionResult, getOperationAST, GraphQLError, OperationTypeNode } from "graphql";
import { z } from "zod";
import type { Limits } from "../config/limits.js";
import { createContext, type EdgeParts } from "./context.js";
import { followCredentials } from "./follow-credentials.js";
import { identify, originOf, type Authenticate } from "./identify.js";
import type { OpenConnections } from "./open-connections.js";
import { bearerKey, idempotencyKeyOf, readBody } from "./read-body.js";
import { prepareOperation, presentErrors, subscribeAnew, type StreamParts } from "./stream-operation.js";

export interface EventStreamParts extends EdgeParts {
  readonly authenticate: Authenticate;
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

/** The operation of a request, or the status that it is refused with. */
async function readParams(request: IncomingMessage, url: URL, limit: number) {
  let json: unknown;
  try {
    if (request.method === "GET") {
      const given = Object.fromEntries(url.searchParams);
      const parse = (text: string | undefined): unknown => (text ? JSON.parse(text) : undefined);
      json = { ...given, variables: parse(given["variables"]), extensions: parse(given["extensions"]) };
    } else {
      if (request.method !== "POST") return 405;
      if (!isJson(request.headers["content-type"])) return 415;
      const body = await readBody(request, limit);
      if (body === "TOO_LARGE") return 413;
      if (body === "NOT_UTF8") return 400;
      json = JSON.parse(body.text);
    }
  } catch {
    return 400;
  }
  const params = bodyShape.safeParse(json);
  return params.success ? params.data : 400;
}

/**
 * GraphQL over Server-Sent Events, distinct connections: each request is one operation, whose results come as `next`
 * and whose end comes as `complete`. For clients that cannot keep a WebSocket. What a slow reader has not taken holds the
 * operation back, so nothing piles up here.
 */
export function serveEventStreams(
  parts: EventStreamParts,
  stream: StreamParts,
  connections: OpenConnections,
): EventStreams {
  const open = new Set<ServerResponse>();
  const refuse = (response: ServerResponse, status: number, message: string) =>
    void response
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify({ errors: [{ message }] }));

  return {
    async answer(request, response, url) {
      const { limits, clock, authenticate } = parts;
      const params = await readParams(request, url, limits.bodyBytes);
      if (typeof params === "number")
        return refuse(
          response,
          params,
          "Send one GraphQL request as JSON with POST, or as a query with GET.",
        );
      const { authorization } = request.headers;
      const identity = await identify(authenticate, authorization, originOf(request), clock.now());
      const { viewer } = identity;
      const credentials = bearerKey(authorization);
      if (!viewer || !credentials)
        return refuse(
          response,
          401,
          identity.refusal?.message ?? "Send an API key: Authorization: Bearer <key>.",
        );
      const contextValue = createContext(parts, identity, { idempotencyKey: idempotencyKeyOf(request) });
      const prepared = prepareOperation(stream, contextValue, params);
      if ("args" in prepared) {
        const operation = getOperationAST(prepared.args.document, params.operationName)?.operation;
        if (request.method === "GET" && operation === OperationTypeNode.MUTATION)
          return refuse(response, 405, "Send mutations with POST.");
      }
      const leave = connections.enter(viewer.keyId);
      if (!leave) return refuse(response, 429, `The key has ${limits.socketsPerKey} connections open.`);

      const gone = new AbortController();
      response.once("close", () => gone.abort());
      open.add(response);
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      followCredentials(parts, credentials, viewer, () => response.end(), gone.signal);
      const ping = setInterval(() => response.writableNeedDrain || response.write(":\n\n"), pingMs);
      const send = async (event: "next" | "complete", data: unknown) => {
        const text = data === undefined ? "" : JSON.stringify(data);
        if (response.writable && !response.write(`event: ${event}\ndata: ${text}\n\n`))
          await once(response, "drain", { signal: gone.signal });
      };
      try {
        if (!("args" in prepared)) await send("next", { errors: presentErrors(stream, prepared) });
        else
          for await (const result of resultsOf(prepared.args, gone.signal))
            await send("next", prepared.present(result));
        await send("complete", undefined);
      } catch (error) {
        if (!gone.signal.aborted) throw error;
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

async function* resultsOf(
  args: Parameters<typeof subscribeAnew>[0],
  signal: AbortSignal,
): AsyncGenerator<ExecutionResult, void, void> {
  const operation = getOperationAST(args.document, args.operationName);
  if (!operation) {
    yield { errors: [new GraphQLError("Say by operationName which operation of the document is meant.")] };
    return;
  }
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    yield await execute(args);
    return;
  }
  const results = await subscribeAnew(args);
  if (!(Symbol.asyncIterator in results)) {
    yield results;
    return;
  }
  const stop = () => void results.return?.();
  signal.addEventListener("abort", stop, { once: true });
  try {
    yield* results;
  } finally {
    signal.removeEventListener("abort", stop);
    await results.return?.();
  }
}
