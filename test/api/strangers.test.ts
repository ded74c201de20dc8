import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Buckets } from "../../src/api/limits/buckets.js";
import { createTestClock } from "../support/clock.js";
import { codesOf, overHttp, overStream } from "./ask-over.js";
import { type Edge, startEdge } from "./edge.js";

const clock = createTestClock(new Date(0));
const buckets = new Buckets({ clock, capacity: 5, perSecond: 1 });
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ buckets });
});
beforeEach(() => clock.advance(60_000));
afterAll(() => edge.close());

const params = { query: "{ viewer { role } }" };

/** The code that a socket is closed with. */
async function introduce(payload: object): Promise<number> {
  const socket = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload }));
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

it.each([
  ["over HTTP", async () => (await overHttp(edge, params, "wrong")).status, 401, 429],
  ["by event stream", async () => (await overStream(edge, params, "wrong")).status, 401, 429],
  ["by event stream, without a key", async () => (await overStream(edge, params, "")).status, 401, 429],
  ["by socket", () => introduce({ authorization: "Bearer wrong" }), 4403, 1013],
  ["by socket, without a key", () => introduce({}), 4403, 1013],
])("a stranger who comes %s uses up the points of its address", async (_, come, refused, limited) => {
  for (let time = 0; time < 5; time++) expect(await come()).toBe(refused);
  expect(await come()).toBe(limited);
  // Whatever it comes by next.
  expect((await overHttp(edge, params, "wrong")).status).toBe(429);
  expect((await overHttp(edge, params)).status).toBe(200);
});

it.each([
  ["has used up its points", params, 5],
  ["asks for more than is left", { query: "{ instances(first: 5) { nodes { id } } }" }, 3],
])("an event stream of a key that %s is refused before it begins", async (_, last, spent) => {
  for (let time = 0; time < spent; time++) await overStream(edge, params);
  const response = await fetch(`${edge.url}/graphql/stream`, {
    method: "POST",
    headers: { authorization: "Bearer viewer", "content-type": "application/json" },
    body: JSON.stringify(last),
  });
  expect(response.status).toBe(429);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(response.headers.get("ratelimit-policy")).toBe('"cost";q=5;w=5');
  expect(response.headers.get("ratelimit")).toMatch(/^"cost";r=/);
  const told = (await response.json()) as Parameters<typeof codesOf>[0];
  expect(codesOf(told)).toEqual(["RATE_LIMITED"]);
  expect(told.errors?.[0]?.extensions).not.toHaveProperty("http");
});
