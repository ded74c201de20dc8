import { connect, type Socket } from "node:net";
import { EngineError, type EngineErrorCode } from "../engine.js";
import { type ChildAnswer, type ChildRequest, readFrames, sendFrame } from "./frames.js";

/** The engine's process went away under a request. */
export class ConnectionLost extends Error {
  /** Whether the request is known not to have run, and how many statements of this connection were under way with it. */
  constructor(
    readonly ran: "no" | "unknown",
    readonly statements: number,
  ) {
    super("The engine's process is gone.");
  }
}

interface Waiting {
  readonly op: ChildRequest["op"];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One connection of this process to the child that owns a generation. */
export class ChildConnection {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private bye = false;
  private lostNow: () => void = () => undefined;
  /** Resolves when it can carry nothing new. */
  readonly lost = new Promise<void>((resolve) => (this.lostNow = resolve));
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

  /** Whether the process has said that it ends. */
  foretold = false;

  /**
   * Throws ConnectionLost, or the child's error as an EngineError. An abort asks the child to call it off, which answers
   * CANCELED when the engine's work on it has ended, or as if nothing had been said where it was too late.
   */
  async request<T>(
    op: ChildRequest["op"],
    fields: Partial<ChildRequest> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) throw new EngineError("CANCELED", "Canceled before it began.");
    if (this.closed) throw new ConnectionLost("no", 0);
    const id = ++this.lastId;
    const abort = () => this.send({ op: "cancel", target: id, id: ++this.lastId });
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        this.waiting.set(id, { op, resolve: (value) => resolve(value as T), reject });
        this.send({ ...fields, id, op });
      });
    } finally {
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
    const statements = [...this.waiting.values()].filter(({ op }) => op === "query").length;
    const error = new ConnectionLost(this.bye ? "no" : "unknown", statements);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.lostNow();
  }

  private take(answer: ChildAnswer): void {
    this.foretold ||= answer.bye ?? answer.told ?? false;
    if (answer.bye) {
      this.bye = true;
      this.closed = true;
      this.lostNow();
      return;
    }
    const waiting = this.waiting.get(answer.id ?? 0);
    if (answer.error) waiting?.reject(engineError(answer.error));
    else waiting?.resolve(answer.value);
  }
}

type Patterns = readonly (readonly [RegExp, EngineErrorCode])[];

/** By the beginnings of Ladybug's messages where it can be: what follows may quote what a tenant wrote. */
const patterns: Patterns = [
  [/^parser exception/i, "SYNTAX"],
  [
    /^parameter |^cannot convert JavaScript |ANY type\. This should not happen|UNREACHABLE_CODE/i,
    "PARAMETER",
  ],
  [
    /^(conversion|overflow) exception|^binder exception: .*has data type|^binder exception: .*cast/is,
    "CONSTRAINT",
  ],
  [/^runtime exception: .*(duplicated primary key|violat|constraint|has connected edges)/is, "CONSTRAINT"],
  [/^(binder|catalog|connection) exception/i, "SYNTAX"],
  [/^interrupted|^buffer manager exception/i, "LIMIT"],
];

/** What a statement meets has its own beginning, and may say any of this, in a tenant's words: `error('corrupt')`. */
const ofTheMachine: Patterns = [
  [/unable to allocate memory|bad_alloc|maximum size of the database/i, "LIMIT"],
  [/no space left|disk quota|ENOSPC|EDQUOT/i, "OUT_OF_SPACE"],
  [
    /corrupt|checksum|not a valid|cannot read checkpoint|past the end of the file|storage version/i,
    "CORRUPT",
  ],
];

/** What Ladybug says of a value that a statement meets, and of hardly anything else once the data is open. */
const evaluation: Patterns = [[/^runtime exception/i, "EVALUATION"]];

/** What the message of a statement means; or of a start, where no statement had a say. */
export function engineError(error: NonNullable<ChildAnswer["error"]>, isStart = false): EngineError {
  const all = [...patterns, ...(isStart ? [] : evaluation), ...ofTheMachine];
  const known = all.find(([pattern]) => pattern.test(error.message))?.[1];
  const code = known ?? (isStart ? "UNAVAILABLE" : "OTHER");
  return new EngineError((error.code as EngineErrorCode | undefined) ?? code, error.message, {
    outcomeUnknown: error.outcomeUnknown ?? false,
  });
}
