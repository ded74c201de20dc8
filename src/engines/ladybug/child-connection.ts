import { connect, type Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import { EngineError, type EngineErrorCode } from "../engine.js";

/** What a request that got no answer is known to have done. */
export class ConnectionLost extends Error {
  constructor(readonly ran: "no" | "unknown") {
    super("The engine's process is gone.");
  }
}

interface Answer {
  readonly id?: number;
  readonly bye?: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code?: string; readonly message: string };
}
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One connection of this process to the child that owns a generation. Frames: 4 bytes of length, then v8's serialisation. */
export class ChildConnection {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private bye = false;
  closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => this.read(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.lose());
  }

  static open(path: string): Promise<ChildConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => resolve(new ChildConnection(socket)));
    });
  }

  /** Throws ConnectionLost, or the child's error as an EngineError. */
  request<T>(op: string, fields: object = {}): Promise<T> {
    if (this.closed) return Promise.reject(new ConnectionLost("no"));
    const id = ++this.lastId;
    const body = serialize({ ...fields, id, op });
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      this.socket.write(Buffer.concat([head, body]));
    });
  }

  close(): void {
    this.socket.destroy();
    this.lose();
  }

  private lose(): void {
    this.closed = true;
    for (const { reject } of this.waiting.values()) reject(new ConnectionLost(this.bye ? "no" : "unknown"));
    this.waiting.clear();
  }

  private read(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    while (this.buffer.length >= 4 && this.buffer.length >= 4 + this.buffer.readUInt32BE(0)) {
      const end = 4 + this.buffer.readUInt32BE(0);
      const answer = deserialize(this.buffer.subarray(4, end)) as Answer;
      this.buffer = this.buffer.subarray(end);
      if (answer.bye) {
        this.bye = true;
        this.closed = true;
      }
      const waiting = this.waiting.get(answer.id ?? 0);
      this.waiting.delete(answer.id ?? 0);
      if (answer.error) waiting?.reject(engineError(answer.error));
      else waiting?.resolve(answer.value);
    }
  }
}

const patterns: readonly (readonly [RegExp, EngineErrorCode])[] = [
  [/interrupted|timeout/i, "LIMIT"],
  [/no space|disk full/i, "OUT_OF_SPACE"],
  [/corrupt|checksum|not a valid/i, "CORRUPT"],
  [/parameter/i, "PARAMETER"],
  [/duplicate|primary key|constraint|violat|conversion exception|has data type|cast/i, "CONSTRAINT"],
  [/parser exception|binder exception|catalog exception|does not exist/i, "SYNTAX"],
];

export function engineError(error: { readonly code?: string; readonly message: string }): EngineError {
  const code = patterns.find(([pattern]) => pattern.test(error.message))?.[1] ?? "OTHER";
  return new EngineError((error.code as EngineErrorCode | undefined) ?? code, error.message);
}
