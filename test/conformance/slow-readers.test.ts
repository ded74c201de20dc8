import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { buildSchema, parse } from "graphql";
import { handleProtocols, makeServer } from "graphql-ws";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { cameFrom } from "../../src/api/identify.js";
import { speakProtocol, type SocketExtra } from "../../src/api/speak-protocol.js";
import { createDownloadLink } from "../../src/api/download-link.js";
import type { DownloadFile } from "../../src/api/downloads.js";
import type { HttpParts } from "../../src/app/http-server.js";
import { defaultLimits, type Limits } from "../../src/config/limits.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";
import { frame, openRaw, openRawWebSocket } from "../support/raw-socket.js";

/** Real connections whose clients stop reading: what they cost is bounded, and they are let go. */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const init = frame(
  "text",
  JSON.stringify({ type: "connection_init", payload: { Authorization: "Bearer admin" } }),
);
const subscribe = (id: number, query: string) =>
  frame("text", JSON.stringify({ id: String(id), type: "subscribe", payload: { query } }));

/** As clients begin; one that is acknowledged reads nothing more. */
async function openAcknowledged(url: string): Promise<Socket> {
  const socket = await openRawWebSocket(url);
  socket.write(init);
  for await (const data of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
    if (data.includes("connection_ack")) break;
  socket.pause();
  return socket;
}

/** Sends again and again, as fast as the other side takes it, until the connection is gone. */
async function flood(socket: Socket, next: (n: number) => Buffer): Promise<number> {
  let sent = 0;
  // Not by `once`, which takes the reset that is waited for here for a failure.
  const until = (event: string) => new Promise((resolve) => socket.once(event, resolve));
  const closed = until("close");
  while (!socket.destroyed) {
    if (!socket.write(next(sent++))) await Promise.race([until("drain"), closed]);
    // Lets what was sent be answered before there is more.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}

describe("a WebSocket whose client reads nothing", () => {
  const bound = 1024 * 1024;
  const answer = "x".repeat(64 * 1024);

  /** The protocol alone over real sockets, so that what is held for each can be read. */
  async function serve() {
    const held = { peak: 0 };
    const server = createServer();
    const sockets = new WebSocketServer({ server, handleProtocols });
    const faults: unknown[] = [];
    let dropped = 0;
    let accepted: WebSocket | undefined;
    const look = () => (held.peak = Math.max(held.peak, accepted?.bufferedAmount ?? 0));
    const protocol = makeServer<Record<string, unknown>, SocketExtra>({
      schema: buildSchema("type Query { text: String }"),
      onSubscribe: (_context, _id, { query }) => ({
        schema: buildSchema("type Query { text: String }"),
        document: parse(query),
        rootValue: {
          text: () => {
            look();
            return answer;
          },
        },
      }),
    });
    const speaking = {
      limits: { socketBufferBytes: bound, socketPingMs: 60_000 },
      onDropped: () => {
        look();
        dropped++;
      },
      onFault: (error: unknown) => String(faults.push(error)),
    };
    sockets.on("connection", (socket, request) => {
      accepted = socket;
      socket.on("message", look).on("ping", look);
      speakProtocol(protocol, speaking, socket, cameFrom(request));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, held, faults, dropped: () => dropped };
  }

  it("is held a bounded number of bytes for, and dropped: the bound and one answer", async () => {
    const { url, held, faults, dropped } = await serve();
    const socket = await openAcknowledged(url);
    await flood(socket, (n) => subscribe(n, "{ text }"));
    expect(held.peak).toBeGreaterThan(bound);
    expect(held.peak).toBeLessThan(bound + answer.length + 4096);
    expect(dropped()).toBe(1);
    expect(faults).toEqual([]);
  });

  it("is dropped at the same bound for the protocol's pongs", async () => {
    const { url, held, dropped } = await serve();
    const payload = "p".repeat(60_000);
    await flood(await openRawWebSocket(url), () =>
      frame("text", JSON.stringify({ type: "ping", payload: { payload } })),
    );
    expect(held.peak).toBeGreaterThan(bound);
    expect(held.peak).toBeLessThan(bound + payload.length + 4096);
    expect(dropped()).toBe(1);
  });

  it("is dropped by ws itself, long before, for the pongs of frames", async () => {
    const { url, held } = await serve();
    const pings = Buffer.concat(Array.from({ length: 500 }, () => frame("ping", "p".repeat(125))));
    await flood(await openRawWebSocket(url), () => pings);
    expect(held.peak).toBeLessThan(bound);
  });
});

/** The whole edge; `dropped` tells when it lets a reader go. */
async function start(limits: Partial<Limits>, changes: Partial<HttpParts> = {}, file?: DownloadFile) {
  const dropped = Promise.withResolvers<string>();
  const metrics = { ...createMetrics(), readerDropped: dropped.resolve };
  const edge: Edge = await startEdge({ limits: { ...defaultLimits, ...limits }, metrics, ...changes }, file);
  closers.push(() => edge.close());
  return { edge, dropped: dropped.promise };
}
const hold = (socket: Socket) => void closers.push(() => socket.destroy());

it("a WebSocket whose client answers no ping is dropped, though it costs nothing yet", async () => {
  const { edge, dropped } = await start({ socketPingMs: 50 });
  const socket = await openAcknowledged(edge.url);
  hold(socket);
  expect(await dropped).toBe("websocket");
  expect(edge.logged).toEqual([]);
});

it("a WebSocket flooded with questions that nobody reads is dropped, and the service goes on", async () => {
  const { edge, dropped } = await start({ socketBufferBytes: 256 * 1024 });
  const socket = await openAcknowledged(edge.url);
  await flood(socket, (n) => subscribe(n, "{ __schema { types { name description fields { name } } } }"));
  expect(await dropped).toBe("websocket");
  expect((await edge.ask("{ viewer { role } }")).status).toBe(200);
  expect(edge.logged).toEqual([]);
});

/** More than the kernel takes for a reader that does not read. */
const large = 64 * 1024 * 1024;

it("a download whose reader stalls is let go, and its file closed", async () => {
  const chunk = Buffer.alloc(64 * 1024);
  let read = 0;
  const file = new Readable({
    read() {
      read += chunk.length;
      this.push(read > large ? null : chunk);
    },
  });
  const closed = new Promise((resolve) => file.once("close", resolve));
  const { edge, dropped } = await start(
    { stalledReaderMs: 100 },
    {},
    { fileName: "export.backup", sizeBytes: large, sha256: "0".repeat(64), open: () => file },
  );
  const operation = toGlobalId("operation", await edge.insertOperation());
  const until = new Date(edge.clock.now().getTime() + 60_000);
  const link = createDownloadLink(edge.url, edge.parts.downloadKey, operation, until);
  const socket = await openRaw(edge.url, `GET ${link.pathname}${link.search} HTTP/1.1\r\nHost: x\r\n\r\n`);
  hold(socket);
  await once(socket, "readable");
  expect(await dropped).toBe("http");
  await closed;
  expect(file.destroyed).toBe(true);
  // It was read only as far as the reader and the buffers between took it.
  expect(read).toBeLessThan(large / 2);
  expect(edge.logged).toEqual([]);
});

it.each(["/graphql", "/graphql/stream"])("an answer at %s that nobody reads is let go", async (path) => {
  const { edge, dropped } = await start({
    stalledReaderMs: 100,
    aliases: 1e6,
    tokens: 1e6,
    cost: 1e12,
    bodyBytes: 1e7,
  });
  const part =
    "__schema { types { name description fields { name description args { name description } } } }";
  const query = `{ ${Array.from({ length: 120 }, (_, n) => `a${n}: ${part}`).join(" ")} }`;
  const body = JSON.stringify({ query });
  const socket = await openRaw(
    edge.url,
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  hold(socket);
  expect(await dropped).toBe("http");
  expect((await edge.ask("{ viewer { role } }")).status).toBe(200);
  expect(edge.logged).toEqual([]);
});

it("a client that we keep waiting is not let go", async () => {
  const { edge } = await start(
    { stalledReaderMs: 20 },
    { runStatement: () => delay(200, { fields: ["n"], values: [[1n]], wrote: false }) },
  );
  const answer = await fetch(`${edge.url}/db/${toGlobalId("instance", edge.instanceId)}/query/v2`, {
    method: "POST",
    headers: { authorization: "Bearer admin", "content-type": "application/json" },
    body: JSON.stringify({ statement: "RETURN 1" }),
  });
  expect(answer.status).toBe(202);
});
