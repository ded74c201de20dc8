import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import type { GraphQLFormattedError } from "graphql";
import { buildSchema } from "../api/build-schema.js";
import { createContext, type Context, type EdgeParts } from "../api/context.js";
import type { Viewer } from "../projects/viewer.js";

export interface HttpParts extends EdgeParts {
  /** The viewer of a key; undefined for a bad one. */
  readonly authenticate: (key: string, now: Date) => Promise<Viewer | undefined>;
  readonly newRequestId: () => string;
  readonly logError: (error: unknown, requestId: string) => void;
}

const bodyLimit = 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const answer = (response: ServerResponse, status: number, text: string) =>
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);

/** The server of the edge. `listen` rejects with what the socket said, such as EADDRINUSE. */
export function createHttpServer(parts: HttpParts) {
  const formatError = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR") return formatted;
    const requestId = parts.newRequestId();
    parts.logError(error, requestId);
    return { ...formatted, message: "Something went wrong on our side.", extensions: { code: "INTERNAL_SERVER_ERROR", requestId } };
  };
  const apollo = new ApolloServer<Context>({ schema: buildSchema(), introspection: true, includeStacktraceInErrorResponses: false, formatError });

  async function graphql(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const text = await readBody(request);
    if (text === undefined) return void answer(response, 413, "The body is larger than 1 MiB.");
    let body: unknown;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      return void answer(response, 400, "The body is not JSON.");
    }
    const key = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const viewer = key ? await parts.authenticate(key, parts.clock.now()) : undefined;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) if (value) headers.set(name, String(value));
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? "GET", headers, search: url.search, body },
      context: () => Promise.resolve(createContext(parts, viewer)),
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
    if (url.pathname !== "/graphql") return answer(response, 404, "Not found.\n");
    graphql(request, response, url).catch((error: unknown) => {
      parts.logError(error, parts.newRequestId());
      if (!response.headersSent) answer(response, 500, "Something went wrong on our side.\n");
      else response.destroy();
    });
  });

  return {
    async listen(port: number, host: string): Promise<void> {
      await apollo.start();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve());
      });
    },
    async close(): Promise<void> {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await apollo.stop();
    },
  };
}
