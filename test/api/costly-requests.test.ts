import { once } from "node:events";
import { parse } from "graphql";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { EngineError } from "../../src/engines/engine.js";
import { toGlobalId } from "../../src/ids.js";
import { KeptDocuments } from "../../src/api/kept-documents.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { pointsPerBusyMs } from "../../src/api/limits/admission.js";
import { createTestClock } from "../support/clock.js";
import { type Edge, startEdge } from "./edge.js";

const edges: Edge[] = [];
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.close();
});
async function start(changes: object = {}) {
  const buckets = new Buckets({ clock: createTestClock(new Date(0)), capacity: 20_000, perSecond: 1 });
  const edge = await startEdge({ buckets, ...changes });
  edges.push(edge);
  return { edge, spent: (key = "viewer") => 20_000 - buckets.settle(edge.keyIdOf(key), 0).remaining };
}

it("long documents are not kept, and of others no more than has room", () => {
  const kept = new KeptDocuments();
  const document = (n: number, padding: number) => parse(`{ a${n} } #${"x".repeat(padding)}`);
  kept.set("long", document(0, 30_000));
  expect(kept.get("long")).toBeUndefined();
  for (let n = 0; n < 1000; n++) kept.set(`text ${n}`, document(n, 19_000));
  expect(kept.get("text 999")).toBeDefined();
  expect(kept.get("text 100")).toBeUndefined();
});

/** Each fragment spreads the next twice: 2^60 fields, were it unfolded. */
const doubling = `query A { viewer { ...F0 } } ${Array.from(
  { length: 60 },
  (_, n) => `fragment F${n} on Viewer { ${n < 59 ? `...F${n + 1} ...G${n}` : "role"} }
    ${n < 59 ? `fragment G${n} on Viewer { ...F${n + 1} }` : ""}`,
).join(" ")}`;

it("a document that unfolds without end is answered, and not compiled", async () => {
  const { edge } = await start({ compileAfter: 0 });
  for (let times = 0; times < 3; times++)
    expect((await edge.ask(doubling)).data).toEqual({ viewer: { role: "VIEWER" } });
});

it("time that reading or compiling a document takes is charged, once while it is kept", async () => {
  let now = 0;
  // Whatever is timed takes 30 ms.
  const { edge, spent } = await start({ stopwatch: () => (now += 30), compileAfter: 2 });
  const costs: number[] = [];
  for (let times = 0; times < 4; times++) {
    const before = spent();
    await edge.ask("{ viewer { role } }");
    costs.push(spent() - before);
  }
  // Whether it may run is decided each time.
  const timed = 30 * pointsPerBusyMs;
  expect(costs).toEqual([1 + 2 * timed, 1 + timed, 1 + 2 * timed, 1 + timed]);
  const before = spent();
  const headers = { authorization: "Bearer viewer", "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ viewer { role } }" });
  await (await fetch(`${edge.url}/graphql/stream`, { method: "POST", headers, body })).text();
  expect(spent() - before).toBe(1 + 2 * timed);
});

it.each([
  ["cannot be parsed", "{ viewer { role }", 30],
  ["is not valid", "{ nothing }", 30],
  [
    "is too costly",
    `{ ${"abc".replaceAll(/./g, "$&: heldSnapshots { chain { chain { chain { id } } } } ")} }`,
    60,
  ],
  ["follows what is answered once", "subscription { projectChanged { __typename } }", 30],
])("time is charged of a document that %s", async (_, text, ms) => {
  let now = 0;
  const { edge, spent } = await start({ stopwatch: () => (now += 30) });
  expect((await edge.ask(text)).errors).toHaveLength(1);
  expect(spent()).toBe(1 + ms * pointsPerBusyMs);
});

/** Long enough to be worth a charge, and no part of any answer. */
const filler = Array.from({ length: 10_000 }, () => []);
const post = (edge: Edge, path: string, body: string) =>
  fetch(`${edge.url}${path}`, {
    method: "POST",
    headers: { authorization: "Bearer viewer", "content-type": "application/json" },
    body,
  });

it.each([
  ["/graphql", { query: "{ viewer { role } }" }, 2],
  ["/graphql/stream", { query: "{ viewer { role } }" }, 2],
  ["/db/ins_x/query/v2", { statement: "RETURN 1" }, 0],
])("time that a long request takes to be read is charged, at %s", async (path, params, timed) => {
  let now = 0;
  // Compiling is charged by itself.
  const { edge, spent } = await start({ stopwatch: () => (now += 30), compileAfter: Infinity });
  await (await post(edge, path, JSON.stringify({ ...params, variables: { filler } }))).text();
  const points = spent();
  expect(points).toBeGreaterThanOrEqual((timed + 1) * 30 * pointsPerBusyMs);
  expect(points).toBeLessThan((timed + 1) * 30 * pointsPerBusyMs + 10);
});

it("a statement that ends its engine's process costs what it takes to start another", async () => {
  const ended = new EngineError("CRASHED", "The engine's process ended while it ran this statement alone.");
  const { edge, spent } = await start({ runStatement: () => Promise.reject(ended) });
  const path = `/db/${toGlobalId("instance", edge.instanceId)}/query/v2`;
  expect((await post(edge, path, '{"statement":"RETURN id(null)"}')).status).toBe(500);
  expect(spent()).toBe(501);
});

it("time that a long message takes to be read is charged, whatever it says", async () => {
  let now = 0;
  const { edge, spent } = await start({ stopwatch: () => (now += 30) });
  const socket = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  const ask = async (message: object) => {
    socket.send(JSON.stringify(message));
    await once(socket, "message");
  };
  await ask({ type: "connection_init", payload: { Authorization: "Bearer viewer" } });
  await ask({ type: "ping" });
  expect(spent()).toBe(0);
  await ask({ type: "ping", payload: { filler } });
  expect(spent()).toBe(1 + 30 * pointsPerBusyMs);
  socket.terminate();
});

it.each(["/graphql", "/graphql/stream"])(
  "a request of more different names than any has need of is not read: %s",
  async (path) => {
    const { edge } = await start();
    const body = (names: number) =>
      `{"query":"{ viewer { role } }","variables":{${Array.from({ length: names }, (_, n) => `"name${n}" :1`).join()}}}`;
    expect((await post(edge, path, body(9000))).status).toBe(200);
    expect((await post(edge, path, body(11_000))).status).toBe(400);
  },
);

it("a socket that sends such a message is closed", async () => {
  const { edge } = await start();
  const socket = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send('{"type":"connection_init","payload":{"Authorization":"Bearer viewer"}}');
  await once(socket, "message");
  socket.send(`{"type":"ping","payload":{${Array.from({ length: 11_000 }, (_, n) => `"n${n}":1`).join()}}}`);
  expect((await once(socket, "close"))[0]).toBe(4400);
});

it("nothing long is read of who has used up all", async () => {
  const buckets = new Buckets({ clock: createTestClock(new Date(0)), capacity: 5, perSecond: 1 });
  const { edge } = await start({ buckets });
  buckets.settle(edge.keyIdOf("viewer"), 5);
  // Whoever read it would say that it is no JSON.
  const noJson = `{"filler":${JSON.stringify(filler)}`;
  for (const path of ["/graphql", "/graphql/stream", "/db/ins_x/query/v2"])
    expect((await post(edge, path, noJson)).status).toBe(429);
});

it("an answer with errors gives nothing back: what it leaves out may have been worked on", async () => {
  const { edge, spent } = await start();
  const answer = await edge.ask('{ tierChangePreview(instanceId: "x", tier: FREE) { id } }');
  expect(answer.errors).toHaveLength(1);
  expect(spent()).toBe(2000);
  // What was not executed for its variables has been read, and no more.
  const text = "query ($n: Int) { instances(first: $n) { nodes { id } } }";
  expect((await edge.ask(text, { n: "many" })).errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(spent()).toBe(2001);
});

it.each(["/graphql", "/graphql/stream"])(
  "large variables that do not fit are told once, in short: %s",
  async (path) => {
    const { edge } = await start();
    const filter = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`unknown${n}`, n]));
    const response = await fetch(edge.url + path, {
      method: "POST",
      headers: { authorization: "Bearer viewer", "content-type": "application/json" },
      body: JSON.stringify({
        query: "query ($filter: InstanceFilter) { instances(filter: $filter) { nodes { id } } }",
        variables: { filter },
      }),
    });
    const text = await response.text();
    expect(text.length).toBeLessThan(2000);
    const { errors } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as {
      errors: { extensions: { code: string } }[];
    };
    expect(errors.map((error) => error.extensions.code)).toEqual(["BAD_USER_INPUT"]);
    expect(edge.logged).toEqual([]);
  },
);

it("large variables that fit are taken", async () => {
  const { edge } = await start();
  const ids = Array.from({ length: 3000 }, (_, n) => `nobody-${n}`);
  const answer = await edge.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids });
  expect(answer.data?.["nodes"]).toEqual(Array(3000).fill(null));
});

it("a name is not looked for by more than a name may have", async () => {
  const { edge } = await start();
  const text =
    "query ($part: String) { instances(filter: { nameContains: $part }) { nodes { id } totalCount } }";
  expect((await edge.ask(text, { part: "x".repeat(100) })).errors).toBeUndefined();
  const refused = await edge.ask(text, { part: "x".repeat(101) });
  expect(refused.errors?.[0]).toMatchObject({
    message: "nameContains has 100 characters at most, as names have.",
    extensions: { code: "BAD_USER_INPUT" },
  });
});

it("who shows no good key has less of a body read", async () => {
  const { edge } = await start();
  const post = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ query: `{ viewer { role } } #${"x".repeat(70_000)}` });
    return (await fetch(`${edge.url}/graphql`, { method: "POST", headers, body })).status;
  };
  expect(await post("viewer")).toBe(200);
  expect(await post("nobody")).toBe(413);
});
