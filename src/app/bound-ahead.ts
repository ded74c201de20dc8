import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Party } from "./bound-connections.js";

/** Requests that a connection may send ahead of their answers. */
const mostAhead = 16;
/** Requests of one network's strangers that begin in a turn: many connections cost those whom we know no more than a few. */
const mostOfStrangers = 8;
/** The same of strangers of all networks: who has thousands of addresses costs them no more. */
const mostOfAllStrangers = 32;
/**
 * The same of those whom we know as one project's. As a connection begins one in a turn, who works over no more connections than
 * this is never held back; of more, the rest begin in the next turn, which comes at once.
 */
const mostOfProject = 32;
/** A turn that takes longer holds what is dear: of who waits for the next, that one begins fewer, for others to come in between. */
const longTurnMs = 10;
const mostAfterLong = 8;

interface Line {
  readonly socket: Socket;
  /** Requests without an answer. */
  ahead: number;
  /** Those of them that have not begun. */
  readonly waiting: (() => void)[];
  /** One has begun in this turn, or will in one of the next. */
  moving: boolean;
}

/** What a party has begun in this turn, and who of it must wait for the next: nobody as long as it may begin more. */
interface Pace {
  readonly isKnown: boolean;
  readonly usual: number;
  /** In this turn. */
  most: number;
  begun: number;
  readonly queue: Line[];
}

/**
 * Bounds what one connection, and one party's connections together, can have done at once. Node hears all that has come over a
 * connection before it turns to the next, and begins each request as it hears it, so that a crowd of connections that all send
 * at once would have everybody wait for all of it. Of one connection one request begins in a turn of the event loop, of one
 * party a few, and who sends more ahead of their answers than any client needs is let go. `stopwatch` tells milliseconds.
 */
export function createBoundAhead(
  partyOf: (connection: Socket) => Party,
  stopwatch: () => number,
): (request: IncomingMessage, response: ServerResponse, begin: () => void) => void {
  const lines = new WeakMap<Socket, Line>();
  const paces = new Map<string, Pace>();
  let answered: Line[] = [];
  let begun: Line[] = [];
  let turnedAt = stopwatch();
  let strangersBegun = 0;
  const mayBegin = (pace: Pace) =>
    pace.begun < pace.most && (pace.isKnown || strangersBegun < mostOfAllStrangers);
  /** However soon one was answered, not before others have had their turn. */
  function turn(): void {
    const [left, moving] = [answered, begun];
    [answered, begun] = [[], []];
    const now = stopwatch();
    const isLong = now - turnedAt > longTurnMs;
    turnedAt = now;
    strangersBegun = 0;
    for (const line of left) line.ahead--;
    for (const [name, pace] of paces) {
      pace.begun = 0;
      pace.most = isLong ? mostAfterLong : pace.usual;
      if (pace.queue.length === 0) paces.delete(name);
    }
    for (const [name, pace] of [...paces]) {
      let next = 0;
      for (; mayBegin(pace) && next < pace.queue.length; next++) move(pace.queue[next]!);
      if (next === 0) continue;
      pace.queue.splice(0, next);
      // Behind those who have had no turn yet.
      paces.delete(name);
      paces.set(name, pace);
    }
    for (const line of moving) move(line);
  }
  function atNextTurn(list: Line[], line: Line): void {
    if (answered.length + begun.length === 0) setImmediate(turn);
    list.push(line);
  }
  function paceOf({ name, isKnown }: Party): Pace {
    const usual = isKnown ? mostOfProject : mostOfStrangers;
    const pace = paces.get(name) ?? { isKnown, usual, most: usual, begun: 0, queue: [] };
    paces.set(name, pace);
    return pace;
  }
  function move(line: Line): void {
    const { socket, waiting } = line;
    // Who has left keeps nobody waiting.
    if (socket.destroyed) waiting.length = 0;
    line.moving = waiting.length > 0;
    if (!line.moving) return;
    // Asked anew each time: by what has begun before, a stranger may have become known.
    const pace = paceOf(partyOf(socket));
    if (!mayBegin(pace)) return void pace.queue.push(line);
    pace.begun++;
    if (!pace.isKnown) strangersBegun++;
    atNextTurn(begun, line);
    waiting.shift()?.();
  }
  return ({ socket }, response, begin) => {
    const line = lines.get(socket) ?? { socket, ahead: 0, waiting: [], moving: false };
    lines.set(socket, line);
    if (++line.ahead > mostAhead) return void socket.destroy();
    response.once("close", () => atNextTurn(answered, line));
    line.waiting.push(begin);
    if (!line.moving) move(line);
  };
}
