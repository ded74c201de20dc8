import { IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Requests that a connection may send ahead of their answers. */
const mostAhead = 16;

interface Line {
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
 * than any client needs is let go.
 */
export function createBoundAhead(): (
  request: IncomingMessage,
  response: ServerResponse,
  begin: () => void,
) => void {
  const lines = new WeakMap<Socket, Line>();
  let answered: Line[] = [];
  let begun: Line[] = [];
  /** However soon one was answered, not before others have had their turn. */
  function turn(): void {
    const [left, moving] = [answered, begun];
    [answered, begun] = [[], []];
    for (const line of left) line.ahead--;
    for (const line of moving) move(line);
  }
  function atNextTurn(list: Line[], line: Line): void {
    if (answered.length + begun.length === 0) setImmediate(turn);
    list.push(line);
  }
  function move(line: Line): void {
    const begin = line.waiting.shift();
    line.moving = begin !== undefined;
    if (!begin) return;
    atNextTurn(begun, line);
    begin();
  }
  return ({ socket }, response, begin) => {
    const line = lines.get(socket) ?? { ahead: 0, waiting: [], moving: false };
    lines.set(socket, line);
    if (++line.ahead > mostAhead) return void socket.destroy();
    response.once("close", () => atNextTurn(answered, line));
    line.waiting.push(() => socket.destroyed || begin());
    if (!line.moving) move(line);
  };
}

const asked = Symbol("asks for another protocol");

/**
 * A request of a connection that has been let go ends the hearing of what came with it, of short requests thousands, each of
 * which takes Node longer to make than to refuse: the parser goes no further behind one that asks for another protocol.
 */
export class HeardMessage extends IncomingMessage {
  declare [asked]: boolean | null;

  get upgrade(): boolean | null {
    return this.socket.destroyed || this[asked];
  }

  /** Node's own word for it. */
  set upgrade(value: boolean | null) {
    this[asked] = value;
  }
}
