import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What this process counts of itself. Labels are few and closed: routes, kinds, outcomes; never ids, names or documents. */
export interface Metrics {
  readonly registry: Registry;
  request(request: { route: string; method: string; status: number; seconds: number }): void;
  graphql(operation: { type: string; outcome: "ok" | "error" | "refused" }): void;
  /** An operation that this process ended. */
  operationEnded(kind: string, outcome: string): void;
  readonly delivery: (outcome: "delivered" | "failed") => void;
  /** What a sweep found that no row names and is still there, and what it removed. */
  readonly orphans: (left: readonly OrphanFigures[], removed: readonly OrphanFigures[]) => void;
  /** +1 when one begins, -1 when it ends. */
  subscriptions(change: 1 | -1): void;
  /** A client was let go that did not read what it had asked for. */
  readerDropped(transport: "http" | "websocket"): void;
  /** A connection was closed as it came, since there were as many as may be: in all, or of strangers from its address. */
  connectionRefused(bound: "all" | "address"): void;
  /** +1 when the first of identical subscriptions begins, -1 when the last ends. */
  sharedSubscriptions(change: 1 | -1): void;
  /** A change was executed, for however many subscribers. */
  subscriptionExecuted(): void;
}

interface OrphanFigures {
  readonly kind: string;
  readonly origin: string;
  readonly count: number;
  readonly sizeBytes: number;
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
  const refused = new Counter({
    name: "daguerre_connections_refused_total",
    help: "Connections that were closed unheard, by the bound that they met: all, or strangers from one address.",
    labelNames: ["bound"],
    registers,
  });
  const orphans = new Gauge({
    name: "daguerre_orphans",
    help: "What no row names, when this process last looked.",
    labelNames: ["kind", "origin"],
    registers,
  });
  const orphanBytes = new Gauge({
    name: "daguerre_orphan_bytes",
    help: "The bytes that it takes.",
    labelNames: ["kind", "origin"],
    registers,
  });
  const orphansRemoved = new Counter({
    name: "daguerre_orphans_removed_total",
    help: "What no row named and this process removed when its grace was over.",
    labelNames: ["kind"],
    registers,
  });
  const sharedSubscriptions = new Gauge({
    name: "daguerre_shared_subscriptions",
    help: "Different subscriptions that are open in this process; identical ones run as one.",
    registers,
  });
  const subscriptionExecutions = new Counter({
    name: "daguerre_subscription_executions_total",
    help: "Changes that were executed for subscriptions, once for all that are identical.",
    registers,
  });
  return {
    registry,
    request: ({ route, method, status, seconds }) =>
      requests.observe({ route, method: methods.has(method) ? method : "OTHER", status }, seconds),
    graphql: (labels) => graphql.inc(labels),
    operationEnded: (kind, outcome) => operations.inc({ kind, outcome }),
    orphans: (left, removed) => {
      for (const { kind, origin, count, sizeBytes } of left) {
        orphans.set({ kind, origin }, count);
        orphanBytes.set({ kind, origin }, sizeBytes);
      }
      for (const { kind, count } of removed) orphansRemoved.inc({ kind }, count);
    },
    delivery: (outcome) => deliveries.inc({ outcome }),
    subscriptions: (change) => subscriptions.inc(change),
    readerDropped: (transport) => dropped.inc({ transport }),
    connectionRefused: (bound) => refused.inc({ bound }),
    sharedSubscriptions: (change) => sharedSubscriptions.inc(change),
    subscriptionExecuted: () => subscriptionExecutions.inc(),
  };
}
