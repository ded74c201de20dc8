import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What this process counts of itself. Labels are few and closed: routes, kinds, outcomes; never ids, names or documents. */
export interface Metrics {
  readonly registry: Registry;
  request(request: { route: string; method: string; status: number; seconds: number }): void;
  graphql(operation: { type: string; outcome: "ok" | "error" | "refused" }): void;
  /** An operation that this process ended. */
  operationEnded(kind: string, outcome: string): void;
  readonly delivery: (outcome: "delivered" | "failed") => void;
  /** +1 when one begins, -1 when it ends. */
  subscriptions(change: 1 | -1): void;
  /** A client was let go that did not read what it had asked for. */
  readerDropped(transport: "http" | "websocket"): void;
}

const methods = new Set(["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]);

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "daguerre_" });
  const requests = new Histogram({
    name: "daguerre_http_request_duration_seconds",
    help: "HTTP requests by route, method and status.",
    labelNames: ["route", "method", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const graphql = new Counter({
    name: "daguerre_graphql_requests_total",
    help: "GraphQL requests over HTTP by type of operation and outcome; refused ones never ran.",
    labelNames: ["type", "outcome"],
    registers,
  });
  const operations = new Counter({
    name: "daguerre_operations_total",
    help: "Operations that this process ended, by kind and outcome.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  const deliveries = new Counter({
    name: "daguerre_webhook_attempts_total",
    help: "Attempts of this process to deliver to a webhook, by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const subscriptions = new Gauge({
    name: "daguerre_subscriptions",
    help: "Subscriptions that are open in this process.",
    registers,
  });
  const dropped = new Counter({
    name: "daguerre_readers_dropped_total",
    help: "Clients that were let go because they did not read what they had asked for, by transport.",
    labelNames: ["transport"],
    registers,
  });
  return {
    registry,
    request: ({ route, method, status, seconds }) =>
      requests.observe({ route, method: methods.has(method) ? method : "OTHER", status }, seconds),
    graphql: (labels) => graphql.inc(labels),
    operationEnded: (kind, outcome) => operations.inc({ kind, outcome }),
    delivery: (outcome) => deliveries.inc({ outcome }),
    subscriptions: (change) => subscriptions.inc(change),
    readerDropped: (transport) => dropped.inc({ transport }),
  };
}
