import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests that a connection may send ahead of their answers. */
const mostAhead = 16;
/** Requests of one network's strangers that begin in a turn: many connections cost those whom we know no more than a few. */
const mostOfStrangers = 8;

interface Line {
  readonly socket: Socket;
  /** Requests without an answer. */
  ahead: number;
  /** Those of them that have not begun. */
  readonly waiting: (() => void)[];
  /** One has begun in this turn, or will in the next. */
  moving: boolean;
}

/**
 * Bounds what one connection can have done at once. Node hears all that has come over a connection before it turns to the next,
 * and begins each request as it hears it, so that a crowd of connections that all send ahead would have everybody wait for
 * all of it. Of one connection one request begins in a turn of the event loop, and who sends more ahead of their answers
 * than any client needs is let go. `strangerFrom` tells the network of who is no better known than by that.
 */
export function createBoundAhead(
  strangerFrom: (connection: Socket) => string | undefined,
): (request: IncomingMessage, response: ServerResponse, begin: () => void) => void {
  const lines = new WeakMap<Socket, Line>();
  let answered: Line[] = [];
  let begun: Line[] = [];
  /** In this turn, by network. */
  const ofStrangers = new Map<string, number>();
  /** However soon one was answered, not before others have had their turn. */
  function turn(): void {
    const [left, moving] = [answered, begun];
    [answered, begun] = [[], []];
    ofStrangers.clear();
    for (const line of left) line.ahead--;
    for (const line of moving) move(line);
  }
  function atNextTurn(list: Line[], line: Line): void {
    if (answered.length + begun.length === 0) setImmediate(turn);
    list.push(line);
  }
  function mayBegin({ socket }: Line): boolean {
    const network = strangerFrom(socket);
    if (network === undefined) return true;
    const count = (ofStrangers.get(network) ?? 0) + 1;
    if (count <= mostOfStrangers) ofStrangers.set(network, count);
    return count <= mostOfStrangers;
  }
  function move(line: Line): void {
    if (line.waiting.length > 0 && !mayBegin(line)) {
      line.moving = true;
      return atNextTurn(begun, line);
    }
    const begin = line.waiting.shift();
    line.moving = begin !== undefined;
    if (!begin) return;
    atNextTurn(begun, line);
    begin();
  }
  return ({ socket }, response, begin) => {
    const line = lines.get(socket) ?? { socket, ahead: 0, waiting: [], moving: false };
    lines.set(socket, line);
    if (++line.ahead > mostAhead) return void socket.destroy();
    response.once("close", () => atNextTurn(answered, line));
    line.waiting.push(() => socket.destroyed || begin());
    if (!line.moving) move(line);
  };
}
