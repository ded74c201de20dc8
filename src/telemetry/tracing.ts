import {
  context,
  INVALID_SPAN_CONTEXT,
  propagation,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type Tracer,
} from "@opentelemetry/api";

/** As src/config/tracing.ts reads it. */
export interface TracingSettings {
  readonly exporter: "otlp" | "console";
  readonly sampler: "always_on" | "always_off" | "traceidratio";
  /** What a trace that comes from elsewhere has decided stands. */
  readonly parentBased: boolean;
  readonly ratio: number;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Where a trace comes from elsewhere: headers of a request, data of a job. */
  readonly carrier?: Readonly<Record<string, unknown>>;
}

/** Undefined where spans go nowhere: OpenTelemetry's own way of doing nothing costs more than a short request's work. */
function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer("daguerre")
    : provider.getTracer("daguerre");
}

const nothing = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Runs work in a span of its own. Where tracing is off this costs a function call. */
export function inSpan<Result>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes, carrier }: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const tracer = findTracer();
  if (!tracer) return work(nothing);
  const parent = carrier ? propagation.extract(ROOT_CONTEXT, carrier) : context.active();
  return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // The message stays out: it may quote what a client sent.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "" });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What a later process needs to go on with the trace; empty where there is none. */
export function carryTrace(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** Whether there is a trace that a span could be part of. */
export const isTraced = (): boolean => trace.getActiveSpan()?.isRecording() ?? false;

/**
 * Switches traces on. The SDK is loaded only here; its exporter reads OTEL_EXPORTER_OTLP_…, its resource OTEL_SERVICE_NAME and
 * OTEL_RESOURCE_ATTRIBUTES. Answers how to send what is left and switch off.
 */
export async function startTracing(settings: TracingSettings): Promise<{ stop(): Promise<void> }> {
  const sdk = await import("@opentelemetry/sdk-trace");
  const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
  const { W3CTraceContextPropagator } = await import("@opentelemetry/core");
  const resources = await import("@opentelemetry/resources");
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");

  const root = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(settings.ratio),
  }[settings.sampler]();
  const provider = new sdk.TracerProvider({
    sampler: settings.parentBased ? new sdk.ParentBasedSampler({ root }) : root,
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ "service.name": "daguerre" }))
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [
      settings.exporter === "otlp"
        ? new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })
        : new sdk.SimpleSpanProcessor({ exporter: new sdk.ConsoleSpanExporter() }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}
