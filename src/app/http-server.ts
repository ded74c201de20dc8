import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { buildSchema } from "../api/build-schema.js";
import { answerDownload, type DownloadParts } from "../api/downloads.js";
import { createDocuments } from "../api/documents.js";
import { serveEventStreams } from "../api/event-stream.js";
import { createErrorFormat, type ErrorFormat, type ErrorReport } from "../api/format-errors.js";
import { createGraphqlHttp, type GraphqlHttpParts } from "../api/graphql-http.js";
import {
  type AdmissionParts,
  createAdmit,
  createChargeReading,
  createChargeTime,
  timeAdmit,
} from "../api/limits/admission.js";
import { admitVariables } from "../api/limits/admit-variables.js";
import { OpenConnections } from "../api/open-connections.js";
import { answerQuery, refuseTransactions, type QueryApiParts } from "../api/query-api.js";
import { BrokenOff, discardRest } from "../api/read-body.js";
import { RunningStatements } from "../api/running-statements.js";
import { refuseUpgrade } from "../api/refuse-upgrade.js";
import { shareLookups } from "../api/share-lookups.js";
import type { StreamParts } from "../api/stream-operation.js";
import { createSubscriptions } from "../api/subscriptions.js";
import { withoutSuggestions } from "../api/suggestions.js";
import type { TrustedDocuments } from "../api/trusted-documents.js";
import { serveWebSockets } from "../api/websocket.js";
import { asksForPage, type ConsoleFiles } from "../console/console-files.js";
import { currentRequestId } from "../telemetry/request-scope.js";
import { answerMetrics, answerReadiness, type OperatorParts } from "./answer-operators.js";
import { createBoundAhead } from "./bound-ahead.js";
import { boundConnections } from "./bound-connections.js";
import { dropIfStalled } from "./drop-if-stalled.js";
import { HeardMessage } from "./heard-message.js";
import { observeRequest, type ObserveParts } from "./observe-request.js";
import { hearWhatNodeRefuses, leftToUs, refusalOf } from "./refuse-unheard.js";

export interface HttpParts
  extends
    Omit<GraphqlHttpParts, "onKnown">,
    Omit<QueryApiParts, "running" | "time" | "onKnown">,
    Omit<DownloadParts, "downloading">,
    ErrorReport,
    ObserveParts,
    OperatorParts,
    AdmissionParts {
  /** The only documents that are answered; undefined: any. */
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** GraphiQL; undefined: it is not served. */
  readonly console: ConsoleFiles | undefined;
  /** Milliseconds, of no particular origin. */
  readonly stopwatch: () => number;
  /** How long requests under way may still take when the server closes. */
  readonly closeGraceMs: number;
}

/** In which a request must have come as a whole: half a body is memory, and a connection. */
const requestMs = 60_000;

const answer = (response: ServerResponse, status: number, text: string) =>
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);

/** To where a person meant to go: relative, so that it also holds behind a proxy that puts a path before it. */
const redirect = (response: ServerResponse, location: string) =>
  response.writeHead(303, { location, vary: "accept" }).end();

/** What a path answers; what the pattern catches is handed on. The name stands for it in metrics and logs. */
type Route = readonly [
  name: string,
  pattern: RegExp,
  answer: (request: IncomingMessage, response: ServerResponse, url: URL, caught: string) => unknown,
];

/** The server of the edge. `listen` rejects with what the socket said, such as EADDRINUSE. */
export function createHttpServer(given: HttpParts) {
  // Within a request its id is the one that errors carry.
  const parts = {
    ...given,
    newRequestId: () => currentRequestId() ?? given.newRequestId(),
    onKnown: (connection: Socket, project: string) => connections.introduce(connection, project),
    authenticate: shareLookups(given.authenticate),
  };
  const schema = buildSchema();
  const plain = createErrorFormat(parts);
  // Where nobody may read the schema, nobody is told names of it.
  const errors: ErrorFormat =
    parts.introspection === "nobody"
      ? {
          format: (formatted, error) => withoutSuggestions(plain.format(formatted, error)),
          formatPlain: (error) => withoutSuggestions(plain.formatPlain(error)),
        }
      : plain;
  const largeBodies = new OpenConnections(parts.limits.largeBodiesPerKey);
  const time = createChargeTime(parts.buckets, parts.stopwatch);
  const stream: StreamParts = {
    schema,
    errors,
    documents: createDocuments(schema, parts.limits),
    chargeReading: createChargeReading(parts.buckets),
    time,
    admit: timeAdmit(admitVariables(schema, createAdmit(schema, parts)), time),
    keptBytes: parts.limits.keptBytes,
    trusted: parts.trustedDocuments,
    placesOf: ({ keyId }) => ({
      beyond: parts.limits.strangerBodyBytes,
      enter: () => largeBodies.enter(keyId),
    }),
  };
  const queries = { ...parts, time: stream.time, running: new RunningStatements(parts.limits) };
  const downloads = { ...parts, downloading: new OpenConnections(parts.limits.downloadsPerFile) };
  const perKey = new OpenConnections(parts.limits.socketsPerKey);
  const graphql = createGraphqlHttp(parts, stream);
  const subscriptions = createSubscriptions(parts, stream);
  const eventStreams = serveEventStreams(parts, stream, subscriptions, perKey);
  const routes: readonly Route[] = [
    [
      "/graphql",
      /^\/graphql$/,
      (request, response, url) =>
        request.headers.accept?.includes("text/event-stream")
          ? eventStreams.answer(request, response, url)
          : given.console && asksForPage(request, url)
            ? redirect(response, "graphiql/")
            : graphql.answer(request, response, url),
    ],
    [
      "/graphiql",
      /^\/graphiql(?:\/(.*))?$/,
      async (request, response, url, name) => {
        // The page's addresses are relative: only behind the slash do they lead to it.
        if (given.console && url.pathname === "/graphiql") return redirect(response, "graphiql/");
        if (!(await given.console?.answer(request, response, name))) answer(response, 404, "Not found.\n");
      },
    ],
    [
      "/graphql/stream",
      /^\/graphql\/stream$/,
      (request, response, url) => eventStreams.answer(request, response, url),
    ],
    [
      "/db/:instance/query/v2",
      /^\/db\/([^/]+)\/query\/v2\/?$/,
      (request, response, _url, id) => answerQuery(queries, request, response, id),
    ],
    [
      "/downloads/:operation",
      /^\/downloads\/([^/]+)$/,
      (request, response, url, id) => answerDownload(downloads, request, response, url, id),
    ],
    [
      "/db/:instance/query/v2/tx",
      /^\/db\/[^/]+\/query\/v2\/tx(\/|$)/,
      (_request, response) => refuseTransactions(response),
    ],
    ["/readyz", /^\/readyz$/, (_request, response) => answerReadiness(parts, response)],
    ["/metrics", /^\/metrics$/, (request, response) => answerMetrics(parts, request, response)],
    ["/livez", /^\/livez$/, (_request, response) => answer(response, 200, "ok\n")],
    [
      "/",
      /^\/$/,
      (request, response, url) =>
        given.console && asksForPage(request, url)
          ? redirect(response, "graphiql/")
          : answer(
              response,
              200,
              `GraphQL: /graphql. ${given.console ? "In a browser: /graphiql. " : ""}For operators: /livez, /readyz, /metrics.\n`,
            ),
    ],
  ];

  function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request);
    if (refusal) {
      response.setHeader("connection", "close");
      return observe("none", request, response, () => answer(response, ...refusal));
    }
    // A path such as `//` is no URL of its own.
    const url = URL.parse(request.url ?? "/", "http://localhost");
    for (const [name, pattern, route] of routes) {
      const match = url && pattern.exec(url.pathname);
      if (match) return observe(name, request, response, () => route(request, response, url, match[1] ?? ""));
    }
    return observe("none", request, response, () => answer(response, 404, "Not found.\n"));
  }

  const observe = (
    route: string,
    request: IncomingMessage,
    response: ServerResponse,
    work: () => unknown,
  ): Promise<void> =>
    observeRequest(given, route, request, response, async () => {
      try {
        await work();
      } catch (error) {
        if (error instanceof BrokenOff || (request.destroyed && !request.complete)) return;
        parts.logError(error, parts.newRequestId());
        if (!response.headersSent) answer(response, 500, "Something went wrong on our side.\n");
        else response.destroy();
      }
    });

  const boundAhead = createBoundAhead((connection) => connections.partyOf(connection), parts.stopwatch);
  const hear = (request: IncomingMessage, response: ServerResponse) =>
    boundAhead(request, response, () => {
      dropIfStalled(request, response, parts);
      response.once("prefinish", () => request.complete || discardRest(request));
      // Kept alive, a connection would be waited for though nobody asks anything over it.
      response.once("finish", () => server.listening || request.socket.destroySoon());
      void dispatch(request, response);
    });
  const server = createServer(
    { requestTimeout: requestMs, IncomingMessage: HeardMessage, ...leftToUs },
    hear,
  );
  hearWhatNodeRefuses(server, hear);
  const connections = boundConnections(server, parts);
  // Node itself forgets those that were upgraded.
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });

  const sockets = serveWebSockets(parts, stream, subscriptions, perKey);
  server.on("upgrade", (request, socket, head) => {
    if (socket.destroyed) return;
    socket.on("error", () => socket.destroy());
    if (URL.parse(request.url ?? "", "http://localhost")?.pathname === "/graphql")
      return sockets.upgrade(request, socket, head);
    refuseUpgrade(socket, "404 Not Found", "Sockets are at /graphql.\n", parts.limits.stalledReaderMs);
  });

  return {
    async listen(port: number, host: string): Promise<void> {
      await graphql.start();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => resolve());
      });
    },
    /** Takes nobody new, finishes what is under way, and lets go of what has not ended after the grace: a client must not hold it up. */
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const grace = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, parts.closeGraceMs);
      eventStreams.close();
      await sockets.close();
      await closed;
      clearTimeout(grace);
      await graphql.stop();
    },
  };
}
