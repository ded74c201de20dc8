import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { eq } from "drizzle-orm";
import { createClient } from "graphql-sse";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultLimits } from "../../src/config/limits.js";
import { operations } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ limits: { ...defaultLimits, socketsPerKey: 2, bodyBytes: 4096 } });
});
afterAll(() => edge.close());

const connect = (key = "viewer", path = "/graphql/stream") =>
  createClient({
    url: `${edge.url}${path}`,
    headers: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
const follow = (id: string) =>
  `subscription { operationProgress(operationId: "${toGlobalId("operation", id)}") { status revision } }`;

it.each(["/graphql/stream", "/graphql"])("graphql-sse's own client runs a query at %s", async (path) => {
  const client = connect("viewer", path);
  const results = client.iterate({
    query: "query ($n: Int) { instances(first: $n) { nodes { name } } }",
    variables: { n: 1 },
  });
  expect((await results.next()).value).toMatchObject({
    data: { instances: { nodes: [{ name: "graph" }] } },
    extensions: { cost: { requested: 2 } },
  });
  expect((await results.next()).done).toBe(true);
  client.dispose();
});

it("tells an operation's state, its changes and its end", async () => {
  const id = await edge.insertOperation();
  const client = connect();
  const results = client.iterate({ query: follow(id) });
  expect((await results.next()).value).toEqual({
    data: { operationProgress: { status: "RUNNING", revision: 1 } },
  });
  await edge.db.transaction(async (tx) => {
    const end = {
      status: "SUCCEEDED",
      phase: "DONE",
      percent: 100,
      revision: 2,
      finishedAt: edge.clock.now(),
    } as const;
    await tx.update(operations).set(end).where(eq(operations.id, id));
    await edge.events.publish(tx, { topic: "operation", id, instanceId: edge.instanceId, revision: 2 });
  });
  expect((await results.next()).value).toEqual({
    data: { operationProgress: { status: "SUCCEEDED", revision: 2 } },
  });
  expect((await results.next()).done).toBe(true);
  client.dispose();
});

it("tells errors as a result, and refuses who has no key", async () => {
  const client = connect();
  const first = client.iterate({ query: "{ nothing }" }).next();
  expect((await first).value).toMatchObject({
    errors: [{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }],
  });
  client.dispose();
  await expect(connect("wrong").iterate({ query: "{ viewer { role } }" }).next()).rejects.toThrow();
});

const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}/graphql/stream`, {
    method: "POST",
    body,
    headers: { authorization: "Bearer viewer", "content-type": "application/json", ...headers },
  });

it.each<[string, string | Buffer<ArrayBuffer>, Record<string, string>, number]>([
  ["no JSON", "{", {}, 400],
  ["no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 400],
  ["a batch", '[{"query":"{ __typename }"}]', {}, 400],
  ["a form", "query=x", { "content-type": "application/x-www-form-urlencoded" }, 415],
  ["too much", `{"query":"${"x".repeat(5000)}"}`, {}, 413],
  ["no key", '{"query":"{ __typename }"}', { authorization: "" }, 401],
])("refuses %s", async (_, body, headers, status) => {
  expect((await post(body, headers)).status).toBe(status);
});

it("takes queries by GET, and no mutations", async () => {
  const get = (query: string) =>
    fetch(`${edge.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
      headers: { authorization: "Bearer viewer" },
    });
  const answer = await get("{ viewer { role } }");
  expect(await answer.text()).toMatch(
    /^event: next\ndata: \{"data":\{"viewer".*\n\nevent: complete\ndata: \n\n$/,
  );
  expect((await get("mutation { __typename }")).status).toBe(405);
});

it("a key holds as many streams open as it may, and its end ends them", async () => {
  const open = async () => {
    const id = await edge.insertOperation({ exclusive: false });
    const asked = request(`${edge.url}/graphql/stream`, {
      method: "POST",
      headers: { authorization: "Bearer soon", "content-type": "application/json" },
    });
    asked.end(JSON.stringify({ query: follow(id) }));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return response;
  };
  const held = [await open(), await open()];
  const third = await open();
  expect(third.statusCode).toBe(429);
  third.resume();
  edge.clock.advance(400);
  for (const response of held) {
    response.resume();
    await once(response, "end");
  }
  expect(edge.logged).toEqual([]);
});
