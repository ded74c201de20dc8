import type { Readable } from "node:stream";
import type { ByteReader } from "../byte-reader.js";
import type { MajorVersion } from "../db/enums.js";

/**
 * What the rest of the house knows of an artifact: how to write one, verify one, read a chain of them
 * back as layers, and turn a FULL into the one file that is an export. How it looks inside is
 * `docs/artifact-format.md`. Implemented by `createArtifacts` in this folder.
 */
export interface Artifacts {
  /**
   * Writes a capture under `key` (a prefix of object keys that ends in "/"), which must be new. The manifest comes
   * last: an artifact without a manifest does not exist. With `base`, an image is stored as the blocks that
   * differ from the base's. Sources are pulled as fast as the store takes them; memory stays constant, whatever the
   * sizes. A source that ends before or after its `sizeBytes` fails the write.
   */
  write(request: WriteArtifact, options?: ArtifactOptions): Promise<WrittenArtifact>;

  /** Reads every object of the artifact and authenticates every byte. Throws ArtifactError. */
  verify(artifact: ArtifactRef, options?: ArtifactOptions): Promise<void>;

  /**
   * The data of a snapshot as the engine's layers, from its chain (oldest first, the FULL at [0]). All
   * objects of the chain are verified before the first layer is yielded, and every byte again as it is read.
   */
  read(chain: readonly ArtifactRef[], options?: ArtifactOptions): AsyncIterable<ArtifactLayer>;

  /** The sizes that a restore of this chain will read and write, from its manifests alone. */
  measure(chain: readonly ArtifactRef[]): Promise<{ sizeBytes: number; storedBytes: number }>;

  /** Makes the one export file of a FULL (or of a chain), sealed at rest under `key`. */
  writeExport(request: WriteExport, options?: ArtifactOptions): Promise<WrittenExport>;

  /** Opens a range of an export's plain bytes. */
  openExport(file: ExportRef, range?: { start: number; length: number }): Promise<Readable>;

  /**
   * Everything in the store below the prefix, whole or not, in key order and constant memory. What no row of the database
   * names is an orphan, or the beginning of something that is being written: its age tells which.
   */
  list(prefix: string): AsyncIterable<ListedArtifact>;

  /** Removes an artifact or an export. Idempotent. */
  remove(key: string): Promise<void>;
}

export interface ArtifactOptions {
  readonly signal?: AbortSignal;
  /** Called with the plain bytes done so far; never decreases. */
  readonly onProgress?: (bytesDone: number) => void;
}

/** Names an artifact and pins its content. */
export interface ArtifactRef {
  readonly key: string;
  /** SHA-256 (hex) of its manifest, as the database recorded it. */
  readonly sha256: string;
}

export interface ListedArtifact {
  /** As `write` or `writeExport` was given it; `remove` takes it. */
  readonly key: string;
  /** An artifact without a manifest is BROKEN: still being written, or what a killed process left. */
  readonly kind: "ARTIFACT" | "BROKEN" | "EXPORT";
  readonly storedBytes: number;
  /** When its youngest object was published. */
  readonly modifiedAt: Date;
}

export interface SourcePart {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  open(): Readable;
  /** Instead of `open`, where the bytes can be had without a stream. */
  openReader?(): Promise<ByteReader>;
}

export interface ArtifactLayer {
  readonly form: "image" | "increment";
  readonly parts: AsyncIterable<SourcePart>;
}

export interface ArtifactSubject {
  readonly snapshotId: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly version: MajorVersion;
  readonly engine: string;
  readonly engineVersion: string;
  readonly takenAt: Date;
}

export interface WriteArtifact {
  readonly key: string;
  readonly subject: ArtifactSubject;
  readonly form: "image" | "increment";
  readonly parts: readonly SourcePart[];
  /** The driver's mark of this capture, kept in the manifest. */
  readonly mark?: string;
  readonly base?: ArtifactRef;
}

export interface WrittenArtifact {
  readonly sha256: string;
  /** The bytes of data that a restore writes. */
  readonly sizeBytes: number;
  /** The bytes that this artifact alone occupies in the store. */
  readonly storedBytes: number;
}

export interface WriteExport {
  readonly chain: readonly ArtifactRef[];
  readonly key: string;
}

export interface ExportRef {
  readonly key: string;
  readonly wrappedKey: string;
  readonly sizeBytes: number;
}

export interface WrittenExport extends ExportRef {
  /** SHA-256 (hex) of the plain file that a client downloads. */
  readonly sha256: string;
}

export type ArtifactErrorCode =
  /** A size, digest, tag or structure is not what was written. */
  | "DAMAGED"
  /** An object of the artifact is not in the store. */
  | "MISSING"
  /** The master key at hand does not open it. */
  | "WRONG_KEY"
  /** Written in another format than this code reads. */
  | "UNSUPPORTED"
  /** What worked on it ended before it was done. That says nothing of the artifact: ask again. */
  | "INTERRUPTED"
  | "CANCELED";

export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
  constructor(
    readonly code: ArtifactErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
