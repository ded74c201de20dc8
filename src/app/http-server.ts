import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import type { GraphQLFormattedError } from "graphql";
import { buildSchema } from "../api/build-schema.js";
import { createContext, type Context, type EdgeParts } from "../api/context.js";
import { answerDownload, type DownloadParts } from "../api/downloads.js";
import { answerQuery, type QueryApiParts } from "../api/query-api.js";
import { serveWebSockets } from "../api/websocket.js";
import { identify, originOf, type Authenticate } from "../api/identify.js";
import { readBody } from "../api/read-body.js";

export interface HttpParts extends EdgeParts, QueryApiParts, DownloadParts {
  readonly authenticate: Authenticate;
  readonly newRequestId: () => string;
  readonly logError: (error: unknown, requestId: string) => void;
}

const bodyLimit = 1024 * 1024;

const answer = (response: ServerResponse, status: number, text: string) =>
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);

/** The server of the edge. `listen` rejects with what the socket said, such as EADDRINUSE. */
export function createHttpServer(parts: HttpParts) {
  const formatError = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR") return formatted;
    const requestId = parts.newRequestId();
    parts.logError(error, requestId);
    return {
      ...formatted,
      message: "Something went wrong on our side.",
      extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
    };
  };
  const schema = buildSchema();
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError,
  });

  async function graphql(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const text = await readBody(request, bodyLimit);
    if (text === undefined) return void answer(response, 413, "The body is larger than 1 MiB.");
    let body: unknown;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      return void answer(response, 400, "The body is not JSON.");
    }
    const identity = await identify(
      parts.authenticate,
      request.headers.authorization,
      originOf(request),
      parts.clock.now(),
    );
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) if (value) headers.set(name, String(value));
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? "GET", headers, search: url.search, body },
      context: () => Promise.resolve(createContext(parts, identity)),
    });
    response.writeHead(result.status ?? 200, Object.fromEntries(result.headers));
    if (result.body.kind === "complete") return void response.end(result.body.string);
    for await (const chunk of result.body.asyncIterator) response.write(chunk);
    response.end();
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/livez") return answer(response, 200, "ok\n");
    if (url.pathname === "/") return answer(response, 200, "GraphQL: /graphql. Liveness: /livez.\n");
    const database = /^\/db\/([^/]+)\/query\/v2\/?$/.exec(url.pathname)?.[1];
    const download = /^\/downloads\/([^/]+)$/.exec(url.pathname)?.[1];
    if (!database && !download && url.pathname !== "/graphql") return answer(response, 404, "Not found.\n");
    const work = database
      ? answerQuery(parts, request, response, database)
      : download
        ? answerDownload(parts, request, response, url, download)
        : graphql(request, response, url);
    work.catch((error: unknown) => {
      parts.logError(error, parts.newRequestId());
      if (!response.headersSent) answer(response, 500, "Something went wrong on our side.\n");
      else response.destroy();
    });
  });

  const sockets = serveWebSockets(parts, server, schema, formatError);

  return {
    async listen(port: number, host: string): Promise<void> {
      await apollo.start();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve());
      });
    },
    async close(): Promise<void> {
      await sockets.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await apollo.stop();
    },
  };
}
