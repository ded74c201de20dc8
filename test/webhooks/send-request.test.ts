import { createSocket } from "node:dgram";
import dns from "node:dns";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readLocalNames } from "../../src/webhooks/local-names.js";
import { createSender, resolveByServers, type Resolve } from "../../src/webhooks/send-request.js";

const servers: Server[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function receive(listener: RequestListener) {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
const to =
  (address: string): Resolve =>
  (_, done) =>
    done(null, [{ address, family: 4 }]);
const trusting = createSender({ allowPrivate: true, timeoutMs: 1_000 });

it("tells the status of the answer", async () => {
  const port = await receive((_, response) => response.writeHead(500).end("broken"));
  expect(await trusting(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({ status: 500 });
});

it("does not wait for one that hangs, before its answer or within it", async () => {
  const mute = await receive(() => undefined);
  expect(await trusting(`http://127.0.0.1:${mute}/`, {}, "{}")).toEqual({
    error: "no whole answer within 1000 ms",
  });
  const slow = await receive((_, response) => void response.writeHead(200).write("so far"));
  expect(await trusting(`http://127.0.0.1:${slow}/`, {}, "{}")).toEqual({
    error: "no whole answer within 1000 ms",
  });
});

it("takes another protocol for a failure, and keeps no connection for it", async () => {
  const closed = Promise.withResolvers<void>();
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined).on("close", () => closed.resolve());
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const patient = createSender({ allowPrivate: true, timeoutMs: 600_000 });
  expect(await patient(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({ status: 101 });
  await closed.promise;
  server.close();
});

it("does not wait for one that answers nothing but that it may go on", async () => {
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  expect(await trusting(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({
    error: "no whole answer within 1000 ms",
  });
  server.close();
});

it("reads little of a long answer", async () => {
  const closed = Promise.withResolvers<void>();
  const port = await receive((_, response) => {
    response.writeHead(200).on("close", closed.resolve);
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), () => setImmediate(more));
    };
    more();
  });
  expect(await trusting(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({ status: 200 });
  await closed.promise;
});

it("does not follow a redirect inward", async () => {
  let reached = 0;
  const inner = await receive((_, response) => {
    reached++;
    response.end();
  });
  const port = await receive((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inner}/` }).end(),
  );
  expect(await trusting(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({ status: 307 });
  expect(reached).toBe(0);
});

it("judges the address that a name leads to when the connection is made", async () => {
  let reached = 0;
  const port = await receive((_, response) => {
    reached++;
    response.end();
  });
  const refused = { error: "rebound.example leads to no public address" };
  const send = createSender({ allowPrivate: false, timeoutMs: 1_000, resolve: to("127.0.0.1") });
  expect(await send(`https://rebound.example:${port}/`, {}, "{}")).toEqual(refused);
  const mixed = createSender({
    allowPrivate: false,
    timeoutMs: 1_000,
    resolve: (_, done) =>
      done(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "::1", family: 6 },
      ]),
  });
  expect(await mixed(`https://rebound.example:${port}/`, {}, "{}")).toEqual(refused);
  expect(reached).toBe(0);
});

it("refuses at sending what it would refuse at making", async () => {
  const strict = createSender({ allowPrivate: false, timeoutMs: 1_000 });
  expect(await strict("https://127.0.0.1/", {}, "{}")).toEqual({
    error: "127.0.0.1 is not an address of the open internet.",
  });
});

it("says what failed where no answer came", async () => {
  const port = await receive((request) => request.socket.destroy());
  expect(await trusting(`http://127.0.0.1:${port}/`, {}, "{}")).toEqual({ error: "ECONNRESET" });
  const unknown = createSender({
    allowPrivate: true,
    timeoutMs: 1_000,
    resolve: (_, done) => done(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []),
  });
  expect(await unknown("http://nowhere.example/", {}, "{}")).toEqual({ error: "ENOTFOUND" });
});

/** A DNS server: answers 127.0.0.1 for addresses of IPv4 and none of IPv6; of names with `mute` in them it takes no notice. */
async function startNameServer(): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = createSocket("udp4");
  server.on("message", (question, { port, address }) => {
    if (question.includes("mute")) return;
    const isV4 = question.readUInt16BE(question.indexOf(0, 12) + 1) === 1;
    const answer = Buffer.concat([
      question.subarray(0, question.indexOf(0, 12) + 5),
      isV4 ? Buffer.from("c00c00010001000000000004" + "7f000001", "hex") : Buffer.alloc(0),
    ]);
    answer.writeUInt16BE(0x8180, 2);
    for (const [place, count] of [isV4 ? 1 : 0, 0, 0].entries()) answer.writeUInt16BE(count, 6 + place * 2);
    server.send(answer, port, address);
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `127.0.0.1:${server.address().port}`, close: () => void server.close() };
}

it.each([false, true])(
  "asks no resolver of the system's, whose threads are few (to private ones: %s)",
  async (allowPrivate) => {
    const bySystem = vi.spyOn(dns, "lookup");
    syncBuiltinESMExports();
    const send = createSender({ allowPrivate, timeoutMs: 1_000 });
    // Never looked up by anybody: the longest label that a name may have is shorter.
    await send(`https://${"x".repeat(64)}.example/`, {}, "{}");
    expect(bySystem).not.toHaveBeenCalled();
  },
);

describe("in one's own network", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dag-names-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function namesOf({ hosts = "", resolver = "" }) {
    const files = { hosts: join(folder, "hosts"), resolver: join(folder, "resolv.conf") };
    await writeFile(files.hosts, hosts);
    await writeFile(files.resolver, resolver);
    return readLocalNames(files);
  }

  it("the hosts file counts, and the machine's own name", async () => {
    const names = await namesOf({
      hosts: "# 10.0.0.1 not\n10.0.0.7 Hooks hooks.lan # here\nfd00::7 hooks\n",
    });
    expect(await names.addressesOf("hooks")).toEqual([
      { address: "10.0.0.7", family: 4 },
      { address: "fd00::7", family: 6 },
    ]);
    expect(await names.addressesOf("not")).toEqual([]);
    expect(await names.addressesOf("localhost")).toContainEqual({ address: "127.0.0.1", family: 4 });
    const nowhere = readLocalNames({ hosts: join(folder, "none"), resolver: join(folder, "none") });
    expect(await nowhere.addressesOf("hooks")).toEqual([]);
    expect(await nowhere.candidatesOf("hooks")).toEqual(["hooks"]);
  });

  it("short names are looked for in the domains that the machine searches", async () => {
    const searching = await namesOf({
      resolver: "nameserver 10.0.0.2\nsearch a.local b.local.\noptions ndots:2\n",
    });
    expect(await searching.candidatesOf("hooks.team")).toEqual([
      "hooks.team.a.local",
      "hooks.team.b.local",
      "hooks.team",
    ]);
    expect(await searching.candidatesOf("hooks.team.org")).toEqual([
      "hooks.team.org",
      "hooks.team.org.a.local",
      "hooks.team.org.b.local",
    ]);
    expect(await searching.candidatesOf("hooks.")).toEqual(["hooks."]);
  });

  it("a receiver is found by a name of the hosts file, and by one that only DNS servers know", async () => {
    const port = await receive((_, response) => response.writeHead(204).end());
    const dnsServer = await startNameServer();
    const local = await namesOf({ hosts: "127.0.0.1 mute-hooks\n", resolver: "search lan\n" });
    const resolve = resolveByServers([dnsServer.address], local);
    const send = createSender({ allowPrivate: true, timeoutMs: 10_000, resolve });
    expect(await send(`http://mute-hooks:${port}/`, {}, "{}")).toEqual({ status: 204 });
    expect(await send(`http://elsewhere:${port}/`, {}, "{}")).toEqual({ status: 204 });
    dnsServer.close();
  });
});

it("waits for no name whose server does not answer when it looks up another", async () => {
  const names = await startNameServer();
  const send = createSender({
    allowPrivate: false,
    timeoutMs: 2_000,
    resolve: resolveByServers([names.address]),
  });
  let ended = 0;
  const mute = Array.from({ length: 20 }, (_, n) =>
    send(`https://mute${n}.example/`, {}, "{}").finally(() => ended++),
  );
  const found = { error: "hooks.example leads to no public address" };
  expect(await send("https://hooks.example/", {}, "{}")).toEqual(found);
  expect(ended).toBe(0);
  for (const outcome of await Promise.all(mute))
    expect(outcome).toEqual({ error: "no whole answer within 2000 ms" });
  names.close();
});
