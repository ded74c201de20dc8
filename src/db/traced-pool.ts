import { SpanKind } from "@opentelemetry/api";
import pg from "pg";
import { inSpan, isTraced } from "../telemetry/tracing.js";

/**
 * The statement goes into the span as it was prepared: values travel apart from it. Where no trace is being recorded,
 * nothing happens.
 */
function traced(args: unknown[], query: () => unknown): unknown {
  // With a callback it is the pool that calls, in a span already.
  if (!isTraced() || typeof args.at(-1) === "function") return query();
  const [config] = args as [string | { text?: string } | undefined];
  const text = (typeof config === "string" ? config : config?.text) ?? "";
  const operation = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? "SQL";
  const attributes = {
    "db.system.name": "postgresql",
    "db.operation.name": operation,
    "db.query.text": text,
  };
  return inSpan(`SQL ${operation}`, { kind: SpanKind.CLIENT, attributes }, async () => query());
}

class TracedClient extends pg.Client {
  override query(...args: unknown[]): never {
    return traced(args, () => super.query(...(args as [string]))) as never;
  }
}

/** A pool whose statements are spans of the trace that asks for them. */
export class TracedPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: TracedClient });
  }

  override query(...args: unknown[]): never {
    return traced(args, () => super.query(...(args as [string]))) as never;
  }
}
