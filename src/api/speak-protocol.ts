import { CloseCode, type Server } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Limits } from "../config/limits.js";
import type { CameFrom } from "./identify.js";

export interface SocketExtra {
  readonly socket: WebSocket;
  readonly from: CameFrom;
  /** How many bytes the message has that is being heard; known in the turn in which it is. */
  hearing(): number;
  /** For what is written already; within the same bound as all else. */
  send(text: string): void;
}

export interface SpeakParts {
  readonly limits: Pick<Limits, "socketBufferBytes" | "socketPingMs">;
  /** A reader that was too slow has been let go. */
  readonly onDropped: () => void;
  /** A fault of ours; answers the id under which it is logged. */
  readonly onFault: (error: unknown) => string;
}

/** What RFC 6455's registry says to a client that shall come again after a while. */
export const tryAgainLater = 1013;

/**
 * Lets a socket speak the protocol that graphql-ws keeps, and bounds what it may cost. What its client has not
 * read is held for it up to a bound, which is looked at before each message: so at most the bound and one message
 * more. Operations wait until what they sent is on its way. A client that does not answer a ping before the next is
 * gone, or stalled, and is let go too.
 */
export function speakProtocol(
  protocol: Server<SocketExtra>,
  { limits, onDropped, onFault }: SpeakParts,
  socket: WebSocket,
  from: CameFrom,
): void {
  let dropped = false;
  const drop = () => {
    if (dropped) return;
    dropped = true;
    onDropped();
    socket.terminate();
  };
  const isFull = () => socket.bufferedAmount > limits.socketBufferBytes;

  const send = (text: string, onSent?: () => void) => {
    if (isFull()) drop();
    // Whoever sends to a socket that is gone hears of it by its end.
    if (socket.readyState !== socket.OPEN) return onSent?.();
    socket.send(text, onSent && (() => onSent()));
  };

  let bytes = 0;
  let answered = true;
  const pings = setInterval(() => {
    if (!answered) return drop();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, limits.socketPingMs);
  socket.on("pong", () => (answered = true));
  // What breaks the framing, or is too large, ws answers itself with the code that says so.
  socket.on("error", () => undefined);

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => new Promise<void>((resolve) => send(text, resolve)),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (hear) =>
        socket.on("message", (data: Buffer, isBinary) => {
          // What is still sent to a socket that is being closed is heard by nobody.
          if (socket.readyState !== socket.OPEN) return;
          if (isBinary) return socket.close(CloseCode.BadRequest, "Messages are text.");
          bytes = data.length;
          hear(data.toString()).catch((error: unknown) => {
            if (isMisdirected(error)) socket.close(CloseCode.BadRequest, "Only servers send this.");
            else socket.close(tryAgainLater, `Something went wrong on our side; request ${onFault(error)}.`);
          });
        }),
    },
    { socket, from, send, hearing: () => bytes },
  );
  socket.once("close", (code, reason) => {
    clearInterval(pings);
    void Promise.resolve(closed(code, reason.toString())).catch(onFault);
  });
}

/** What graphql-ws throws at a message that is well-formed and none of a client's: `next`, say. */
const isMisdirected = (error: unknown) =>
  error instanceof Error && error.message.startsWith("Unexpected message of type");
