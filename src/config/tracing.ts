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

/** Variable, default, the words of `daguerre config`; and whether the value is a secret, or may hold one. */
const table: readonly (readonly [variable: string, preset: string, meaning: string, secret?: "secret"])[] = [
  [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "none: no traces",
    "where to send traces, below it; naming one switches on",
    "secret",
  ],
  ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "none: no traces", "where to send traces, in full", "secret"],
  ["OTEL_TRACES_EXPORTER", "otlp where an endpoint is named", "otlp, console or none"],
  ...(
    [
      ["PROTOCOL", "http/protobuf", "how to send; no other is spoken"],
      ["HEADERS", "none", "what to send with them, such as a token", "secret"],
      ["TIMEOUT", "10000", "milliseconds that sending may take"],
      ["COMPRESSION", "none", "gzip or none"],
      ["CERTIFICATE", "none", "file: whom to trust"],
      ["CLIENT_CERTIFICATE", "none", "file: who we are"],
      ["CLIENT_KEY", "none", "file: the key of that"],
    ] as const
  ).flatMap(([name, ...words]) => [
    [`OTEL_EXPORTER_OTLP_${name}`, ...words] as const,
    [`OTEL_EXPORTER_OTLP_TRACES_${name}`, ...words] as const,
  ]),
  ["OTEL_SERVICE_NAME", "daguerre", "who sends"],
  ["OTEL_RESOURCE_ATTRIBUTES", "none", "more of who sends, as name=value,…"],
  [
    "OTEL_TRACES_SAMPLER",
    "parentbased_always_on",
    "which traces: always_on, always_off, traceidratio, parentbased_…",
  ],
  ["OTEL_TRACES_SAMPLER_ARG", "1", "the share, from 0 to 1, for traceidratio"],
  ["OTEL_SDK_DISABLED", "false", "true switches traces off"],
];

/** As the environment has them: most are read by OpenTelemetry itself. */
export const describeTracing = (env: Env) =>
  table.map(([name, preset, meaning, secret]) => {
    const value = env[name]?.trim() ?? "";
    return { name, value: value && secret ? "(set)" : value, default: preset, meaning };
  });
