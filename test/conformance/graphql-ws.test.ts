import { once } from "node:events";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";
import { frame, openRawWebSocket } from "../support/raw-socket.js";

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

const address = (of = edge) => `${of.url.replace("http", "ws")}/graphql`;

/** A socket without a client: what is sent is what stands here. */
async function open(protocols = ["graphql-transport-ws"], to = edge) {
  const socket = new WebSocket(address(to), protocols);
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
async function acknowledged(key?: string, to = edge) {
  const opened = await open(undefined, to);
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
  it("4429: a second connection_init before the first is answered", async () => {
    const socket = await open();
    socket.send(init());
    socket.send(init());
    expect(await socket.closed).toBe(4429);
  });
  it("4400: a connection_init whose payload is no object", async () => {
    const socket = await open();
    socket.send({ type: "connection_init", payload: "viewer" });
    expect(await socket.closed).toBe(4400);
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
    [
      "a subscribe whose variables are a list",
      { ...subscribe("1"), payload: { query: "{ a }", variables: [] } },
    ],
    ["a complete without id", { type: "complete" }],
    ["a ping whose payload is no object", { type: "ping", payload: "1" }],
    ["a message that servers send, connection_ack", { type: "connection_ack" }],
    ["a message that servers send, next", { id: "1", type: "next", payload: {} }],
    ["a message that servers send, error", { id: "1", type: "error", payload: [{ message: "no" }] }],
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

  it("1007: text that is no UTF-8", async () => {
    const socket = await openRawWebSocket(edge.url);
    socket.write(frame("text", Buffer.from([0x22, 0xff, 0x22])));
    socket.resume();
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, 1007]);
    socket.destroy();
  });

  it("takes a pong that nobody asked for, and a complete before anything", async () => {
    const socket = await open();
    socket.send({ type: "pong" });
    socket.send({ id: "x", type: "complete" });
    socket.send(init());
    expect(await socket.next()).toEqual({ type: "connection_ack" });
    socket.socket.close();
    await socket.closed;
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

describe("while an operation waits to begin", () => {
  /** An edge that answers who a key is only when it is let, after the socket has been acknowledged. */
  async function startGated() {
    const gate = {
      hold: false,
      opened: Promise.withResolvers<void>(),
      fault: undefined as Error | undefined,
    };
    const gated: Edge = await startEdge({
      authenticate: async () => {
        if (gate.hold) await gate.opened.promise;
        if (gate.fault) throw gate.fault;
        return gated.viewer("VIEWER");
      },
    });
    return { gated, gate };
  }

  it("a client's complete takes its result back; its id is in use until then, by a query too", async () => {
    const { gated, gate } = await startGated();
    const socket = await acknowledged("viewer", gated);
    gate.hold = true;
    socket.send(subscribe("q"));
    socket.send({ id: "q", type: "complete" });
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    gate.opened.resolve();
    socket.send(subscribe("r"));
    expect(await socket.next()).toMatchObject({ id: "r", type: "next" });
    expect(await socket.next()).toEqual({ id: "r", type: "complete" });
    expect(socket.messages).toEqual([]);

    gate.opened = Promise.withResolvers();
    socket.send(subscribe("same"));
    socket.send(subscribe("same"));
    expect(await socket.closed).toBe(4409);
    gate.opened.resolve();
    await gated.close();
  });

  it("a fault of ours ends the operation and not its socket, and says nothing of itself", async () => {
    const { gated, gate } = await startGated();
    const socket = await acknowledged("viewer", gated);
    gate.fault = new Error("connect ECONNREFUSED 10.1.2.3");
    socket.send(subscribe("q"));
    const told = await socket.next();
    expect(told).toMatchObject({
      id: "q",
      type: "error",
      payload: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }],
    });
    expect(JSON.stringify(told)).not.toContain("10.1.2.3");
    // A socket that cannot even be let in is told to come again, which clients do by themselves.
    const another = await open(undefined, gated);
    const closed = once(another.socket, "close") as Promise<[number, Buffer]>;
    another.send(init());
    const [code, reason] = await closed;
    expect(code).toBe(1013);
    expect(reason.toString()).toMatch(/^Something went wrong on our side; request \S+\.$/);
    expect(gated.logged).toHaveLength(2);
    gate.fault = undefined;
    socket.send(subscribe("q"));
    expect(await socket.next()).toMatchObject({ id: "q", type: "next" });
    socket.socket.close();
    await gated.close();
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
