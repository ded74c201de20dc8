import type { Env } from "./env.js";

const samplers = ["always_on", "always_off", "traceidratio"] as const;

export interface TracingConfig {
  readonly exporter: "otlp" | "console";
  readonly sampler: (typeof samplers)[number];
  readonly parentBased: boolean;
  readonly ratio: number;
}

/**
 * What OpenTelemetry's standard variables say of traces; undefined: there are none. They are on where somebody names a place to
 * send them to, or an exporter. Throws what `refuse` makes of a value that is not known here.
 */
export function readTracing(env: Env, refuse: (message: string) => Error): TracingConfig | undefined {
  const read = (name: string) => env[name]?.trim() || undefined;
  const named = read("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? read("OTEL_EXPORTER_OTLP_ENDPOINT");
  const exporter = read("OTEL_TRACES_EXPORTER") ?? (named && "otlp");
  if (read("OTEL_SDK_DISABLED")?.toLowerCase() === "true" || !exporter || exporter === "none")
    return undefined;
  if (exporter !== "otlp" && exporter !== "console")
    throw refuse("OTEL_TRACES_EXPORTER makes no sense: set it to otlp, console or none");
  const protocol = read("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? read("OTEL_EXPORTER_OTLP_PROTOCOL");
  if (protocol && protocol !== "http/protobuf")
    throw refuse("OTEL_EXPORTER_OTLP_PROTOCOL makes no sense: only http/protobuf is spoken here");
  const wanted = read("OTEL_TRACES_SAMPLER") ?? "parentbased_always_on";
  const sampler = samplers.find((name) => name === wanted.replace("parentbased_", ""));
  if (!sampler)
    throw refuse(
      `OTEL_TRACES_SAMPLER makes no sense: set it to ${samplers.join(", ")}, or one of them behind parentbased_`,
    );
  const ratio = Number(read("OTEL_TRACES_SAMPLER_ARG") ?? 1);
  if (!(ratio >= 0 && ratio <= 1))
    throw refuse("OTEL_TRACES_SAMPLER_ARG makes no sense: set it to a number from 0 to 1");
  return { exporter, sampler, parentBased: wanted.startsWith("parentbased_"), ratio };
}
