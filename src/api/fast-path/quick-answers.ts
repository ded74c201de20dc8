import { LRUCache } from "lru-cache";
import type { Metrics } from "../../telemetry/metrics.js";
import type { ReadyQuery } from "./compiled-execution.js";
import type { Context } from "../context.js";
import { isJsonObject } from "../is-json-object.js";
import { rateLimitHeaders, type Admission, type Admit } from "../limits/admission.js";
import type { Buckets } from "../limits/buckets.js";

export interface QuickParts {
  readonly find: (text: string, operationName: string | undefined) => ReadyQuery | undefined;
  readonly admit: Admit;
  readonly buckets: Buckets;
  readonly metrics: Metrics;
}

export interface QuickAnswers {
  /** In which type Apollo has answered who accepts this. */
  learn(accept: string | undefined, contentType: string | undefined): void;
  /** Undefined where Apollo is to answer. */
  answer(
    accept: string | undefined,
    body: unknown,
    makeContext: () => Promise<Context>,
  ): Promise<QuickAnswer | undefined>;
}

export interface QuickAnswer {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** A request that holds nothing but a query and what belongs to it. */
interface PlainRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
}

function isPlainRequest(body: unknown): body is PlainRequest {
  if (!isJsonObject(body) || typeof body["query"] !== "string" || body["extensions"] != null) return false;
  const { operationName, variables } = body;
  return (
    (operationName == null || typeof operationName === "string") &&
    (variables == null || isJsonObject(variables))
  );
}

/**
 * Answers queries that Apollo Server has answered before without its pipeline: parsed, found valid and compiled they are
 * already. Who asks, what they may see and what it costs is decided as ever. Whatever is not an everyday success (another method or
 * body, a refusal, an error of any field) is answered by Apollo as if nobody had tried: `answer` is undefined then, and
 * nothing has been charged.
 */
export function createQuickAnswers({ find, admit, buckets, metrics }: QuickParts): QuickAnswers {
  /** By `Accept`: in which type Apollo has answered it. */
  const contentTypes = new LRUCache<string, string>({ max: 100 });

  return {
    learn(accept, contentType) {
      if (contentType && (accept?.length ?? 0) < 500) contentTypes.set(accept ?? "", contentType);
    },

    async answer(accept, body, makeContext) {
      const contentType = contentTypes.get(accept ?? "");
      if (!contentType || !isPlainRequest(body)) return undefined;
      const { query, operationName, variables } = body;
      const ready = find(query, operationName ?? undefined);
      if (!ready) return undefined;
      let admission: Admission | undefined;
      try {
        const context = await makeContext();
        admission = admit(context, ready.document, operationName, variables);
        // Nothing runs that nobody has charged.
        if (!admission) return undefined;
        const { data, errors } = await ready.run(undefined, context, variables ?? {});
        if (errors) throw new Error("not an everyday success");
        const { cost, state } = admission.settle({ data });
        // As bytes, which say how long they are, and which the socket takes as they are.
        const bytes = Buffer.from(`${JSON.stringify({ data, extensions: { cost } })}\n`);
        metrics.graphql({ type: "query", outcome: "ok" });
        return {
          headers: {
            ...Object.fromEntries(rateLimitHeaders(buckets, state)),
            "content-type": contentType,
            "content-length": bytes.length,
          },
          body: bytes,
        };
      } catch {
        admission?.withdraw();
        return undefined;
      }
    },
  };
}
