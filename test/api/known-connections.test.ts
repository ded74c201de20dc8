import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defaultLimits } from "../../src/config/limits.js";
import { frame, openRaw, openRawWebSocket } from "../support/raw-socket.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let open: Socket[] = [];
// Each test has a service of its own: that a connection has ended, the service learns after its client.
beforeEach(async () => {
  edge = await startEdge({
    limits: { ...defaultLimits, strangerConnections: 1, waitingConnections: 0 },
    runStatement: () => Promise.resolve({ fields: [], values: [], wrote: false }),
  });
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  open = [];
  await edge.close();
});

const post = (path: string, body: object, key: string) => {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
};
const query = { query: "{ viewer { role } }" };
const init = (key: string) =>
  frame("text", JSON.stringify({ type: "connection_init", payload: { Authorization: `Bearer ${key}` } }));

/** A connection on which this was sent, and that has been answered. */
async function asked(text: string): Promise<Socket> {
  const socket = (await openRaw(edge.url, text)).resume();
  open.push(socket);
  await once(socket, "data");
  return socket;
}
async function introduced(key: string): Promise<Socket> {
  const socket = await openRawWebSocket(edge.url);
  open.push(socket);
  socket.write(init(key));
  await once(socket.resume(), "data");
  return socket;
}
const isLetIn = async () => {
  const socket = (await openRaw(edge.url, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")).resume();
  open.push(socket);
  return await new Promise<boolean>((resolve) => {
    socket.once("data", () => resolve(true));
    socket.once("close", () => resolve(false));
  });
};

it.each<[string, (key: string) => Promise<Socket>]>([
  ["GraphQL over HTTP", (key) => asked(post("/graphql", query, key))],
  ["an event stream", (key) => asked(post("/graphql/stream", query, key))],
  ["the Query API", (key) => asked(post("/db/ins_x/query/v2", { statement: "RETURN 1" }, key))],
  ["a socket", introduced],
])("a connection is a stranger's until a good key comes by %s", async (_, come) => {
  await come("viewer");
  expect(await isLetIn()).toBe(true);
  expect(await isLetIn()).toBe(false);
});

it("a connection by which a bad key comes stays a stranger's", async () => {
  await asked(post("/graphql", query, "wrong"));
  expect(await isLetIn()).toBe(false);
});
