import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection without a client: what is sent is what stands here, and nothing is read that is not asked for. */
export async function openRaw(url: string, head: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(head);
  return socket;
}

/** A WebSocket that has been accepted and whose client reads nothing from then on. */
export async function openRawWebSocket(url: string, path = "/graphql"): Promise<Socket> {
  const socket = await openRaw(
    url,
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString().startsWith("HTTP/1.1 101")) throw new Error(`refused: ${answer.toString()}`);
  socket.pause();
  return socket;
}

/** A frame as clients send them: final, masked, here with a mask of zeros, which changes nothing. */
export function frame(opcode: "text" | "binary" | "ping", payload: string | Buffer): Buffer {
  const data = Buffer.from(payload);
  const first = 0x80 | { text: 1, binary: 2, ping: 9 }[opcode];
  const length = data.length < 126 ? Buffer.from([0x80 | data.length]) : Buffer.alloc(3);
  if (data.length >= 126) {
    length[0] = 0x80 | 126;
    length.writeUInt16BE(data.length, 1);
  }
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), data]);
}
