import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerKey } from "../api/read-body.js";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import type { Readiness } from "./readiness.js";

export interface OperatorParts {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Brings up to date what is read from the database. */
  readonly refreshMetrics: () => Promise<void>;
  /** Undefined: only callers on this machine who call it that are answered, unless a proxy stands between. */
  readonly metricsToken: string | undefined;
  readonly logger: Logger;
}

export async function answerReadiness({ readiness }: OperatorParts, response: ServerResponse): Promise<void> {
  const state = await readiness.check();
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(state.ready ? 200 : 503, headers).end(`${JSON.stringify(state)}\n`);
}

/** In Prometheus' text format. A database that does not answer takes away its own gauges, not the rest. */
export async function answerMetrics(
  parts: OperatorParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!mayScrape(parts.metricsToken, request)) {
    const text =
      parts.metricsToken === undefined
        ? "Metrics are answered to this machine alone, as localhost or 127.0.0.1; set DAGUERRE_METRICS_TOKEN to ask from elsewhere.\n"
        : "Send the metrics token: Authorization: Bearer <token>.\n";
    response.writeHead(401, { "content-type": "text/plain; charset=utf-8", "www-authenticate": "Bearer" });
    return void response.end(text);
  }
  const { registry } = parts.metrics;
  await parts.refreshMetrics().catch((error: unknown) => {
    parts.logger.warn({ err: error }, "the metrics of the database could not be read");
  });
  response.writeHead(200, { "content-type": registry.contentType, "cache-control": "no-store" });
  response.end(await registry.metrics());
}

/**
 * What callers on this machine call it. A page in a browser here also comes from here, once its own name has been made
 * to lead to this machine (DNS rebinding), but its browser says that name.
 */
const ownName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const digest = (text: string) => createHash("sha256").update(text).digest();

function mayScrape(token: string | undefined, request: IncomingMessage): boolean {
  if (token !== undefined) {
    const given = bearerKey(request.headers.authorization);
    return given !== undefined && timingSafeEqual(digest(given), digest(token));
  }
  // Behind a proxy on this machine every caller seems to be here.
  const proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some(
    (name) => name in request.headers,
  );
  const { host = "" } = request.headers;
  return (
    !proxied && ownName.test(host) && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? "")
  );
}
