import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, expect, it, vi } from "vitest";
import { readTracing } from "../../src/config/tracing.js";
import { toGlobalId } from "../../src/ids.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { inSpan, startTracing } from "../../src/telemetry/tracing.js";
import { startEdge } from "../api/edge.js";

const on = { exporter: "otlp", sampler: "always_on", parentBased: true, ratio: 1 } as const;
const refuse = (message: string) => new Error(message);

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
  vi.unstubAllEnvs();
});

it("goes from the request through its statements into the job", async () => {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  const done = Promise.withResolvers<void>();
  const edge = await startEdge({
    actionsOn: (db) =>
      ({
        takeSnapshot: async () => {
          await db.transaction((tx) => jobs.enqueue(tx, "work", { id: crypto.randomUUID() }));
          throw new Error("that will do");
        },
      }) as never,
  });
  const logger = createLogger({ level: "silent" });
  const jobs = await createJobQueue({
    url: edge.databaseUrl,
    logger,
    queues: [{ name: "work", attempts: 1 }],
  });
  await jobs.work("work", { concurrency: 1 }, () => Promise.resolve(done.resolve()));
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: {
      authorization: "Bearer member",
      "content-type": "application/json",
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({
      query: "mutation($i: TakeSnapshotInput!) { takeSnapshot(input: $i) { replayed } }",
      variables: { i: { instanceId: toGlobalId("instance", edge.instanceId), name: "sesame" } },
    }),
  });
  await done.promise;
  await jobs.stop();
  await edge.close();
  const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
  const server = spans.find((span) => span.kind === SpanKind.SERVER);
  const consumer = spans.find((span) => span.kind === SpanKind.CONSUMER);
  const begin = spans.find((span) => span.name === "SQL BEGIN");
  expect(server?.name).toBe("POST /graphql");
  expect(begin?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
  expect(spans.some((span) => String(span.attributes["db.query.text"]).includes("INTO pgboss"))).toBe(true);
  expect(consumer?.name).toBe("job work");
  expect(JSON.stringify(spans.map((span) => [span.name, span.attributes, span.status]))).not.toContain(
    "sesame",
  );
});

it("sends spans where the standard variables say", async () => {
  const requests: IncomingMessage[] = [];
  const collector = createServer((request, response) => {
    requests.push(request);
    request.resume().on("end", () => response.end());
  });
  await once(collector.listen(0, "127.0.0.1"), "listening");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
  vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=one");
  const settings = readTracing(process.env, refuse);
  expect(settings).toEqual(on);
  const tracing = await startTracing(settings ?? on);
  await inSpan("work", {}, () => Promise.resolve());
  await tracing.stop();
  collector.close();
  expect(requests.map((request) => request.url)).toEqual(["/v1/traces"]);
  expect(requests[0]?.headers).toMatchObject({
    "content-type": "application/x-protobuf",
    "x-tenant": "one",
  });
});

it.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, on],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector:4318/v1/traces" }, on],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_SDK_DISABLED: "true" }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_TRACES_EXPORTER: "none" }, undefined],
  [
    { OTEL_TRACES_EXPORTER: "console", OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" },
    { exporter: "console", sampler: "traceidratio", parentBased: false, ratio: 0.1 },
  ],
])("reads %j", (env, expected) => expect(readTracing(env, refuse)).toEqual(expected));

it.each([
  { OTEL_TRACES_EXPORTER: "zipkin" },
  { OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
  { OTEL_TRACES_EXPORTER: "otlp", OTEL_TRACES_SAMPLER: "sometimes" },
  { OTEL_TRACES_EXPORTER: "otlp", OTEL_TRACES_SAMPLER_ARG: "2" },
])("refuses %j", (env) => expect(() => readTracing(env, refuse)).toThrow("makes no sense"));
