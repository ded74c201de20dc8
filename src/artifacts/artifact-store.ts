import type { Readable } from "node:stream";
import type { ByteReader } from "../byte-reader.js";

/**
 * The contract between Daguerre and the place that keeps bytes: named, immutable objects. It knows
 * nothing of snapshots or encryption; whatever reaches it is sealed already. That an object is not there is said only of
 * a place that is there itself: where it is not (a disk that is not mounted), everything fails with UNAVAILABLE.
 * `test/conformance/artifact-store.suite.ts` is this contract as a suite; every store must pass it.
 */
export interface ArtifactStore {
  /** The store's name, for messages: "filesystem", "s3". */
  readonly name: string;

  /**
   * Writes an object whole or not at all: bytes go to a temporary place, are made durable, and only
   * then appear under the key. A failed or aborted put leaves nothing that `open`, `stat` or `list`
   * shows. An existing key is never replaced: StoreError ALREADY_EXISTS. The source is pulled no faster than it is written.
   * A chunk is the store's only until it asks for the next one: who keeps it, copies it.
   */
  put(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options?: { signal?: AbortSignal },
  ): Promise<StoredObject>;

  /**
   * Reads an object, or `length` bytes from `start` of it. Throws StoreError NOT_FOUND before the stream is returned.
   * A range that passes the end is a StoreError OUT_OF_RANGE.
   */
  open(key: string, range?: { start: number; length: number }): Promise<Readable>;

  /**
   * Like `open`, for a store that can fill memory of the caller's without a stream. Of a range that passes the
   * object's end, the reader gives what there is.
   */
  openReader?(key: string, range: { start: number; length: number }): Promise<ByteReader>;

  /** Undefined where there is none. */
  stat(key: string): Promise<StoredObject | undefined>;

  /**
   * Every published object whose key begins with the prefix, in key order, found as it is asked for: memory stays
   * constant. An object that is published or removed meanwhile may be shown or not. `modifiedAt` is when it was published
   * or shortly before, so that a sweeper can leave alone what is young.
   */
  list(prefix: string): AsyncIterable<StoredObject & { key: string; modifiedAt: Date }>;

  /** Removes an object. Idempotent. */
  remove(key: string): Promise<void>;

  /** Removes every object below the prefix, which ends in "/". Idempotent; interrupted, it can be called again. */
  removeAll(prefix: string): Promise<void>;

  /** Removes what interrupted puts left behind, if last touched before the given instant. Returns how many. */
  sweepTemporary(before: Date): Promise<number>;

  /** Throws a StoreError if the store cannot be written to now. */
  check(): Promise<void>;
}

export interface StoredObject {
  readonly sizeBytes: number;
}

export type StoreErrorCode =
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "OUT_OF_RANGE"
  /** The key is empty, absolute, has `.` or `..` as a segment, or a character outside [A-Za-z0-9._/-]. */
  | "INVALID_KEY"
  | "OUT_OF_SPACE"
  /** Everything else that the place says; usually worth a retry. */
  | "UNAVAILABLE";

export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Throws INVALID_KEY where a key is not one; every store refuses the same ones. */
export function checkKey(key: string): void {
  const good = key
    .split("/")
    .every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && segment !== "." && segment !== "..");
  if (!good) throw new StoreError("INVALID_KEY", `not a key: ${JSON.stringify(key)}`);
}

/** Throws OUT_OF_RANGE where an object of that size does not have the range. */
export function checkRange(key: string, sizeBytes: number, range: { start: number; length: number }): void {
  const end = range.start + range.length;
  if (range.start < 0 || range.length < 0 || end > sizeBytes)
    throw new StoreError("OUT_OF_RANGE", `${key} has ${sizeBytes} bytes; ${range.start} to ${end} asked`);
}
