import { on, once } from "node:events";
import { afterEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { Buckets } from "../../src/api/limits/buckets.js";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { createTestClock } from "../support/clock.js";
import { openRawWebSocket } from "../support/raw-socket.js";
import { openSocket } from "./ask-over.js";
import { type Edge, startEdge } from "./edge.js";

/** Machines are busy at times. */
const patience = { timeout: 20_000 };
const edges: Edge[] = [];
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.close();
});

/** An edge of one key, which counts how often it is looked up, and waits with the answer while it is held. */
async function start(changes: object = {}) {
  const gate = { viewer: undefined as Viewer | undefined, lookUps: 0, held: Promise.resolve() };
  const edge = await startEdge({
    authenticate: async () => {
      gate.lookUps++;
      await gate.held;
      return gate.viewer;
    },
    ...changes,
  });
  edges.push(edge);
  const key = edge.viewer("VIEWER");
  gate.viewer = key;
  const lookedUp = (times: number) => vi.waitFor(() => expect(gate.lookUps).toBe(times), patience);
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate.held = promise;
    return resolve;
  };
  return { edge, gate, key, lookedUp, hold };
}
const send = (socket: WebSocket, ...messages: object[]) => {
  for (const message of messages) socket.send(JSON.stringify(message));
};
interface Heard {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}
/** The messages of a socket, from now on, one after another. */
function hear(socket: WebSocket): () => Promise<Heard> {
  const heard = on(socket, "message");
  return async () => {
    const { value } = (await heard.next()) as { value: [Buffer] };
    return JSON.parse(value[0].toString()) as Heard;
  };
}
const ask = (id: string, query = "{ viewer { role } }") => ({ id, type: "subscribe", payload: { query } });
const complete = (id: string) => ({ id, type: "complete" });

it("nothing follows the key of a socket that went while the key was looked up", async () => {
  const { edge, gate, key, lookedUp, hold } = await start();
  const staying = await openSocket(edge, "key");
  const release = hold();
  const gone = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(gone, "open");
  send(gone, { type: "connection_init", payload: { authorization: "Bearer key" } });
  await lookedUp(2);
  gone.terminate();
  await once(gone, "close");
  // By then the server has heard of it as well.
  expect((await fetch(`${edge.url}/livez`)).status).toBe(200);
  release();
  await edge.db.transaction((tx) => edge.events.publish(tx, { topic: "apiKey", id: key.keyId }));
  // The one that stays looks at the key again, and nobody else.
  await lookedUp(3);
  const next = hear(staying);
  send(staying, ask("1"));
  expect(await next()).toMatchObject({ type: "next" });
  expect(gate.lookUps).toBe(4);
  staying.terminate();
});

it("what is under way on a socket counts also where its client has completed it", async () => {
  const { edge, gate, lookedUp, hold } = await start({ limits: { ...defaultLimits, socketOperations: 2 } });
  const socket = await openSocket(edge, "key");
  const next = hear(socket);
  const release = hold();
  send(socket, ask("1"), complete("1"), ask("2"), complete("2"), ask("3"));
  expect(await next()).toMatchObject({
    id: "3",
    type: "error",
    payload: [{ extensions: { code: "TOO_MANY_OPERATIONS" } }],
  });
  // The second operation's look-up waits for the first's; the third has none.
  expect(gate.lookUps).toBe(1 + 1);
  release();
  // Their places are free again when they have ended.
  await vi.waitFor(async () => {
    send(socket, ask("4"));
    expect(await next()).toMatchObject({ id: "4", type: "next" });
  }, patience);
  await lookedUp(1 + 2 + 1);
  socket.terminate();
});

it("subscriptions that took each other's id end with their socket", async () => {
  const { edge, hold } = await start();
  const id = toGlobalId("operation", await edge.insertOperation({ exclusive: false }));
  const query = `subscription { operationProgress(operationId: "${id}") { status } }`;
  const socket = await openSocket(edge, "key");
  const next = hear(socket);
  const release = hold();
  send(socket, ask("1", query), complete("1"), ask("1", query), { type: "ping" });
  expect(await next()).toEqual({ type: "pong" });
  release();
  for (let time = 0; time < 2; time++) expect(await next()).toMatchObject({ id: "1", type: "next" });
  socket.terminate();
  const following = edge.parts.metrics.registry.getSingleMetric("daguerre_subscriptions")!;
  await vi.waitFor(async () => expect((await following.get()).values[0]?.value).toBe(0), patience);
});

it("a key that has used up its points is looked up no more", async () => {
  const buckets = new Buckets({ clock: createTestClock(new Date(0)), capacity: 3, perSecond: 1 });
  const { edge, gate } = await start({ buckets });
  const socket = await openSocket(edge, "key");
  const next = hear(socket);
  for (let time = 0; time < 3; time++) {
    send(socket, ask("1"));
    expect([(await next()).type, (await next()).type]).toEqual(["next", "complete"]);
  }
  send(socket, ask("1"));
  expect(await next()).toMatchObject({ type: "error", payload: [{ extensions: { code: "RATE_LIMITED" } }] });
  expect(gate.lookUps).toBe(1 + 3);
  socket.terminate();
});

it("nobody without a key has more of a message kept than a stranger may send", async () => {
  const { edge } = await start({ limits: { ...defaultLimits, socketInitMs: 2 ** 30 } });
  const socket = await openRawWebSocket(edge.url);
  // The head of a frame of a million bytes, which never come as a whole.
  const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40, 0, 0, 0, 0]);
  socket.resume();
  const closed = once(socket, "close");
  socket.write(head);
  for (let sent = 0; sent < 2; sent++) socket.write("x".repeat(edge.parts.limits.strangerBodyBytes / 2 + 1));
  await closed;
  // Who has introduced itself may send that much.
  const known = await openSocket(edge, "key");
  const next = hear(known);
  const payload = { query: "{ viewer { role } }", variables: { unused: "x".repeat(100_000) } };
  send(known, { ...ask("1"), payload });
  expect(await next()).toMatchObject({ type: "next" });
  known.terminate();
});
