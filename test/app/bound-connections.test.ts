import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { boundConnections, type ConnectionParts } from "../../src/app/bound-connections.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { openRaw } from "../support/raw-socket.js";

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function start(limits: ConnectionParts["limits"]) {
  let nowMs = 0;
  const lines: object[] = [];
  const metrics = createMetrics();
  const connections: Socket[] = [];
  const server = createServer((_, response) => response.end());
  const onKnown = boundConnections(server, {
    limits,
    metrics,
    logger: { warn: (fields: object) => void lines.push(fields) } as unknown as ConnectionParts["logger"],
    stopwatch: () => nowMs,
  });
  server.on("connection", (socket: Socket) => connections.push(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    lines,
    connections,
    onKnown,
    wait: (ms: number) => (nowMs += ms),
    /** Whether a connection that has just been opened is answered. */
    async isHeard() {
      const socket = (await openRaw(url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).resume();
      closers.push(() => socket.destroy());
      return await new Promise<Socket | undefined>((resolve) => {
        socket.once("data", () => resolve(socket));
        socket.once("close", () => resolve(undefined));
      });
    },
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
