import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { Limits } from "../config/limits.js";
import { EngineError, type EngineErrorCode, type QueryResult, type Statement } from "../engines/engine.js";
import { parseIdOf } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { identify, originOf, type Authenticate, type Identity } from "./identify.js";
import { bucketOf, rateLimitHeaders, usedUp } from "./limits/admission.js";
import type { Buckets, BucketState } from "./limits/buckets.js";
import { readBody } from "./read-body.js";

export interface QueryApiParts {
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly buckets: Buckets;
  /** Runs one statement on an instance (its row id) the viewer may see; throws EngineError. */
  readonly runStatement: (
    viewer: Viewer,
    instanceUuid: string,
    statement: Statement,
    signal: AbortSignal,
  ) => Promise<QueryResult>;
  readonly newRequestId: () => string;
  readonly logError: (error: unknown, requestId: string) => void;
}

const requestBody = z.object({
  statement: z.string().min(1),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  accessMode: z
    .string()
    .transform((mode) => mode.toUpperCase())
    .pipe(z.enum(["READ", "WRITE"]))
    .nullish(),
  includeCounters: z.boolean().nullish(),
  /** Taken and not needed: a read sees every write that was acknowledged before it. */
  bookmarks: z.array(z.string()).nullish(),
  impersonatedUser: z.null("must not be given: the key says who asks").optional(),
});

/** Typed JSON is not spoken here; a client that lists plain JSON as well gets that. */
const acceptsJson = (accept: string | undefined) =>
  !accept || /(^|[\s,])(application\/json|application\/\*|\*\/\*)/i.test(accept);

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Engine errors in the words of Neo4j, whose clients decide by them whether to retry. */
const refusals: Partial<Record<EngineErrorCode, readonly [status: number, code: string]>> = {
  SYNTAX: [400, "Neo.ClientError.Statement.SyntaxError"],
  CONSTRAINT: [400, "Neo.ClientError.Schema.ConstraintValidationFailed"],
  PARAMETER: [400, "Neo.ClientError.Statement.ParameterMissing"],
  FORBIDDEN_STATEMENT: [403, "Neo.ClientError.Security.Forbidden"],
  LIMIT: [400, "Neo.ClientError.Statement.ExecutionFailed"],
  NOT_FOUND: [404, "Neo.ClientError.Database.DatabaseNotFound"],
  MOVED: [503, "Neo.TransientError.General.DatabaseUnavailable"],
  UNAVAILABLE: [503, "Neo.TransientError.General.DatabaseUnavailable"],
  CANCELED: [503, "Neo.TransientError.Transaction.Terminated"],
};
/** A client retries what is transient by itself; it must not repeat a write that may have happened. */
const unknownOutcome = [500, "Neo.DatabaseError.Statement.ExecutionFailed"] as const;

/** Integers that a double would round are read as bigint, from the digits that were sent. */
const parseExactly = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;
const parseBody = (text: string) =>
  parseExactly(text, (_key, value, { source }) =>
    typeof value === "number" && source && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value,
  );
const { rawJSON } = JSON as unknown as { rawJSON: (this: void, text: string) => unknown };
const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? rawJSON(item.toString()) : item,
  );

/** A statement is a point of the key's bucket, the one that GraphQL is charged to, and so are each hundred rows of its answer. */
const statementCost = 1;
const rowsPerPoint = 100;

function charge({ buckets }: QueryApiParts, identity: Identity, response: ServerResponse) {
  const tell = (state: BucketState) => {
    for (const [name, value] of rateLimitHeaders(buckets, state)) response.setHeader(name, value);
  };
  const key = bucketOf(identity);
  const taken = buckets.take(key, statementCost);
  tell(taken);
  if (!taken.allowed) {
    response.setHeader("retry-after", taken.retryAfter);
    throw new Refusal(429, "Neo.TransientError.Request.ResourceExhaustion", usedUp(taken));
  }
  return { settle: (rows: number) => tell(buckets.settle(key, Math.floor(rows / rowsPerPoint))) };
}

async function run(
  parts: QueryApiParts,
  request: IncomingMessage,
  response: ServerResponse,
  instanceId: string,
  signal: AbortSignal,
): Promise<QueryResult & { readonly includeCounters: boolean }> {
  const identity = await identify(
    parts.authenticate,
    request.headers.authorization,
    originOf(request),
    parts.clock.now(),
  );
  const charged = charge(parts, identity, response);
  const { viewer, refusal } = identity;
  if (refusal?.reason === "PROVIDER_UNAVAILABLE")
    throw new Refusal(503, "Neo.TransientError.General.DatabaseUnavailable", refusal.message);
  if (!viewer) {
    const message = refusal?.message ?? "Send an API key: Authorization: Bearer <key>.";
    throw new Refusal(401, "Neo.ClientError.Security.Unauthorized", message);
  }
  if (!acceptsJson(request.headers.accept))
    throw new Refusal(406, "Neo.ClientError.Request.Invalid", "Answers are application/json: accept it.");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new Refusal(
      415,
      "Neo.ClientError.Request.Invalid",
      "Send the statement as JSON, with Content-Type: application/json.",
    );
  const limit = parts.limits.queryBodyBytes;
  const read = await readBody(request, limit);
  if (read === "TOO_LARGE")
    throw new Refusal(413, "Neo.ClientError.Request.Invalid", `The body is larger than ${limit} bytes.`);
  if (read === "NOT_UTF8")
    throw new Refusal(400, "Neo.ClientError.Request.InvalidFormat", "The body is not UTF-8.");
  let json: unknown;
  try {
    json = parseBody(read.text);
  } catch {
    throw new Refusal(400, "Neo.ClientError.Request.InvalidFormat", "The body is not JSON.");
  }
  const body = requestBody.safeParse(json);
  if (!body.success)
    throw new Refusal(
      400,
      "Neo.ClientError.Request.Invalid",
      `The body is not a query: ${z.prettifyError(body.error)}`,
    );
  const { statement, parameters, accessMode } = body.data;
  if (viewer.role === "VIEWER" && accessMode === "WRITE")
    throw new Refusal(
      403,
      "Neo.ClientError.Security.Forbidden",
      "The key has the role VIEWER: it may only read.",
    );
  const instanceUuid = parseIdOf("instance", instanceId);
  if (!instanceUuid)
    throw new Refusal(404, "Neo.ClientError.Database.DatabaseNotFound", "There is no such instance.");
  const access = accessMode ?? (viewer.role === "VIEWER" ? "READ" : "WRITE");
  const text = { text: statement, parameters: parameters ?? {}, access };
  const result = await parts.runStatement(viewer, instanceUuid, text, signal);
  charged.settle(result.values.length);
  return { ...result, includeCounters: body.data.includeCounters ?? false };
}

function toRefusal(parts: QueryApiParts, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const known = error instanceof EngineError ? refusals[error.code] : undefined;
  if (error instanceof EngineError && known) {
    const [status, code] = error.outcomeUnknown ? unknownOutcome : known;
    return new Refusal(status, code, error.message);
  }
  const requestId = parts.newRequestId();
  parts.logError(error, requestId);
  return new Refusal(
    500,
    "Neo.DatabaseError.General.UnknownError",
    `Something went wrong on our side; request ${requestId}.`,
  );
}

/** What would need a transaction that outlives its request: engines have none. */
export function refuseTransactions(response: ServerResponse): void {
  const message = "Transactions of several requests are not offered; send one statement to /query/v2.";
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code: "Neo.ClientError.Request.Invalid", message }] }));
}

/**
 * `POST /db/<instance id>/query/v2`: one statement, as Neo4j's HTTP Query API takes and answers it. 202 with
 * `{data: {fields, values}, bookmarks: []}`, or `{errors: [{code, message}]}`. A client that goes away cancels it.
 */
export async function answerQuery(
  parts: QueryApiParts,
  request: IncomingMessage,
  response: ServerResponse,
  instanceId: string,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(toJson(body));
  };
  try {
    if (request.method !== "POST")
      throw new Refusal(405, "Neo.ClientError.Request.Invalid", "Send the statement with POST.");
    const { fields, values, wrote, includeCounters } = await run(
      parts,
      request,
      response,
      instanceId,
      gone.signal,
    );
    // Engines tell whether a statement wrote, and count nothing.
    const counters = includeCounters ? { counters: { containsUpdates: wrote } } : {};
    send(202, { data: { fields, values }, ...counters, bookmarks: [] });
  } catch (error) {
    if (gone.signal.aborted) return;
    const { status, code, message } = toRefusal(parts, error);
    send(
      status,
      { errors: [{ code, message }] },
      status === 401 ? { "www-authenticate": "Bearer" } : status === 405 ? { allow: "POST" } : {},
    );
  }
}
