import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createBoundAhead } from "../../src/app/bound-ahead.js";
import type { Party } from "../../src/app/bound-connections.js";
import { HeardMessage } from "../../src/app/heard-message.js";
import { openRaw } from "../support/raw-socket.js";

const most = 16;
/** Requests that Node has made of what it heard. */
let heard = 0;
/** Of each that has begun, its path and the turn of the event loop. */
let begun: { path: string; turn: number; response: ServerResponse }[] = [];
let turn = 0;
let ticking = setImmediate(() => undefined);
const tick = () => {
  turn++;
  ticking = setImmediate(tick);
};
/** Until so many have begun. */
let whenBegun = Promise.withResolvers<void>();
let awaited = Infinity;
let answers = true;

/** Whose the connections are that come next. */
let party: Party;
const parties = new WeakMap<Socket, Party>();
/** How long each turn takes. */
let turnMs = 0;
let nowMs = 0;
const bound = createBoundAhead(
  (socket) => parties.get(socket)!,
  () => (nowMs += turnMs),
);
const server = createServer({ IncomingMessage: HeardMessage }, (request, response) => {
  heard++;
  bound(request, response, () => {
    begun.push({ path: request.url ?? "", turn, response });
    if (answers) response.end();
    if (begun.length === awaited) whenBegun.resolve();
  });
});
server.on("connection", (socket: Socket) => parties.set(socket, party));
server.on("upgrade", (_request, socket) => socket.destroy());
let url: string;
const sockets: Socket[] = [];
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  tick();
});
beforeEach(() => {
  heard = 0;
  begun = [];
  answers = true;
  party = { name: "prj_a", isKnown: true };
  turnMs = 0;
  awaited = Infinity;
  whenBegun = Promise.withResolvers();
});
afterAll(() => {
  clearImmediate(ticking);
  for (const socket of sockets) socket.destroy();
  server.close();
});

const requests = (count: number, path = "/") => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(count);
async function send(text: string): Promise<Socket> {
  const socket = await openRaw(url, text);
  sockets.push(socket.resume());
  return socket;
}

/** Not by `once`, which takes a reset for a failure. */
const closed = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once("close", () => resolve())));

it("begins of one connection's requests one in a turn, and of others' meanwhile", async () => {
  awaited = 4 * most;
  await Promise.all(["/a", "/b", "/c", "/d"].map((path) => send(requests(most, path))));
  await whenBegun.promise;
  for (const path of ["/a", "/b", "/c", "/d"]) {
    const turns = begun.filter((one) => one.path === path).map((one) => one.turn);
    // A turn and a tick of this test's may change places.
    expect(new Set(turns).size).toBeGreaterThan(most / 2 - 1);
  }
});

it("hears nothing more of a connection that is let go, however much came with it", async () => {
  const socket = await send(requests(5000));
  await closed(socket);
  expect(heard).toBe(most + 1);
  expect(begun.length).toBeLessThan(most);
});

it("counts as ahead what has begun and waits for its answer", async () => {
  answers = false;
  awaited = most;
  const socket = await send(requests(most));
  await whenBegun.promise;
  socket.write(requests(1));
  await closed(socket);
  expect(begun).toHaveLength(most);
});

it("lets a client go on that waits for its answers", async () => {
  const socket = await send("");
  for (let time = 0; time < 5 * most; time++) {
    socket.write(requests(1));
    await once(socket, "data");
  }
  expect(begun).toHaveLength(5 * most);
});

it("still lets who asks for another protocol have it", async () => {
  const upgraded = once(server, "upgrade");
  await send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await upgraded;
  expect(heard).toBe(0);
});

it("begins few of one network's strangers in a turn, however many connections they have", async () => {
  party = { name: "192.0.2.1", isKnown: false };
  awaited = 200;
  await Promise.all(Array.from({ length: 200 }, () => send(requests(1))));
  await whenBegun.promise;
  const ofTurn = Map.groupBy(begun, (one) => one.turn);
  // Of a turn and the next, where one of this test's lies between.
  for (const { length } of ofTurn.values()) expect(length).toBeLessThanOrEqual(16);
});

/** Connections that the server has taken, and over which nothing is sent yet. */
async function connected(count: number): Promise<Socket[]> {
  const sockets = [];
  while (sockets.length < count) {
    const [socket] = await Promise.all([send(""), once(server, "connection")]);
    sockets.push(socket);
  }
  return sockets;
}

it("begins few of all strangers in a turn, each network's in its turn", async () => {
  const flood: Socket[] = [];
  for (let network = 0; network < 40; network++) {
    party = { name: `192.0.2.${network}`, isKnown: false };
    flood.push(...(await connected(12)));
  }
  party = { name: "198.51.100.1", isKnown: false };
  const [newcomer] = await connected(1);
  awaited = flood.length + 1;
  for (const socket of flood) socket.write(requests(1, "/flood"));
  newcomer!.write(requests(1, "/newcomer"));
  await whenBegun.promise;
  // Of a turn and the next, where one of this test's lies between.
  for (const { length } of Map.groupBy(begun, (one) => one.turn).values())
    expect(length).toBeLessThanOrEqual(64);
  // It comes last, and waits for those that began as they came, and eight of each network.
  expect(begun.findIndex(({ path }) => path === "/newcomer")).toBeLessThanOrEqual(32 + 40 * 8);
});

it("answers another project while a crowd of one that asks at once still waits", async () => {
  const crowd = await connected(640);
  party = { name: "prj_b", isKnown: true };
  const [other] = await connected(1);
  awaited = 1;
  const answers = crowd.map((socket) => once(socket, "data"));
  for (const socket of crowd) socket.write(requests(1));
  await whenBegun.promise;
  // All that the crowd asks is there by now.
  other!.write(requests(1));
  await once(other!, "data");
  expect(begun.length).toBeLessThan(crowd.length / 2);
  await Promise.all(answers);
});

it("begins few of a crowd in a turn where turns take long", async () => {
  turnMs = 11;
  const crowd = await connected(200);
  awaited = 200;
  for (const socket of crowd) socket.write(requests(1));
  await whenBegun.promise;
  const [, ...later] = Map.groupBy(begun, (one) => one.turn).values();
  // Of a turn and the next, where one of this test's lies between.
  for (const { length } of later) expect(length).toBeLessThanOrEqual(16);
  expect(later.length).toBeGreaterThan(5);
});

it("holds nobody back who works over no more connections than may begin in a turn", async () => {
  const connections = await connected(32);
  for (let time = 0; time < 3; time++) {
    begun = [];
    const answers = connections.map((socket) => once(socket, "data"));
    for (const socket of connections) socket.write(requests(1));
    await Promise.all(answers);
    expect(new Set(begun.map((one) => one.turn)).size).toBe(1);
  }
});

it("lets go of who sends a body in too many pieces, though nobody reads it yet", async () => {
  answers = false;
  awaited = 1;
  const socket = await send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  await whenBegun.promise;
  socket.write("1\r\n \r\n".repeat(50_000));
  await closed(socket);
  expect(begun[0]?.response.req.readableLength).toBeLessThan(1100);
});
