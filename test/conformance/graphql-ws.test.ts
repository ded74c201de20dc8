import { once } from "node:events";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
let operation: string;
beforeAll(async () => {
  const limits = {
    ...defaultLimits,
    socketInitMs: 200,
    socketsPerKey: 3,
    socketOperations: 2,
    bodyBytes: 65_536,
  };
  edge = await startEdge({ limits });
  operation = toGlobalId("operation", await edge.insertOperation());
});
afterAll(() => edge.close());

const address = () => `${edge.url.replace("http", "ws")}/graphql`;

/** A socket without a client: what is sent is what stands here. */
async function open(protocols = ["graphql-transport-ws"]) {
  const socket = new WebSocket(address(), protocols);
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  const waiting: (() => void)[] = [];
  socket.on("message", (data: Buffer) => {
    messages.push(JSON.parse(String(data)) as (typeof messages)[number]);
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  socket.on("error", () => undefined);
  await Promise.race([once(socket, "open"), closed]);
  return {
    socket,
    messages,
    closed,
    send: (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    async next(): Promise<(typeof messages)[number]> {
      while (messages.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return messages.shift()!;
    },
  };
}
const init = (key = "viewer") => ({ type: "connection_init", payload: { Authorization: `Bearer ${key}` } });
async function acknowledged(key?: string) {
  const opened = await open();
  opened.send(init(key));
  expect(await opened.next()).toEqual({ type: "connection_ack" });
  return opened;
}
const subscribe = (id: string, query = "{ viewer { role } }") => ({
  id,
  type: "subscribe",
  payload: { query },
});
const follow = () => `subscription { operationProgress(operationId: "${operation}") { status } }`;

describe("the protocol", () => {
  it("4406: no subprotocol", async () => {
    expect(await (await open([])).closed).toBe(4406);
  });
  it("4408: no connection_init in time", async () => {
    expect(await (await open()).closed).toBe(4408);
  });
  it("4429: a second connection_init", async () => {
    const socket = await acknowledged();
    socket.send(init());
    expect(await socket.closed).toBe(4429);
  });
  it("4401: subscribe before the acknowledgement", async () => {
    const socket = await open();
    socket.send(subscribe("1"));
    expect(await socket.closed).toBe(4401);
  });
  it.each(["wrong", "", "viewer extra"])("4403: the key '%s'", async (key) => {
    const socket = await open();
    socket.send(init(key));
    expect(await socket.closed).toBe(4403);
  });
  it("4403: no key at all", async () => {
    const socket = await open();
    socket.send({ type: "connection_init" });
    expect(await socket.closed).toBe(4403);
  });
  it("4409: an id that is in use", async () => {
    const socket = await acknowledged();
    socket.send(subscribe("same", follow()));
    await socket.next();
    socket.send(subscribe("same"));
    expect(await socket.closed).toBe(4409);
  });
  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no type", {}],
    ["an unknown type", { type: "start" }],
    ["a subscribe without id", { type: "subscribe", payload: { query: "{ __typename }" } }],
    ["a subscribe with an empty id", { id: "", type: "subscribe", payload: { query: "{ __typename }" } }],
    ["a subscribe without payload", { id: "1", type: "subscribe" }],
    ["a subscribe whose query is no text", { id: "1", type: "subscribe", payload: { query: 1 } }],
    ["a complete without id", { type: "complete" }],
  ])("4400: %s", async (_, message) => {
    const socket = await acknowledged();
    socket.send(message);
    expect(await socket.closed).toBe(4400);
  });
  it("4400: binary", async () => {
    const socket = await acknowledged();
    socket.socket.send(Buffer.from([0, 1, 2, 255]));
    expect(await socket.closed).toBe(4400);
  });
  it("1009: a message larger than the limit", async () => {
    const socket = await acknowledged();
    socket.send(subscribe("1", `{ viewer { role } } #${"x".repeat(70_000)}`));
    expect(await socket.closed).toBe(1009);
  });

  it("answers ping with pong and its payload, before and after the acknowledgement", async () => {
    const socket = await open();
    socket.send({ type: "ping", payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: "pong", payload: { n: 1 } });
    socket.send(init());
    await socket.next();
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    socket.socket.close();
    await socket.closed;
  });

  it("a query is one next and one complete; what is invalid is one error and no complete", async () => {
    const socket = await acknowledged();
    socket.send(subscribe("q"));
    expect(await socket.next()).toMatchObject({
      id: "q",
      type: "next",
      payload: { data: { viewer: { role: "VIEWER" } }, extensions: { cost: { requested: 1 } } },
    });
    expect(await socket.next()).toEqual({ id: "q", type: "complete" });
    for (const [id, query, code] of [
      ["syntax", "{", "GRAPHQL_PARSE_FAILED"],
      ["unknown", "{ nothing }", "GRAPHQL_VALIDATION_FAILED"],
      [
        "deep",
        `{ instances { nodes { ${"latestRestorableSnapshot { instance { ".repeat(6)} id ${"} }".repeat(6)} } } }`,
        "DOCUMENT_TOO_COMPLEX",
      ],
    ] as const) {
      socket.send(subscribe(id, query));
      expect(await socket.next()).toMatchObject({ id, type: "error", payload: [{ extensions: { code } }] });
    }
    // An id is free again after its error.
    socket.send(subscribe("syntax"));
    expect(await socket.next()).toMatchObject({ id: "syntax", type: "next" });
    expect(await socket.next()).toEqual({ id: "syntax", type: "complete" });
    socket.socket.close();
    await socket.closed;
  });

  it("after a client's complete nothing comes for its id", async () => {
    const socket = await acknowledged();
    socket.send(subscribe("s", follow()));
    expect(await socket.next()).toMatchObject({ id: "s", type: "next" });
    socket.send({ id: "s", type: "complete" });
    socket.send(subscribe("t"));
    expect(await socket.next()).toMatchObject({ id: "t", type: "next" });
    expect(await socket.next()).toEqual({ id: "t", type: "complete" });
    expect(socket.messages).toEqual([]);
    socket.send({ id: "never there", type: "complete" });
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    socket.socket.close();
    await socket.closed;
  });
});

describe("limits of sockets", () => {
  it("operations beyond the limit are refused while the others go on", async () => {
    const socket = await acknowledged("member");
    for (const id of ["1", "2"]) {
      socket.send(subscribe(id, follow()));
      expect(await socket.next()).toMatchObject({ id, type: "next" });
    }
    socket.send(subscribe("3"));
    expect(await socket.next()).toMatchObject({
      id: "3",
      type: "error",
      payload: [{ extensions: { code: "TOO_MANY_OPERATIONS" } }],
    });
    socket.send({ id: "1", type: "complete" });
    socket.send(subscribe("3"));
    expect(await socket.next()).toMatchObject({ id: "3", type: "next" });
    socket.socket.close();
    await socket.closed;
  });

  it("1013: sockets of a key beyond the limit, until one has gone", async () => {
    const held = [await acknowledged("admin"), await acknowledged("admin"), await acknowledged("admin")];
    const fourth = await open();
    fourth.send(init("admin"));
    expect(await fourth.closed).toBe(1013);
    held[0]!.socket.close();
    await held[0]!.closed;
    held[0] = await acknowledged("admin");
    for (const { socket, closed } of held) {
      socket.close();
      await closed;
    }
  });

  it("one that does not read is dropped before it costs memory", async () => {
    const small = await startEdge({ limits: { ...defaultLimits, socketBufferBytes: 65_536 } });
    const socket = new WebSocket(`${small.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    await once(socket, "open");
    const closed = once(socket, "close");
    socket.on("error", () => undefined);
    socket.send(JSON.stringify(init("admin")));
    await once(socket, "message");
    // Nothing is read from now on; what is asked for fills the buffers between, and then ours.
    socket.pause();
    const query = "{ __schema { types { name description fields { name description } } } }";
    let sent = 0;
    const before = process.memoryUsage().rss;
    for (; sent < 2000 && socket.readyState === socket.OPEN; sent++) {
      socket.send(JSON.stringify(subscribe(String(sent), query)));
      if (sent % 50 === 49) await small.ask("{ viewer { role } }");
    }
    socket.resume();
    const [code] = (await closed) as [number];
    expect(code).toBe(1006);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    expect((await small.ask("{ viewer { role } }")).status).toBe(200);
    await small.close();
  });
});

describe("graphql-ws's own client", () => {
  it.each([true, false])("runs queries and subscriptions, lazy: %s", async (lazy) => {
    const client = createClient({
      url: address(),
      webSocketImpl: WebSocket,
      lazy,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      connectionParams: { Authorization: "Bearer soon" },
    });
    const answers = client.iterate({ query: "{ viewer { role } }" });
    expect((await answers.next()).value).toMatchObject({ data: { viewer: { role: "MEMBER" } } });
    expect((await answers.next()).done).toBe(true);
    const states = client.iterate({ query: follow() });
    expect((await states.next()).value).toEqual({ data: { operationProgress: { status: "RUNNING" } } });
    await states.return?.();
    await client.dispose();
  });
});

it("1012: a service that stops tells its sockets to connect again", async () => {
  const stopping = await startEdge();
  const socket = new WebSocket(`${stopping.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify(init()));
  await once(socket, "message");
  const closed = once(socket, "close");
  await stopping.close();
  expect(((await closed) as [number])[0]).toBe(1012);
});
