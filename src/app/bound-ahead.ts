import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests that a connection may send ahead of their answers. */
const mostAhead = 64;

/**
 * Lets a connection go that sends requests without waiting for answers, beyond what any client needs. Node hears all that has
 * come over one connection, up to two megabytes, before it turns to the next: of short requests that is tens of thousands,
 * for which everybody else would wait. Answers whether the request is to be answered.
 */
export function createBoundAhead(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const ahead = new WeakMap<Socket, number>();
  let answered: Socket[] = [];
  const leave = () => {
    const left = answered;
    answered = [];
    for (const socket of left) ahead.set(socket, (ahead.get(socket) ?? 1) - 1);
  };
  return ({ socket }, response) => {
    // What came with those that were too many.
    if (socket.destroyed) return false;
    const count = (ahead.get(socket) ?? 0) + 1;
    if (count > mostAhead) {
      socket.destroy();
      return false;
    }
    ahead.set(socket, count);
    // However soon it was answered, not before others have had their turn.
    response.once("close", () => {
      if (answered.push(socket) === 1) setImmediate(leave);
    });
    return true;
  };
}
