import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createSender, resolveByServers, type Resolve } from "../../src/webhooks/send-request.js";

const servers: Server[] = [];
afterEach(() => {
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
