import type { Env } from "./env.js";

/** What one client may cost the service: variable, default and the words of `daguerre config`. */
const table = {
  cost: ["DAGUERRE_MAX_COST", 10_000, "points that one operation may cost; an object is a point"],
  bucketPoints: ["DAGUERRE_BUCKET_POINTS", 20_000, "points that a key may use up at once"],
  bucketPointsPerSecond: [
    "DAGUERRE_BUCKET_POINTS_PER_SECOND",
    1000,
    "points that a key gets back each second",
  ],
  depth: ["DAGUERRE_MAX_DEPTH", 12, "levels of a document, introspection aside"],
  aliases: ["DAGUERRE_MAX_ALIASES", 50, "aliases in a document"],
  directives: ["DAGUERRE_MAX_DIRECTIVES", 20, "directives in a document"],
  tokens: ["DAGUERRE_MAX_TOKENS", 2000, "words and signs of a document"],
  bodyBytes: ["DAGUERRE_MAX_BODY_BYTES", 1024 * 1024, "largest GraphQL request, over HTTP or socket"],
  strangerBodyBytes: [
    "DAGUERRE_MAX_STRANGER_BODY_BYTES",
    64 * 1024,
    "largest GraphQL request of who shows no good key",
  ],
  largeBodiesPerKey: [
    "DAGUERRE_MAX_LARGE_BODIES_PER_KEY",
    32,
    "GraphQL requests over HTTP of a key that are larger than that and have not come as a whole, in one process",
  ],
  keptBytes: [
    "DAGUERRE_MAX_KEPT_BYTES",
    32 * 1024,
    "largest request that is kept while it goes on: a subscription, or what introduces a socket",
  ],
  connections: ["DAGUERRE_MAX_CONNECTIONS", 20_000, "connections that are open, in one process"],
  strangerConnections: [
    "DAGUERRE_MAX_STRANGER_CONNECTIONS",
    1000,
    "connections from one address over which no good key has come, in one process; behind a proxy all share its address",
  ],
  waitingConnections: [
    "DAGUERRE_MAX_WAITING_CONNECTIONS",
    5000,
    "connections beyond these that are open and wait to be heard, in one process",
  ],
  projectConnections: [
    "DAGUERRE_MAX_CONNECTIONS_PER_PROJECT",
    10_000,
    "connections over which a project's key came first, in one process; those beyond count as strangers'",
  ],
  socketsPerKey: [
    "DAGUERRE_MAX_SOCKETS_PER_KEY",
    100,
    "sockets and event streams that a key holds open, in one process",
  ],
  projectSubscriptions: [
    "DAGUERRE_MAX_SUBSCRIPTIONS_PER_PROJECT",
    1000,
    "different subscriptions that a project follows, in one process; equal ones are one",
  ],
  projectSubscriptionBytes: [
    "DAGUERRE_MAX_SUBSCRIPTION_BYTES_PER_PROJECT",
    16 * 1024 * 1024,
    "what a project's subscriptions keep, in one process: documents, as text and as the JSON of their trees, and variables",
  ],
  socketOperations: ["DAGUERRE_MAX_SOCKET_OPERATIONS", 100, "operations under way on one socket"],
  socketBufferBytes: [
    "DAGUERRE_MAX_SOCKET_BUFFER_BYTES",
    4 * 1024 * 1024,
    "what a client that reads slowly may leave unread",
  ],
  socketPingMs: [
    "DAGUERRE_SOCKET_PING_MS",
    12_000,
    "milliseconds between pings of a socket; who has not answered one before the next is dropped",
  ],
  stalledReaderMs: [
    "DAGUERRE_STALLED_READER_MS",
    60_000,
    "milliseconds that an HTTP client may take nothing of an answer, stream or download that waits for it",
  ],
  socketInitMs: ["DAGUERRE_SOCKET_INIT_MS", 3000, "milliseconds in which a socket must send connection_init"],
  statementMs: [
    "DAGUERRE_STATEMENT_TIMEOUT_MS",
    15_000,
    "milliseconds that Postgres may take for one statement of a request",
  ],
  queryBodyBytes: ["DAGUERRE_MAX_QUERY_BODY_BYTES", 1024 * 1024, "largest request of the Query API"],
  queryAnswerBytes: [
    "DAGUERRE_MAX_QUERY_ANSWER_BYTES",
    16 * 1024 * 1024,
    "largest answer to a statement, before it is written as JSON",
  ],
  downloadsPerFile: [
    "DAGUERRE_MAX_DOWNLOADS_PER_FILE",
    16,
    "downloads of one exported file, or of parts of it, under way at once, in one process",
  ],
  statementsPerKey: [
    "DAGUERRE_MAX_STATEMENTS_PER_KEY",
    32,
    "statements of the Query API that a key has under way, in one process",
  ],
  instancesAtWork: [
    "DAGUERRE_MAX_INSTANCES_AT_WORK",
    16,
    "instances on which a project has statements under way, in one process",
  ],
  openInstances: [
    "DAGUERRE_MAX_OPEN_INSTANCES",
    32,
    "instances that the engine has open at a time, in one process; a project is at work on no more of them than it leaves",
  ],
} as const satisfies Record<string, readonly [variable: string, preset: number, meaning: string]>;

type Name = keyof typeof table;
export type Limits = { readonly [N in Name]: number };

const names = Object.keys(table) as Name[];

export const defaultLimits = Object.fromEntries(names.map((name) => [name, table[name][1]])) as Limits;

/** Throws what `refuse` makes of a variable that is no whole number from 1 to 2^40. */
export function readLimits(env: Env, refuse: (message: string) => Error): Limits {
  const read = (name: Name): number => {
    const [variable, preset] = table[name];
    const text = env[variable]?.trim();
    if (!text) return preset;
    const value = Number(text);
    if (!/^\d{1,13}$/.test(text) || value < 1 || value > 2 ** 40)
      throw refuse(`${variable} makes no sense: set it to a whole number of at least 1, such as ${preset}`);
    return value;
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Limits;
}

export const describeLimits = (limits: Limits) =>
  names.map((name) => {
    const [variable, preset, meaning] = table[name];
    return { name: variable, value: String(limits[name]), default: String(preset), meaning };
  });
