import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { boundConnections, type ConnectionParts } from "../../src/app/bound-connections.js";
import { defaultLimits } from "../../src/config/limits.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { openRaw } from "../support/raw-socket.js";

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function start(given: Partial<ConnectionParts["limits"]>, waitMs?: number) {
  const limits = { ...defaultLimits, waitingConnections: 0, ...given };
  let nowMs = 0;
  const lines: object[] = [];
  const metrics = createMetrics();
  const connections: Socket[] = [];
  const server = createServer((_, response) => response.end());
  const { introduce, partyOf } = boundConnections(server, {
    limits,
    ...(waitMs !== undefined && { waitMs }),
    metrics,
    logger: { warn: (fields: object) => void lines.push(fields) } as unknown as ConnectionParts["logger"],
    stopwatch: () => nowMs,
  });
  server.on("connection", (socket: Socket) => connections.push(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  async function asks() {
    const told = new AbortController();
    const { signal } = told;
    const arrived = Promise.race(["connection", "drop"].map((event) => once(server, event, { signal })));
    const socket = (await openRaw(url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).resume();
    closers.push(() => socket.destroy());
    const heard = new Promise<Socket | undefined>((resolve) => {
      socket.once("data", () => resolve(socket));
      socket.once("close", () => resolve(undefined));
    });
    await arrived;
    told.abort();
    return { socket, heard };
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    lines,
    connections,
    onKnown: (socket: Socket, project = "prj") => introduce(socket, project),
    partyOf,
    wait: (ms: number) => (nowMs += ms),
    /** Whether a connection that has just been opened is answered. */
    isHeard: async () => await (await asks()).heard,
    asks,
    refused: async () =>
      (await metrics.registry.getSingleMetric("daguerre_connections_refused_total")!.get()).values,
  };
}

it("closes a stranger's connection that is one too many, until another is known or has gone", async () => {
  const service = await start({ connections: 100, strangerConnections: 2 });
  const first = await service.isHeard();
  expect(await service.isHeard()).toBeDefined();
  expect(await service.isHeard()).toBeUndefined();
  const [known] = service.connections;
  service.onKnown(known!);
  // Each request of it tells again.
  service.onKnown(known!);
  expect(await service.isHeard()).toBeDefined();
  expect(await service.isHeard()).toBeUndefined();
  // It counted no more, so that its end makes no room.
  const gone = once(known!, "close");
  first?.destroy();
  await gone;
  expect(await service.isHeard()).toBeUndefined();
  const left = once(service.connections[1]!, "close");
  service.connections[1]!.destroy();
  await left;
  expect(await service.isHeard()).toBeDefined();
});

it("closes whatever is one too many in all, however well it is known", async () => {
  const service = await start({ connections: 2, strangerConnections: 100 });
  for (const _ of [1, 2]) {
    expect(await service.isHeard()).toBeDefined();
    service.onKnown(service.connections.at(-1)!);
  }
  expect(await service.isHeard()).toBeUndefined();
});

it("tells operators: all by a number, and now and then by a line", async () => {
  const service = await start({ connections: 100, strangerConnections: 1 });
  await service.isHeard();
  for (let time = 0; time < 5; time++) expect(await service.isHeard()).toBeUndefined();
  service.wait(59_999);
  await service.isHeard();
  expect(service.lines).toEqual([
    { address: "127.0.0.1", variable: "DAGUERRE_MAX_STRANGER_CONNECTIONS", allowed: 1 },
  ]);
  service.wait(1);
  await service.isHeard();
  expect(service.lines).toHaveLength(2);
  expect(await service.refused()).toEqual([{ labels: { bound: "address" }, value: 7 }]);
});

it("lets a crowd that comes at once wait, unheard, until those before it are known, and then hears it in its order", async () => {
  const service = await start({ strangerConnections: 2, waitingConnections: 100 });
  const heard: number[] = [];
  const crowd = [];
  for (const index of Array(20).keys()) {
    const one = await service.asks();
    void one.heard.then(() => heard.push(index));
    crowd.push(one);
  }
  for (const [index, { heard: mine }] of crowd.entries()) {
    expect(await mine).toBeDefined();
    // Of those behind the one after it, nothing has been read.
    expect(service.connections.slice(index + 2).map(({ bytesRead }) => bytesRead)).toEqual(
      Array(Math.max(18 - index, 0)).fill(0),
    );
    service.onKnown(service.connections[index]!);
  }
  expect(heard).toEqual([...Array(20).keys()]);
});

it("closes who comes when the room is full, and gives the place of who has left it to another", async () => {
  const service = await start({ strangerConnections: 1, waitingConnections: 1 });
  expect(await service.isHeard()).toBeDefined();
  const waits = await service.asks();
  expect(await service.isHeard()).toBeUndefined();
  service.onKnown(service.connections[0]!);
  expect(await waits.heard).toBeDefined();
  const next = await service.asks();
  const gone = once(service.connections.at(-1)!, "close");
  service.connections.at(-1)!.destroy();
  await gone;
  expect(await next.heard).toBeUndefined();
  const last = await service.asks();
  waits.socket.destroy();
  expect(await last.heard).toBeDefined();
});

it("closes who has waited for too long, and tells operators", async () => {
  const service = await start({ strangerConnections: 1, waitingConnections: 1 }, 1);
  expect(await service.isHeard()).toBeDefined();
  expect(await service.isHeard()).toBeUndefined();
  expect(await service.refused()).toEqual([{ labels: { bound: "address" }, value: 1 }]);
});

it("counts what one project has beyond its share as strangers'", async () => {
  const service = await start({ strangerConnections: 1, projectConnections: 2 });
  for (const project of ["mine", "mine", "theirs", "mine"]) {
    expect(await service.isHeard()).toBeDefined();
    service.onKnown(service.connections.at(-1)!, project);
  }
  expect(await service.isHeard()).toBeUndefined();
  const stranger = { name: "127.0.0.1", isKnown: false };
  const mine = { name: "mine", isKnown: true };
  expect(service.connections.slice(0, 4).map(service.partyOf)).toEqual([
    mine,
    mine,
    { name: "theirs", isKnown: true },
    stranger,
  ]);
  // A place of its share is free: the next request over the connection that is a stranger's takes it.
  const gone = once(service.connections[0]!, "close");
  service.connections[0]!.destroy();
  await gone;
  service.onKnown(service.connections[3]!, "mine");
  expect(service.partyOf(service.connections[3]!)).toEqual(mine);
  expect(await service.isHeard()).toBeDefined();
});
