import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";

/** What the service and the engine's process say to each other: 4 bytes of length, then v8's serialisation. */
export function sendFrame(socket: Socket, message: unknown): void {
  if (socket.destroyed) return;
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  socket.cork();
  socket.write(head);
  socket.write(body);
  socket.uncork();
}

/** Calls back for each whole message. Large ones are joined once, when they are complete. */
export function readFrames(socket: Socket, onMessage: (message: unknown) => void): void {
  let chunks: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    while (length >= wanted) {
      const bytes = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
      chunks = [bytes];
      const end = 4 + bytes.readUInt32BE(0);
      wanted = end;
      if (length < end) return;
      chunks = [bytes.subarray(end)];
      length -= end;
      wanted = 4;
      onMessage(deserialize(bytes.subarray(4, end)));
    }
  });
}

/** What the service asks of the engine's process. */
export interface ChildRequest {
  readonly id: number;
  readonly op:
    | "ping"
    | "query"
    | "cancel"
    | "capture"
    | "captureNoted"
    | "captureCheck"
    | "hold"
    | "resume"
    | "retire"
    | "leaveIfIdle"
    | "end";
  readonly text?: string;
  readonly parameters?: Record<string, unknown>;
  /** Whether the statement may be a write: only those go to the writers' queue. */
  readonly mayWrite?: boolean;
  readonly access?: "READ" | "WRITE";
  /** cancel: the request that is meant. */
  readonly target?: number;
}

export interface ChildSettings {
  readonly idleAfterMs: number;
  readonly bufferPoolBytes: number;
  readonly maxDbSizeBytes: number;
  readonly checkpointWalBytes: number;
  readonly queryTimeoutMs: number;
  readonly maxResultRows: number;
  readonly maxResultBytes: number;
}

export interface ChildAnswer {
  readonly id?: number;
  /** The process leaves: what it has not answered has not run. */
  readonly bye?: boolean;
  /** It ends at once, since somebody has told it to. */
  readonly told?: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code?: string; readonly message: string; readonly outcomeUnknown?: boolean };
}
