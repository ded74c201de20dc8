import type { IncomingMessage, ServerResponse } from "node:http";
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { GraphQLError } from "graphql";
import { mentionsSubscription, refuseSubscription } from "./check-subscriptions.js";
import type { Limits } from "../config/limits.js";
import { countRequests } from "./count-requests.js";
import { createContext, type Context, type EdgeParts } from "./context.js";
import { mostErrors } from "./documents.js";
import { createFastPath } from "./fast-path/fast-path.js";
import { KeptDocuments } from "./kept-documents.js";
import { cameFrom, identify, originOf, type Identity, type IdentifyParts } from "./identify.js";
import { mayHaveEnded, rememberViewers } from "./remember-viewers.js";
import type { Buckets } from "./limits/buckets.js";
import { createLimitingPlugin } from "./limits/limiting-plugin.js";
import { weighText } from "./limits/weigh-text.js";
import { idempotencyKeyOf, readBody, tooManyLarge, type PlacesForLarge } from "./read-body.js";
import type { StreamParts } from "./stream-operation.js";
import type { Logger } from "../telemetry/logger.js";
import { findDocument, type TrustedDocuments } from "./trusted-documents.js";

export interface GraphqlHttpParts extends EdgeParts, IdentifyParts {
  readonly limits: Limits;
  readonly buckets: Buckets;
  /** How often a query is answered plainly before it is compiled. */
  readonly compileAfter: number;
  readonly logger: Logger;
}

export interface GraphqlHttp {
  start(): Promise<void>;
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  stop(): Promise<void>;
}

/** What is wrong with a document or its variables, as opposed to the request that carries them. */
const documentFaults: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
  "DOCUMENT_TOO_COMPLEX",
  "COST_LIMIT_EXCEEDED",
  "INTROSPECTION_DISABLED",
]);

/**
 * GraphQL over HTTP: a client that takes `application/json` alone reads the outcome from the body, and intermediaries
 * must not take a refused document for a broken service; one that asks for `application/graphql-response+json`
 * gets statuses that mean something.
 */
const statusByAccept: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ request, response }) {
        const { body, http } = response;
        const legacy = !request.http?.headers.get("accept")?.includes("application/graphql-response+json");
        if (legacy && http.status === 400 && body.kind === "single") {
          const [error] = body.singleResult.errors ?? [];
          if (documentFaults.has(error?.extensions?.["code"])) http.status = 200;
        }
        return Promise.resolve();
      },
    }),
};

/** What Apollo Server says by itself, as lines of the log: of an error only what may stand there, also where it is quoted in a text. */
function logOf(logger: Logger) {
  const say = (level: "debug" | "info" | "warn" | "error") => (told?: unknown) =>
    logger[level]({ err: told instanceof Error ? told : new Error(String(told)) }, "Apollo Server says");
  return { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
}

const badRequest = (status: number, message: string, headers?: HeaderMap) =>
  new GraphQLError(message, {
    extensions: { code: "BAD_REQUEST", http: { status, ...(headers && { headers }) } },
  });

/** The parsed body, or an error that says why it is none. */
async function readJson(
  request: IncomingMessage,
  limit: number,
  places: PlacesForLarge | undefined,
  parse: (text: string) => unknown,
): Promise<unknown> {
  if (request.method !== "GET" && request.method !== "POST")
    return badRequest(
      405,
      "Send queries with GET or POST, all else with POST.",
      new HeaderMap([["allow", "GET, POST"]]),
    );
  const contentType = request.headers["content-type"] ?? "";
  if (request.method === "POST" && !/^application\/json\s*(;|$)/i.test(contentType))
    return badRequest(415, "Send the request as JSON, with Content-Type: application/json.");
  const charset = /;\s*charset="?([\w-]+)/i.exec(contentType)?.[1];
  if (charset && !/^utf-?8$/i.test(charset))
    return badRequest(415, `Send the body in UTF-8, not in ${charset}.`);
  const body = await readBody(request, limit, places);
  if (body === "TOO_LARGE") return badRequest(413, `The body is larger than ${limit} bytes.`);
  if (body === "NOT_UTF8") return badRequest(400, "The body is not UTF-8.");
  if (body === "TOO_MANY") return badRequest(429, tooManyLarge, new HeaderMap([["retry-after", "1"]]));
  if (body.text === "") return undefined;
  try {
    return parse(body.text);
  } catch (error) {
    return error instanceof GraphQLError ? error : badRequest(400, "The body is not JSON.");
  }
}

/** Puts the text of the document that a request names in its place: of GET in the address, whatever its body says. */
function nameDocument(
  trusted: TrustedDocuments | undefined,
  method: string | undefined,
  url: URL,
  body: unknown,
): { readonly body: unknown; readonly search: string } {
  const { search, searchParams } = url;
  if (body instanceof GraphQLError) return { body, search };
  try {
    if (method === "GET") {
      const { extensions, ...params } = Object.fromEntries(searchParams);
      const query = findDocument(trusted, {
        ...params,
        extensions: extensions ? (JSON.parse(extensions) as unknown) : undefined,
      });
      if (query === undefined) return { body, search };
      searchParams.set("query", query);
      searchParams.delete("extensions");
      return { body, search: `?${searchParams.toString()}` };
    }
    if (typeof body !== "object" || body === null || Array.isArray(body)) return { body, search };
    const query = findDocument(trusted, body);
    if (query === undefined) return { body, search };
    const { extensions: _, ...rest } = body as { extensions?: unknown };
    return { body: { ...rest, query }, search };
  } catch (error) {
    // What is no JSON is told by who reads it next.
    return { body: error instanceof GraphQLError ? error : body, search };
  }
}

/** GraphQL over HTTP at `/graphql`: queries by GET and POST, mutations by POST, both media types. */
export function createGraphqlHttp(parts: GraphqlHttpParts, stream: StreamParts): GraphqlHttp {
  const { schema, chargeReading, time, admit, errors, trusted } = stream;
  const { buckets, metrics, compileAfter } = parts;
  const fast = createFastPath({ schema, compileAfter, time, admit, buckets, metrics });
  const kept = new KeptDocuments();
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    logger: logOf(parts.logger),
    // It would stop at the signal itself, and answer nothing that is under way; who listens to signals stops it last.
    stopOnTerminationSignals: false,
    formatError: errors.format,
    parseOptions: { maxTokens: parts.limits.tokens },
    validationOptions: { maxErrors: mostErrors },
    documentStore: {
      get: (key) => Promise.resolve(kept.get(key)),
      set: (key, document) => Promise.resolve(kept.set(key, document)),
      delete: (key) => Promise.resolve(kept.delete(key)),
    },
    // Where documents are trusted, clients add none.
    ...(trusted && { persistedQueries: false as const }),
    plugins: [
      countRequests(parts.metrics),
      statusByAccept,
      createLimitingPlugin(admit, parts.buckets, time),
      fast.plugin,
      // Instruments every field, for directives that this schema does not have.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Apollo Server reads the environment by itself: APOLLO_KEY in it would have operations sent to a third party.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
  const stopped = new AbortController();
  const identifying = { ...parts, authenticate: rememberViewers(parts, stopped.signal) };
  const identityOf = (request: IncomingMessage) =>
    identify(identifying, request.headers.authorization, cameFrom(request));
  /** Before the document is read, whatever it turns out to be. */
  function charged(context: Context): Context {
    try {
      chargeReading(context);
      return context;
    } catch (error) {
      // No plugin will see it.
      metrics.graphql({ type: "unknown", outcome: "refused" });
      throw error;
    }
  }
  return {
    start: () => apollo.start(),
    async stop() {
      stopped.abort();
      await apollo.stop();
    },
    async answer(request, response, url) {
      const askedAt = parts.clock.now();
      const asked = identityOf(request);
      // Asked first: nobody without a key has much of a body kept, however slowly it comes.
      const identity: Identity = await asked.catch(() => ({ address: originOf(request).address }));
      const known = identity.viewer;
      const { bodyBytes, strangerBodyBytes } = parts.limits;
      const limit = known ? bodyBytes : Math.min(bodyBytes, strangerBodyBytes);
      const places = known && stream.placesOf(known);
      const parse = (text: string) => weighText<unknown>(stream, identity, text, JSON.parse);
      const json = await readJson(request, limit, places, parse);
      const { body, search } = nameDocument(trusted, request.method, url, json);
      const isLate = known !== undefined && mayHaveEnded(askedAt, parts.clock.now());
      const made = (isLate ? identityOf(request) : asked).then((identity) =>
        createContext(parts, identity, { idempotencyKey: idempotencyKeyOf(request) }),
      );
      made.catch(() => undefined);
      const { accept } = request.headers;
      const answered = request.method === "POST" && (await fast.answer(accept, body, () => made));
      if (answered) return void response.writeHead(200, answered.headers).end(answered.body);
      const headers = new HeaderMap();
      for (const [name, value] of Object.entries(request.headers))
        if (value) headers.set(name, String(value));
      const result = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method ?? "GET", headers, search, body },
        context: async () => {
          if (body instanceof GraphQLError) throw body;
          const context = charged(await made);
          const { query, operationName } =
            request.method === "GET"
              ? Object.fromEntries(new URLSearchParams(search))
              : ((body ?? {}) as { query?: unknown; operationName?: unknown });
          if (mentionsSubscription(query))
            time.during(context, () => refuseSubscription(query, operationName, parts.limits));
          return context;
        },
      });
      if (result.status === undefined) fast.learn(accept, result.headers.get("content-type"));
      const heads = Object.fromEntries(result.headers);
      if (result.body.kind === "complete") {
        const bytes = Buffer.from(result.body.string);
        response.writeHead(result.status ?? 200, { ...heads, "content-length": bytes.length }).end(bytes);
        return;
      }
      response.writeHead(result.status ?? 200, heads);
      for await (const chunk of result.body.asyncIterator) response.write(chunk);
      response.end();
    },
  };
}
