import type { Readable } from "node:stream";
import type { ByteReader } from "../byte-reader.js";
import type { MajorVersion } from "../db/enums.js";

/**
 * The contract between Daguerre and whatever holds an instance's data.
 *
 * A driver keeps *generations* of an instance's data side by side and never decides which of them is
 * live: the caller names the generation in every call. A restore stages the next generation, and one
 * database transaction elsewhere makes it the instance. So a driver needs no atomic switch of its own,
 * and a crash at any point leaves only generations that nobody names, which `drop` removes.
 *
 * What a driver may differ in, and callers must not assume: how many files, databases, processes or
 * machines a generation is, whether it can be copied while it runs, what form a copy has (an image of files,
 * a dump, a backup that the engine's own tools made), whether copies can build on one another, and whether
 * statements travel over a pipe or a network. Several processes of the service may use one driver's data at
 * the same time, each with an object of its own; what one holds or retires, all see.
 *
 * Whatever a method throws is an {@link EngineError}, never an error of a socket, a file or a library.
 * `docs/engines.md` tells how to write a driver, `test/conformance/engine.suite.ts` is this contract as a
 * suite; every driver must pass it.
 */
export interface Engine {
  /** The driver's name, as `Instance.engine` shows it. */
  readonly name: string;

  readonly traits: EngineTraits;

  /** The version of the engine that serves instances of this major version, e.g. "0.19.1". */
  version(version: MajorVersion): Promise<string>;

  /**
   * Resolves where instances could be served here now; otherwise throws (UNAVAILABLE, OUT_OF_SPACE): an operator is told, and
   * requests go elsewhere. An engine that is busy is ready. Asked often, so what is costly to find out is found out once.
   */
  ready(): Promise<void>;

  /** Makes an empty generation, durable when this resolves. Idempotent: an existing one is left as it is. */
  create(generation: Generation, options?: CallOptions): Promise<void>;

  /**
   * Removes a generation with everything that belongs to it, ending its processes. Idempotent, also
   * for a generation that never existed or was half made. Queries under way fail with UNAVAILABLE or NOT_FOUND.
   */
  drop(generation: Generation): Promise<void>;

  /** Every generation that occupies space here, whole or half made: what a sweep compares with the database. */
  list(): Promise<GenerationId[]>;

  /**
   * What is known of a generation without opening it, whole or half made; undefined where there is nothing. An operator
   * is told of it, and a sweep leaves alone what was changed lately.
   */
  inspect(generation: GenerationId): Promise<GenerationFootprint | undefined>;

  /**
   * Runs one statement. Writes of a generation run one after another in the order of their arrival,
   * beside any number of reads, which never wait for writes or holds. A write is durable when this
   * resolves: kill -9 the next instant must not lose it. Not idempotent. Where the outcome of a write is
   * unknown (its process died in the middle, or it was abandoned there) the error's `outcomeUnknown` is
   * true; every other error means that the statement changed nothing, also LIMIT of a write whose answer
   * was too long. An abort of the signal fails it with CANCELED: at once and with nothing changed if it still waits
   * for its turn; under way, the driver ends the engine's work on it where it can, and the call ends when that work has:
   * the caller reckons by it what a statement takes.
   */
  query(generation: Generation, statement: Statement, options?: CallOptions): Promise<QueryResult>;

  /** What the generation occupies, in bytes. */
  sizeBytes(generation: Generation): Promise<number>;

  /**
   * Opens a consistent copy of the data as of one instant. What `traits.consistentPoint` says waits for it;
   * once this resolves the generation serves as before, while the parts are read. An engine that can only be
   * copied while it is stopped is therefore stopped, copied to a place of the driver's own, and started again
   * in here. The caller reads every part once, calls `finish`, and always `release`.
   * With `since`, a driver whose `traits.increments` is true may answer an increment on that mark. Any driver
   * may always answer an image: marks are hints, which a driver may forget, and which mean nothing in another generation.
   */
  capture(generation: Generation, options?: CaptureOptions): Promise<Capture>;

  /**
   * Builds a generation from the layers of a snapshot, oldest first; durable and closed when it
   * resolves. Whatever stood there before is replaced, wholly and at the end: a call that fails or is killed leaves
   * what stood there, or nothing. Idempotent. The first layer is an image; the others are increments of the
   * driver's own making. Layers are read once, in order, one part after another. They may come from an
   * instance of an earlier major version, whose data the driver then migrates: what it needs to know for
   * that, it puts into the parts when it captures. CORRUPT if the layers are not what it captured, as far as it sees;
   * what the layers themselves throw while they are read passes through as it is.
   */
  stage(generation: Generation, layers: AsyncIterable<Layer>, options?: CallOptions): Promise<void>;

  /** Opens a staged generation and asks the engine whether it is sound. Throws an {@link EngineError} (CORRUPT) where not. */
  check(generation: Generation, options?: CallOptions): Promise<void>;

  /**
   * Makes writes to the generation wait, once those already begun are done. Reads go on. Writes that
   * arrive while held wait in order; at `resume` they run, at `retire` they fail with
   * code MOVED having changed nothing, so that the caller sends them to the generation that took its place. If the
   * holder's process dies, the hold ends by itself.
   */
  holdWrites(generation: Generation, options?: CallOptions): Promise<WriteHold>;

  /** Closes everything this object holds open, and refuses every later call (UNAVAILABLE). Data stays. Idempotent. */
  close(): Promise<void>;
}

export interface EngineTraits {
  /** What waits while `capture` is called: "online": writers, for an instant. "stopped": reads too, for as long as a copy takes. */
  readonly consistentPoint: "online" | "stopped";
  /** Whether `capture({ since })` may answer an increment that only this driver can apply. */
  readonly increments: boolean;
  /** Major versions it can hold. */
  readonly versions: readonly MajorVersion[];
}

export interface GenerationId {
  /** The instance's id, a UUID. */
  readonly instanceId: string;
  /** 1 for the first; each restore adds one or more. */
  readonly number: number;
}

export interface GenerationFootprint {
  /** All that `drop` would free. */
  readonly sizeBytes: number;
  /** When its youngest part was written, by the clock of the place that keeps it. */
  readonly changedAt: Date;
}

export interface Generation extends GenerationId {
  readonly version: MajorVersion;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** On whose behalf: where an engine is short of room, who has little of it goes before who has much. */
  readonly party?: string;
}

export interface Statement {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** READ promises that nothing is written; such a statement is refused (FORBIDDEN_STATEMENT) if it would. Default: WRITE. */
  readonly access?: "READ" | "WRITE";
}

/**
 * Values are JSON values, `bigint` for integers beyond 2^53, and the graph values below. What JSON has no word for is text:
 * dates, times and durations as ISO 8601, points as WKT, bytes as base64, NaN and the infinities by name.
 */
export interface QueryResult {
  readonly fields: readonly string[];
  readonly values: readonly (readonly unknown[])[];
  /** Whether the engine ran it as a write. */
  readonly wrote: boolean;
}

/** How drivers return nodes and relationships: the words of Neo4j's HTTP Query API. */
export interface NodeValue {
  readonly elementId: string;
  readonly labels: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}
export interface RelationshipValue {
  readonly elementId: string;
  readonly startNodeElementId: string;
  readonly endNodeElementId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A path: its nodes and relationships by turns, beginning and ending with a node. */
export type PathValue = readonly (NodeValue | RelationshipValue)[];

/** `image`: all of the data. `increment`: what is new since a mark, in a form that only the driver understands. */
export type LayerForm = "image" | "increment";

export interface Part {
  /** A plain file name ([a-z0-9._-]), unique within its layer. */
  readonly name: string;
  /** Undefined where only the end of the stream tells. */
  readonly sizeBytes: number | undefined;
  /** Called once. */
  open(): Readable;
  /** Instead of `open`, where the bytes can be had without a stream. */
  openReader?(): Promise<ByteReader>;
}

export interface Layer {
  readonly form: LayerForm;
  /** In the order of their capture. */
  readonly parts: AsyncIterable<Part>;
}

export interface CaptureOptions extends CallOptions {
  /** The `mark` of the capture on which an increment may build. */
  readonly since?: string;
  /**
   * Whether a later capture may build on this one. A driver that must keep something for that (an engine's own backup
   * files, say) keeps it for the latest such capture of a generation alone.
   */
  readonly asBase?: boolean;
}

export interface Capture {
  readonly form: LayerForm;
  readonly parts: readonly Part[];
  /** The instant of the consistent point, by the driver's clock: every write that was answered before it is in the copy. */
  readonly takenAt: Date;
  /** How long writers had to wait for it, in milliseconds. */
  readonly pausedMs: number;
  /** What a later capture may name as `since`; opaque, at most 1 KiB. Absent without `asBase`. */
  readonly mark?: string;
  /** Resolves if all that was read belongs to that one instant; throws (UNAVAILABLE) if the point was lost meanwhile. */
  finish(): Promise<void>;
  /** Frees what the capture holds. Idempotent. */
  release(): Promise<void>;
}

export interface WriteHold {
  /** Lets waiting writes run. Idempotent; nothing after `retire`. */
  resume(): Promise<void>;
  /** Ends the generation's service: waiting and later writes fail with MOVED. Idempotent; nothing after `resume`. */
  retire(): Promise<void>;
}

export type EngineErrorCode =
  /** The statement does not parse or names what does not exist. */
  | "SYNTAX"
  /** It would break a constraint, or a value has the wrong type. */
  | "CONSTRAINT"
  /** It fails on a value that it meets: a division by zero, a place behind the end of a list. */
  | "EVALUATION"
  /** Parameters are missing or cannot be represented. */
  | "PARAMETER"
  /** It is not allowed here: it reaches files, other databases, transactions or the engine's own settings. */
  | "FORBIDDEN_STATEMENT"
  /** It ran longer, or answered more, than is allowed. */
  | "LIMIT"
  /** The generation has been retired; send it to the one that took its place. */
  | "MOVED"
  /** No such generation. */
  | "NOT_FOUND"
  /** The process is gone or did not start in time; retry. */
  | "UNAVAILABLE"
  /** The engine's process ended because of it, and would again. */
  | "CRASHED"
  | "OUT_OF_SPACE"
  /** The data is not what the engine wrote. */
  | "CORRUPT"
  | "CANCELED"
  | "OTHER";

export class EngineError extends Error {
  override readonly name = "EngineError";
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly options: { readonly outcomeUnknown?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
  }
  get outcomeUnknown(): boolean {
    return this.options.outcomeUnknown ?? false;
  }
}
