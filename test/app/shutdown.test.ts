import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createDownloadLink } from "../../src/api/download-link.js";
import type { QueryResult } from "../../src/engines/engine.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";
import { openRaw, openRawWebSocket } from "../support/raw-socket.js";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
const hold = (socket: Socket): Socket => {
  sockets.push(socket);
  return socket;
};
/** No test waits for so long. */
const never = 600_000;

const upgrade = (path: string, more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${more}\r\n`;

/** More than the server is sent of its own accord, and it ends nothing by itself. */
const endless = {
  fileName: "export.backup",
  sizeBytes: 1024 * 1024,
  sha256: "0".repeat(64),
  open: () => {
    let pushed = false;
    return new Readable({
      read() {
        if (!pushed) this.push("so far");
        pushed = true;
      },
    });
  },
};

async function linkOf(edge: Edge): Promise<string> {
  const operation = toGlobalId("operation", await edge.insertOperation());
  const until = new Date(edge.clock.now().getTime() + 60_000);
  const link = createDownloadLink(edge.url, edge.parts.downloadKey, operation, until);
  return link.pathname + link.search;
}

describe("closing is not held up by", () => {
  const clients: readonly (readonly [string, (edge: Edge) => Promise<Socket>])[] = [
    ["a connection over which nothing is asked", ({ url }) => openRaw(url, "")],
    ["a head without an end", ({ url }) => openRaw(url, "GET / HTTP/1.1\r\nHost: x\r\n")],
    [
      "a body that does not come",
      ({ url }) =>
        openRaw(
          url,
          "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n",
        ),
    ],
    ["an upgrade that was refused", ({ url }) => openRaw(url, upgrade("/x"))],
    ["an upgrade with a key", ({ url }) => openRaw(url, upgrade("/graphql", "Idempotency-Key: k\r\n"))],
    ["an upgrade to what is no WebSocket", ({ url }) => openRaw(url, upgrade("/graphql"))],
    ["a WebSocket that says nothing", ({ url }) => openRawWebSocket(url)],
    [
      "a download that trickles",
      async (edge) => {
        const socket = await openRaw(edge.url, `GET ${await linkOf(edge)} HTTP/1.1\r\nHost: x\r\n\r\n`);
        await once(socket, "readable");
        return socket;
      },
    ],
  ];
  it.each(clients)("%s", async (_name, open) => {
    const edge = await startEdge({ closeGraceMs: 50 }, endless);
    hold(await open(edge));
    await edge.close();
    expect(edge.logged).toEqual([]);
  });
});

it("what is under way is finished within the grace, and its connection not kept for more", async () => {
  const asked = Promise.withResolvers<void>();
  const result = Promise.withResolvers<QueryResult>();
  const edge = await startEdge({
    closeGraceMs: never,
    runStatement: () => {
      asked.resolve();
      return result.promise;
    },
  });
  const answer = fetch(`${edge.url}/db/${toGlobalId("instance", edge.instanceId)}/query/v2`, {
    method: "POST",
    headers: { authorization: "Bearer admin", "content-type": "application/json" },
    body: JSON.stringify({ statement: "RETURN 1" }),
  });
  const stream = await fetch(`${edge.url}/graphql/stream`, {
    method: "POST",
    headers: { authorization: "Bearer admin", "content-type": "application/json" },
    body: JSON.stringify({ query: "subscription { projectChanged { __typename } }" }),
  });
  await asked.promise;
  const closed = edge.close();
  await expect(fetch(edge.url)).rejects.toThrow();
  expect(await stream.text()).not.toContain("error");
  result.resolve({ fields: ["n"], values: [[1]], wrote: false });
  expect((await answer).status).toBe(202);
  await closed;
});

it("an upgrade that was refused leaves no connection half open, whatever its client does", async () => {
  const edge = await startEdge({ closeGraceMs: never });
  for (const head of [upgrade("/x"), upgrade("/graphql", "Idempotency-Key: k\r\n"), upgrade("/graphql")]) {
    const socket = hold(
      connect({ port: Number(new URL(edge.url).port), host: "127.0.0.1", allowHalfOpen: true }),
    );
    socket.on("error", () => undefined);
    let heard = "";
    socket.on("data", (data) => (heard += data.toString()));
    socket.write(head);
    await once(socket, "end");
    expect(heard).toMatch(/^HTTP\/1.1 40[04] /);
    // Somebody who still listened would take it in silence.
    while (!socket.destroyed) await new Promise((resolve) => socket.write("x", () => setImmediate(resolve)));
  }
  await edge.close();
});

it("a query whose body comes after the signal to stop is answered", async () => {
  // As the service runs: what it is made of takes care of signals by itself, except in tests.
  vi.stubEnv("NODE_ENV", "production");
  const listening = () => process.listenerCount("SIGTERM") + process.listenerCount("SIGINT");
  const before = listening();
  const edge = await startEdge({ closeGraceMs: never });
  vi.unstubAllEnvs();
  expect(listening()).toBe(before);
  const body = JSON.stringify({ query: "{ viewer { role } }" });
  const socket = hold(
    await openRaw(
      edge.url,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer viewer\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    ),
  );
  expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 100 /);
  const closed = edge.close();
  socket.write(body);
  expect(await text(socket)).toContain('{"data":{"viewer":{"role":"VIEWER"}}');
  await closed;
});
