import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { rememberedMs } from "../../src/api/remember-viewers.js";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { type Edge, startEdge } from "./edge.js";

/** Machines are busy at times. */
const patience = { timeout: 20_000 };
const edges: Edge[] = [];
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.close();
});

/** An edge of one key, which tells when it is looked up, and waits with the answer while it is held. */
async function start(changes: object = {}) {
  const gate = {
    viewer: undefined as Viewer | undefined,
    isGood: true,
    lookUps: 0,
    held: Promise.resolve(),
  };
  const edge = await startEdge({
    authenticate: async () => {
      gate.lookUps++;
      await gate.held;
      return gate.isGood ? gate.viewer : undefined;
    },
    runStatement: () => Promise.resolve({ fields: [], values: [], wrote: false }),
    ...changes,
  });
  edges.push(edge);
  const key = edge.viewer("VIEWER");
  gate.viewer = key;
  const lookedUp = (times: number) => vi.waitFor(() => expect(gate.lookUps).toBe(times), patience);
  return { edge, gate, key, lookedUp, statements: `/db/${toGlobalId("instance", edge.instanceId)}/query/v2` };
}

function begin(edge: Edge, path: string, key = "key"): ClientRequest {
  const sent = request(edge.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
    },
  });
  sent.on("error", () => undefined);
  return sent;
}
async function statusOf(sent: ClientRequest): Promise<number | undefined> {
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.destroy();
  return answer.statusCode;
}

const bodies = {
  "/graphql": { query: "{ viewer { role } }" },
  "/graphql/stream": { query: "subscription { projectChanged { __typename } }" },
  "/db": { statement: "RETURN 1" },
};

it.each(["/graphql", "/graphql/stream", "/db"] as const)(
  "a key that ends while the body comes runs nothing any more: %s",
  async (path) => {
    const { edge, gate, key, lookedUp, statements } = await start();
    const sent = begin(edge, path === "/db" ? statements : path);
    const text = JSON.stringify(bodies[path]);
    sent.write(text.slice(0, 5));
    await lookedUp(1);
    gate.isGood = false;
    // Past what is remembered of it, so that nothing hangs on when the notice arrives.
    edge.clock.advance(rememberedMs + 1);
    await edge.db.transaction((tx) => edge.events.publish(tx, { topic: "apiKey", id: key.keyId }));
    // A stream follows its key from the first, since it may stay open.
    if (path === "/graphql/stream") await lookedUp(2);
    sent.end(text.slice(5));
    expect(await statusOf(sent)).toBe(401);
  },
);

it("a client that leaves while its key is looked up leaves its place to the next", async () => {
  const { edge, gate, lookedUp, statements } = await start({
    limits: { ...defaultLimits, statementsPerKey: 1 },
  });
  const hold = Promise.withResolvers<void>();
  gate.held = hold.promise;
  for (const path of [statements, "/graphql"]) {
    const before = gate.lookUps;
    // Each by another word for the key: of one, a look-up waits for the one before.
    const left = begin(edge, path, `key-for-${before}`);
    left.end(JSON.stringify(bodies["/db"]));
    await lookedUp(before + 1);
    left.destroy();
  }
  const requests = edge.parts.metrics.registry.getSingleMetric("daguerre_http_request_duration_seconds")!;
  await vi.waitFor(async () => {
    const values = (await requests.get()).values as { value: number; metricName?: string }[];
    const counts = values.filter(({ metricName }) => metricName?.endsWith("_count"));
    expect(counts.map(({ value }) => value)).toEqual([1, 1]);
  }, patience);
  hold.resolve();
  const next = begin(edge, statements);
  next.end(JSON.stringify(bodies["/db"]));
  expect(await statusOf(next)).toBe(202);
  expect(edge.logged).toEqual([]);
});

it.each(["/graphql", "/graphql/stream"] as const)(
  "a key may have so many large bodies under way and no more, and any number of small ones: %s",
  async (path) => {
    const { edge } = await start({ limits: { ...defaultLimits, largeBodiesPerKey: 1 } });
    const large = JSON.stringify({ query: `{ viewer { role } } #${"x".repeat(70_000)}` });
    const first = begin(edge, path);
    first.write(large.slice(0, -1));
    const second = begin(edge, path);
    // Whichever is refused is answered before it has come as a whole.
    second.write(large.slice(0, -1));
    const told = await Promise.race(
      [first, second].map(async (sent) => ({ sent, status: await statusOf(sent) })),
    );
    expect(told.status).toBe(429);
    const small = begin(edge, path);
    small.end(JSON.stringify({ query: "{ viewer { role } }" }));
    expect(await statusOf(small)).toBe(200);
    const kept = told.sent === first ? second : first;
    kept.end(large.slice(-1));
    expect(await statusOf(kept)).toBe(200);
    const next = begin(edge, path);
    next.end(large);
    expect(await statusOf(next)).toBe(200);
  },
);
