import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Answers a request that does not become a socket, and lets its connection go. After an upgrade nobody else does: ended on
 * our side alone, it would stay for as long as the client likes. One that does not even take the answer has `withinMs`.
 */
export function refuseUpgrade(socket: Duplex, status: string, text: string, withinMs: number): void {
  socket.once("finish", () => socket.destroy());
  if (socket instanceof Socket) socket.setTimeout(withinMs, () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
  );
}
