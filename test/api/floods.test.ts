import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Authenticate } from "../../src/api/identify.js";
import { frame, openRaw, openRawWebSocket } from "../support/raw-socket.js";
import { type Edge, startEdge } from "./edge.js";

/** Much that is small, sent at once over one connection: nobody else waits until all of it has been heard. */

let edge: Edge;
let heard: number[] = [];
let probes = 0;
/** Turns of the event loop, in each of which every connection may have its own. */
let turn = 0;
let ticking = setImmediate(() => undefined);
const tick = () => {
  turn++;
  ticking = setImmediate(tick);
};

beforeAll(async () => {
  const viewer = { keyId: "k", keyName: "k", role: "VIEWER", expiresAt: null };
  // Every key has a project of its own.
  const authenticate = (key: string) => {
    heard.push(turn);
    return Promise.resolve({ ...viewer, projectId: key });
  };
  const check = () => {
    probes++;
    return Promise.resolve({ ready: true, parts: {} });
  };
  edge = await startEdge({
    authenticate: authenticate as unknown as Authenticate,
    readiness: { check, retire: () => undefined },
  });
  tick();
});
beforeEach(() => {
  heard = [];
  probes = 0;
});
afterAll(async () => {
  clearImmediate(ticking);
  await edge.close();
});

/** Until the other side has let the connection go; what it said. */
async function read(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (data: Buffer) => (text += data.toString()));
  socket.resume();
  // Not by `once`, which takes a reset for a failure.
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}
const countOf = (text: string, part: string) => text.split(part).length - 1;

const probe = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n";

describe("requests that are sent ahead of their answers", () => {
  const last = "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  it("are answered, as far as clients send them", async () => {
    const said = await read(await openRaw(edge.url, probe.repeat(15) + last));
    expect(countOf(said, "HTTP/1.1 200")).toBe(16);
  });

  it("cost the connection where they are more", async () => {
    await read(await openRaw(edge.url, probe.repeat(5000)));
    expect(probes).toBeLessThan(16);
  });

  it.each([
    ["without a Host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request", "Host"],
    [
      "that expect what nobody does",
      "GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n",
      "417 Expectation Failed",
      "100-continue",
    ],
  ])(
    "cost the connection too %s, which Node would refuse by itself",
    async (_which, request, status, word) => {
      const refused = await read(await openRaw(edge.url, request));
      expect(refused).toContain(`HTTP/1.1 ${status}`);
      // In our words: so it has stood in line.
      expect(refused).toContain(word);
      const said = await read(await openRaw(edge.url, request.repeat(5000)));
      expect(countOf(said, "HTTP/1.1")).toBeLessThan(16);
    },
  );

  it("are not those that wait for the answer before", async () => {
    const socket = await openRaw(edge.url, "");
    for (let time = 0; time < 200; time++) {
      socket.write(probe);
      await once(socket, "data");
    }
    socket.destroy();
    expect(probes).toBe(200);
  });
});

it("a project's crowd that asks at once leaves another project its turn", async () => {
  const query = '{"query":"{ viewer { role } }"}';
  const request = (key: string) =>
    `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`;
  async function known(key: string): Promise<Socket> {
    const socket = await openRaw(edge.url, request(key));
    await once(socket.resume(), "data");
    return socket;
  }
  const crowd = await Promise.all(Array.from({ length: 640 }, () => known("a")));
  const other = await known("b");
  const answers = crowd.map((socket) => once(socket, "data"));
  for (const socket of crowd) socket.write(probe);
  while (probes === 0) await new Promise((resolve) => setImmediate(resolve));
  // All that the crowd asks is there by now.
  other.write(request("b"));
  await once(other, "data");
  expect(probes).toBeLessThan(crowd.length);
  await Promise.all(answers);
  expect(probes).toBe(crowd.length);
  for (const socket of [...crowd, other]) socket.destroy();
});

describe("the messages of a socket", () => {
  const init = frame("text", '{"type":"connection_init","payload":{"Authorization":"Bearer k"}}');
  const subscribe = (id: number) =>
    frame("text", `{"type":"subscribe","id":"${id}","payload":{"query":"{ viewer { role } }"}}`);
  const invalid = frame("text", "{}");

  async function acknowledged(): Promise<Socket> {
    const socket = await openRawWebSocket(edge.url);
    socket.write(init);
    await once(socket.resume(), "data");
    return socket;
  }

  it("are heard one in a turn, however many came at once", async () => {
    const socket = await acknowledged();
    heard = [];
    socket.write(Buffer.concat([...Array(50).keys()].map(subscribe)));
    while (heard.length < 50) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect(new Set(heard).size).toBeGreaterThan(45);
  });

  it("are heard by nobody once it is being closed", async () => {
    const socket = await acknowledged();
    heard = [];
    // The last is the client's word that it closes too.
    const close = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);
    socket.write(Buffer.concat([invalid, subscribe(1), subscribe(2), close]));
    await read(socket);
    expect(heard).toEqual([]);
  });
});

describe("a body in pieces", () => {
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n` +
    "Connection: close\r\n\r\n";
  const inPieces = (text: string) => [...text].map((one) => `1\r\n${one}\r\n`).join("");

  it.each(["/graphql", "/graphql/stream", "/db/ins_x/query/v2"])(
    "of single bytes is given up, at %s",
    async (path) => {
      // Not ended: only who gives it up comes to an end.
      const socket = await openRaw(edge.url, head(path) + inPieces(" ".repeat(5000)));
      expect(await read(socket)).toBe("");
    },
  );

  it("is given up too where nobody asks for it", async () => {
    const socket = await openRaw(edge.url, head("/livez").replace("Connection: close\r\n", ""));
    const said = read(socket);
    socket.write(inPieces(" ".repeat(5000)));
    expect(await said).toContain("HTTP/1.1 200");
  });

  it("is taken where it is one of a client's that writes as it goes", async () => {
    const body = `{"query":"{ viewer { role } }"${" ".repeat(900)}}`;
    const socket = await openRaw(edge.url, `${head("/graphql")}${inPieces(body)}0\r\n\r\n`);
    expect(await read(socket)).toContain("HTTP/1.1 200");
  });
});
