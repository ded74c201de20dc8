import type { IncomingMessage, ServerResponse } from "node:http";
import { SpanKind } from "@opentelemetry/api";
import type { Logger } from "../telemetry/logger.js";
import type { Metrics } from "../telemetry/metrics.js";
import { acceptRequestId, runInScope } from "../telemetry/request-scope.js";
import { inSpan } from "../telemetry/tracing.js";

export interface ObserveParts {
  readonly newRequestId: () => string;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Gives a request its id (`X-Request-Id`, the client's own where it sends one), its span, its line in the log and its place in the
 * metrics. The route's name stands for the path: paths and queries hold ids and signatures.
 */
export function observeRequest(
  { newRequestId, metrics, logger }: ObserveParts,
  route: string,
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<void>,
): Promise<void> {
  const requestId = acceptRequestId(request.headers["x-request-id"], newRequestId);
  const method = request.method ?? "GET";
  const startedAt = performance.now();
  response.setHeader("X-Request-Id", requestId);
  return runInScope({ requestId }, () => {
    const attributes = {
      "http.request.method": method,
      "http.route": route,
      "daguerre.request.id": requestId,
    };
    const span = { kind: SpanKind.SERVER, attributes, carrier: request.headers };
    return inSpan(`${method} ${route}`, span, async (active) => {
      response.once("close", () => {
        const seconds = (performance.now() - startedAt) / 1000;
        const status = response.statusCode;
        metrics.request({ route, method, status, seconds });
        if (logger.isLevelEnabled("debug"))
          logger.debug({ requestId, method, route, status, ms: Math.round(seconds * 1000) }, "request");
      });
      await work();
      active.setAttribute("http.response.status_code", response.statusCode);
    });
  });
}
