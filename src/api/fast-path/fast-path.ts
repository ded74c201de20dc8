import type { ApolloServerPlugin } from "@apollo/server";
import type { GraphQLSchema } from "graphql";
import type { Metrics } from "../../telemetry/metrics.js";
import type { Context } from "../context.js";
import type { Admit, ChargeTime } from "../limits/admission.js";
import type { Buckets } from "../limits/buckets.js";
import { createCompiledExecution } from "./compiled-execution.js";
import { createQuickAnswers, type QuickAnswers } from "./quick-answers.js";

export interface FastPathParts {
  readonly schema: GraphQLSchema;
  /** How often a query is answered plainly before it is compiled. */
  readonly compileAfter: number;
  readonly time: ChargeTime;
  readonly admit: Admit;
  readonly buckets: Buckets;
  readonly metrics: Metrics;
}

/** The plugin runs compiled queries for Apollo Server; quick answers do without it where it has answered the like before. */
export interface FastPath extends QuickAnswers {
  readonly plugin: ApolloServerPlugin<Context>;
}

/** The fast path's one door: nothing else knows what is behind it, and without it everything answers the same. */
export function createFastPath({
  schema,
  compileAfter,
  time,
  admit,
  buckets,
  metrics,
}: FastPathParts): FastPath {
  const { plugin, find } = createCompiledExecution<Context>(schema, compileAfter, time);
  return { plugin, ...createQuickAnswers({ find, admit, buckets, metrics }) };
}
