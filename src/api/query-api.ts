import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Limits } from "../config/limits.js";
import { EngineError, type QueryResult, type Statement } from "../engines/engine.js";
import { parseIdOf } from "../ids.js";
import type { Viewer } from "../projects/viewer.js";
import { followCredentials, type CredentialsContext } from "./follow-credentials.js";
import { cameFrom, identify, type Identity, type IdentifyParts } from "./identify.js";
import { isJsonObject } from "./is-json-object.js";
import { parseJson, toJson, TooManyDigitsError } from "./exact-json.js";
import { bucketOf, rateLimitHeaders, usedUp, type ChargeTime } from "./limits/admission.js";
import type { Buckets, BucketState } from "./limits/buckets.js";
import { pointsOf, statementCost, type Taken } from "./query-price.js";
import { Refusal, unexpected, wordsOf } from "./query-refusals.js";
import { bearerKey, readBody } from "./read-body.js";
import { mayHaveEnded } from "./remember-viewers.js";
import type { RunningStatements } from "./running-statements.js";

export interface QueryApiParts extends IdentifyParts, CredentialsContext {
  readonly limits: Limits;
  readonly buckets: Buckets;
  readonly time: ChargeTime;
  readonly running: RunningStatements;
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

/** What may be long is not looked at item by item: that takes longer than to read it, and nobody else is served meanwhile. */
const requestBody = z.object({
  statement: z.string().min(1),
  parameters: z.custom<Record<string, unknown>>(isJsonObject, "expected a map").nullish(),
  accessMode: z
    .string()
    .transform((mode) => mode.toUpperCase())
    .pipe(z.enum(["READ", "WRITE"]))
    .nullish(),
  includeCounters: z.boolean().nullish(),
  /** Taken and not needed: a read sees every write that was acknowledged before it. */
  bookmarks: z.custom<unknown[]>(Array.isArray, "expected a list").nullish(),
  impersonatedUser: z.null("must not be given: the key says who asks").optional(),
});

/** Typed JSON is not spoken here; a client that lists plain JSON as well gets that. */
const acceptsJson = (accept: string | undefined) =>
  !accept || /(^|[\s,])(application\/json|application\/\*|\*\/\*)/i.test(accept);

function charge({ buckets }: QueryApiParts, identity: Identity, response: ServerResponse) {
  const tell = (state: BucketState) => {
    for (const [name, value] of rateLimitHeaders(buckets, state)) response.setHeader(name, value);
  };
  const key = bucketOf(identity);
  const taken = buckets.take(key, statementCost);
  tell(taken);
  if (!taken.allowed) {
    throw exhausted(response, taken.retryAfter, usedUp(taken));
  }
  return { settle: (took: Taken) => tell(buckets.settle(key, pointsOf(took))) };
}

function exhausted(response: ServerResponse, retryAfter: number, message: string): Refusal {
  response.setHeader("retry-after", retryAfter);
  return new Refusal(429, "Neo.TransientError.Request.ResourceExhaustion", message);
}

const identityOf = (parts: QueryApiParts, request: IncomingMessage): Promise<Identity> =>
  identify(parts, request.headers.authorization, cameFrom(request));

/** Throws a Refusal that says why there is none. */
function viewerOf({ viewer, refusal }: Identity): Viewer {
  if (refusal?.reason === "PROVIDER_UNAVAILABLE")
    throw new Refusal(503, "Neo.TransientError.General.DatabaseUnavailable", refusal.message);
  if (!viewer) {
    const message = refusal?.message ?? "Send an API key: Authorization: Bearer <key>.";
    throw new Refusal(401, "Neo.ClientError.Security.Unauthorized", message);
  }
  return viewer;
}

/** The key or token that asks, which has been charged for it; throws a Refusal for what is no request of a viewer's. */
async function admit(parts: QueryApiParts, request: IncomingMessage, response: ServerResponse) {
  const identity = await identityOf(parts, request);
  const charged = charge(parts, identity, response);
  const viewer = viewerOf(identity);
  if (!acceptsJson(request.headers.accept))
    throw new Refusal(406, "Neo.ClientError.Request.Invalid", "Answers are application/json: accept it.");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new Refusal(
      415,
      "Neo.ClientError.Request.Invalid",
      "Send the statement as JSON, with Content-Type: application/json.",
    );
  return { viewer, charged };
}

/** Calls off what waits or runs when its key ends: who may no longer ask has nothing begin. Until what is returned is called. */
function followKey(
  parts: QueryApiParts,
  request: IncomingMessage,
  viewer: Viewer,
  gone: AbortController,
): () => void {
  const answered = new AbortController();
  const callOff = (why: string, state: "ENDED" | "UNKNOWN") => {
    const message = `${why} The statement was called off; if it had begun, what it wrote may be there.`;
    gone.abort(
      state === "ENDED"
        ? new Refusal(401, "Neo.ClientError.Security.Unauthorized", message)
        : new Refusal(503, "Neo.TransientError.General.DatabaseUnavailable", message),
    );
  };
  const credentials = bearerKey(request.headers.authorization) ?? "";
  followCredentials(parts, credentials, viewer, callOff, answered.signal);
  return () => answered.abort();
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const read = await readBody(request, limit);
  if (read === "TOO_LARGE")
    throw new Refusal(413, "Neo.ClientError.Request.Invalid", `The body is larger than ${limit} bytes.`);
  if (typeof read === "string")
    throw new Refusal(400, "Neo.ClientError.Request.InvalidFormat", "The body is not UTF-8.");
  return read.text;
}

type Query = z.infer<typeof requestBody>;

function parseQuery(text: string): Query {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    const message = error instanceof TooManyDigitsError ? error.message : "The body is not JSON.";
    throw new Refusal(400, "Neo.ClientError.Request.InvalidFormat", message);
  }
  const body = requestBody.safeParse(json);
  if (!body.success)
    throw new Refusal(
      400,
      "Neo.ClientError.Request.Invalid",
      `The body is not a query: ${z.prettifyError(body.error)}`,
    );
  return body.data;
}

function toStatement(viewer: Viewer, { statement, parameters, accessMode }: Query): Statement {
  if (viewer.role === "VIEWER" && accessMode === "WRITE")
    throw new Refusal(
      403,
      "Neo.ClientError.Security.Forbidden",
      "The key has the role VIEWER: it may only read.",
    );
  const access = accessMode ?? (viewer.role === "VIEWER" ? "READ" : "WRITE");
  return { text: statement, parameters: parameters ?? {}, access };
}

/** The answer as it is sent, with `data`. */
async function run(
  parts: QueryApiParts,
  request: IncomingMessage,
  response: ServerResponse,
  instanceId: string,
  gone: AbortController,
): Promise<string> {
  const { limits, running, clock } = parts;
  const asked = clock.now();
  const { viewer: known, charged } = await admit(parts, request, response);
  const leaveKey = running.enterKey(known.keyId);
  if (!leaveKey)
    throw exhausted(
      response,
      1,
      `The key has ${limits.statementsPerKey} statements under way; come again when one has ended.`,
    );
  let begun = clock.now();
  let took: Taken = { rows: 0, bytes: 0, ms: 0 };
  let leaveInstance: (() => void) | undefined;
  let unfollow: (() => void) | undefined;
  try {
    const body = await readText(request, limits.queryBodyBytes);
    took = { ...took, bytes: body.length };
    // A client that sends slowly takes nobody's time.
    begun = clock.now();
    const viewer = mayHaveEnded(asked, begun) ? viewerOf(await identityOf(parts, request)) : known;
    // Nobody else is served meanwhile.
    const query = parts.time.during({ viewer }, () => parseQuery(body));
    const statement = toStatement(viewer, query);
    const instanceUuid = parseIdOf("instance", instanceId);
    if (!instanceUuid)
      throw new Refusal(404, "Neo.ClientError.Database.DatabaseNotFound", "There is no such instance.");
    leaveInstance = running.enterInstance(viewer.projectId, instanceUuid);
    if (!leaveInstance)
      throw exhausted(
        response,
        1,
        "The project has statements under way on as many instances as it may; come again when some have ended.",
      );
    unfollow = followKey(parts, request, viewer, gone);
    const { fields, values, wrote } = await parts.runStatement(viewer, instanceUuid, statement, gone.signal);
    // Engines tell whether a statement wrote, and count nothing.
    const counters = query.includeCounters ? { counters: { containsUpdates: wrote } } : {};
    const text = toJson({ data: { fields, values }, ...counters, bookmarks: [] });
    took = { ...took, rows: values.length, bytes: body.length + text.length };
    return text;
  } catch (error) {
    took = { ...took, crashed: error instanceof EngineError && error.code === "CRASHED" };
    throw error;
  } finally {
    unfollow?.();
    leaveInstance?.();
    leaveKey();
    charged.settle({ ...took, ms: clock.now().getTime() - begun.getTime() });
  }
}

function toRefusal(parts: QueryApiParts, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const known = error instanceof EngineError ? wordsOf(error) : undefined;
  if (known && known.message === undefined)
    return new Refusal(known.status, known.code, (error as EngineError).message);
  const requestId = parts.newRequestId();
  parts.logError(error, requestId);
  const { status, code, message } = known ?? unexpected;
  return new Refusal(status, code, `${message}; request ${requestId}.`);
}

/** What would need a transaction that outlives its request: engines have none. */
export function refuseTransactions(response: ServerResponse): void {
  const message = "Transactions of several requests are not offered; send one statement to /query/v2.";
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code: "Neo.ClientError.Request.Invalid", message }] }));
}

/**
 * `POST /db/<instance id>/query/v2`: one statement, as Neo4j's HTTP Query API takes and answers it. 202 with
 * `{data: {fields, values}, bookmarks: []}`, or `{errors: [{code, message}]}`. A client that goes away cancels it, and so does
 * the end of its key.
 */
export async function answerQuery(
  parts: QueryApiParts,
  request: IncomingMessage,
  response: ServerResponse,
  instanceId: string,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const send = (status: number, text: string, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  };
  try {
    if (request.method !== "POST")
      throw new Refusal(405, "Neo.ClientError.Request.Invalid", "Send the statement with POST.");
    send(202, await run(parts, request, response, instanceId, gone));
  } catch (error) {
    const { aborted } = gone.signal;
    const why: unknown = gone.signal.reason;
    if (aborted && !(why instanceof Refusal)) return;
    const { status, code, message } = toRefusal(parts, aborted ? why : error);
    send(
      status,
      JSON.stringify({ errors: [{ code, message }] }),
      status === 401 ? { "www-authenticate": "Bearer" } : status === 405 ? { allow: "POST" } : {},
    );
  }
}
