/**
 * Clients of a bench, in a process of their own: bare sockets that speak as much WebSocket and graphql-transport-ws as they
 * need, so that reading costs little beside what is measured. Told what to do, and answers, over IPC.
 */
import { connect, type Socket } from "node:net";

export interface Connect {
  readonly port: number;
  readonly key: string;
  readonly query: string;
  /** The variables of each client, one after another. */
  readonly variables: readonly object[];
  readonly clients: number;
}
export type Command = { readonly connect: Connect } | { readonly expect: string };
export type Answer = { readonly done: string; readonly failed?: string };

/** What the parent wants every client to have received, the number that has, and what came first. */
let expected = "";
let due = 0;
let received = 0;
const sockets: Socket[] = [];

const answer = (message: Answer) => process.send!(message);
const fail = (message: string) => answer({ done: "", failed: message });

/** A frame as clients send it; the mask is zero, which leaves the payload as it is. */
function frame(text: string, opcode = 1): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length, 0, 0, 0, 0])
      : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

function open({ port, key, query }: Connect, variables: object, id: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let upgraded = false;
    let heard = "";
    let rest: Buffer | undefined;

    function read(chunk: Buffer): void {
      let at = 0;
      if (!upgraded) {
        const end = chunk.indexOf("\r\n\r\n");
        if (end < 0 || !chunk.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101")))
          return reject(new Error(`no upgrade: ${chunk.toString().slice(0, 200)}`));
        upgraded = true;
        at = end + 4;
        const payload = { Authorization: `Bearer ${key}` };
        socket.write(frame(JSON.stringify({ type: "connection_init", payload })));
      }
      while (at < chunk.length) {
        const short = chunk[at + 1]! & 127;
        const head = short < 126 ? 2 : 4;
        const length = short < 126 ? short : chunk.length >= at + 4 ? chunk.readUInt16BE(at + 2) : Infinity;
        const end = at + head + length;
        if (Number.isNaN(end) || end > chunk.length) break;
        hear(chunk[at]! & 15, chunk.subarray(at + head, end));
        at = end;
      }
      // The buffer is used again for the next socket.
      rest = at < chunk.length ? Buffer.from(chunk.subarray(at)) : undefined;
    }

    function hear(opcode: number, payload: Buffer): void {
      if (opcode === 9) {
        socket.write(frame(payload.toString(), 10));
        return;
      }
      if (opcode === 8) {
        fail(`closed: ${payload.subarray(2).toString()}`);
        return;
      }
      const start = payload.toString("latin1", 0, 80);
      if (start.includes('"connection_ack"')) {
        socket.write(frame(JSON.stringify({ id, type: "subscribe", payload: { query, variables } })));
      } else if (start.includes('"next"')) {
        resolve(socket);
        if (!expected) return;
        // Whatever else came would have been told twice, or instead of what is waited for.
        if (!payload.includes(expected)) fail(`unexpected: ${payload.toString()}`);
        if (heard === expected) fail(`once too often: ${payload.toString()}`);
        heard = expected;
        received++;
        if (received === due) answer({ done: String(process.hrtime.bigint()) });
      } else fail(`unexpected: ${payload.toString()}`);
    }

    const socket = connect({
      port,
      host: "127.0.0.1",
      onread: {
        buffer: shared,
        callback(size, buffer) {
          const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, size);
          read(rest ? Buffer.concat([rest, chunk]) : chunk);
          return true;
        },
      },
    });
    socket.on("error", reject);
    socket.setNoDelay(true);
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n` +
        `Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
  });
}
const shared = Buffer.alloc(65_536);

async function openAll(wanted: Connect): Promise<void> {
  const lanes = 100;
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < wanted.clients) {
        const index = next++;
        const variables = wanted.variables[index % wanted.variables.length]!;
        // As graphql-ws's client makes them: of another value, and as long.
        sockets.push(await open(wanted, variables, crypto.randomUUID()));
      }
    }),
  );
}

process.on("message", (command: Command) => {
  if ("expect" in command) {
    expected = command.expect;
    received = 0;
    due = sockets.length;
    answer({ done: "" });
  } else
    openAll(command.connect).then(
      () => answer({ done: "" }),
      (error: unknown) => fail(String(error)),
    );
});
process.on("disconnect", () => process.exit(0));
