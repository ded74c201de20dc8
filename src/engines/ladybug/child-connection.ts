import { connect, type Socket } from "node:net";
import { EngineError, type EngineErrorCode } from "../engine.js";
import { type ChildAnswer, type ChildRequest, readFrames, sendFrame } from "./frames.js";

/** The engine's process went away under a request. */
export class ConnectionLost extends Error {
  /** Whether the request is known not to have run. */
  constructor(readonly ran: "no" | "unknown") {
    super("The engine's process is gone.");
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long the engine's process may take to confirm that it has called something off. */
const cancelMs = 5_000;

/** One connection of this process to the child that owns a generation. */
export class ChildConnection {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private bye = false;
  closed = false;

  private constructor(private readonly socket: Socket) {
    readFrames(socket, (message) => this.take(message as ChildAnswer));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.lose());
  }

  /** Rejects with the socket's own error where nobody listens there. */
  static open(path: string): Promise<ChildConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => resolve(new ChildConnection(socket)));
    });
  }

  /**
   * Throws ConnectionLost, or the child's error as an EngineError. An abort asks the child to call it off, which answers
   * CANCELED, or as if nothing had been said where it was too late.
   */
  async request<T>(
    op: ChildRequest["op"],
    fields: Partial<ChildRequest> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) throw new EngineError("CANCELED", "Canceled before it began.");
    if (this.closed) throw new ConnectionLost("no");
    const id = ++this.lastId;
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      this.send({ op: "cancel", target: id, id: ++this.lastId });
      const silent = new EngineError("CANCELED", "Canceled.", { outcomeUnknown: fields.mayWrite ?? false });
      timer = setTimeout(() => this.waiting.get(id)?.reject(silent), cancelMs);
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        this.waiting.set(id, { resolve: (value) => resolve(value as T), reject });
        this.send({ ...fields, id, op });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.waiting.delete(id);
    }
  }

  close(): void {
    this.socket.destroy();
    this.lose();
  }

  private send(request: ChildRequest): void {
    sendFrame(this.socket, request);
  }

  private lose(): void {
    this.closed = true;
    for (const { reject } of this.waiting.values()) reject(new ConnectionLost(this.bye ? "no" : "unknown"));
    this.waiting.clear();
  }

  private take(answer: ChildAnswer): void {
    if (answer.bye) {
      this.bye = true;
      this.closed = true;
      return;
    }
    const waiting = this.waiting.get(answer.id ?? 0);
    if (answer.error) waiting?.reject(engineError(answer.error));
    else waiting?.resolve(answer.value);
  }
}

/** By the beginnings of Ladybug's messages where it can be: what follows may quote what a tenant wrote. */
const patterns: readonly (readonly [RegExp, EngineErrorCode])[] = [
  [/^parser exception/i, "SYNTAX"],
  [/^parameter |ANY type\. This should not happen|UNREACHABLE_CODE/i, "PARAMETER"],
  [
    /^(conversion|overflow) exception|^binder exception: .*has data type|^binder exception: .*cast/is,
    "CONSTRAINT",
  ],
  [/^runtime exception: .*(duplicated primary key|violat|constraint|has connected edges)/is, "CONSTRAINT"],
  [/^(binder|catalog|connection) exception/i, "SYNTAX"],
  [
    /^interrupted|^buffer manager exception|unable to allocate memory|bad_alloc|maximum size of the database/i,
    "LIMIT",
  ],
  [/no space left|disk quota|ENOSPC|EDQUOT/i, "OUT_OF_SPACE"],
  [
    /corrupt|checksum|not a valid|cannot read checkpoint|past the end of the file|storage version/i,
    "CORRUPT",
  ],
];

/** What Ladybug says of a value that a statement meets, and of hardly anything else. */
const evaluation = /^runtime exception/i;

export function engineError(
  error: NonNullable<ChildAnswer["error"]>,
  otherwise: EngineErrorCode = evaluation.test(error.message) ? "EVALUATION" : "OTHER",
): EngineError {
  const code = patterns.find(([pattern]) => pattern.test(error.message))?.[1] ?? otherwise;
  return new EngineError((error.code as EngineErrorCode | undefined) ?? code, error.message, {
    outcomeUnknown: error.outcomeUnknown ?? false,
  });
}
