import {
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { ArtifactError, type ArtifactRef, type ArtifactSubject } from "./artifact.js";
import type { ArtifactStore } from "./artifact-store.js";
import type { KeyWrapper } from "./key-wrapper.js";
import type { PageRecord } from "./pages.js";
import { deriveObjectKey } from "./sealing.js";
import { readObject } from "./stored-objects.js";

export const formatVersion = 2;
export interface PartRecord {
  readonly name: string;
  readonly sizeBytes: number;
  /** One for each `pageBytes` of the part; they follow one another in `data`, part by part. */
  readonly pages: readonly PageRecord[];
}
export interface Manifest {
  readonly format: number;
  readonly subject: Omit<ArtifactSubject, "takenAt"> & { readonly takenAt: string };
  readonly form: "image" | "increment";
  readonly base?: { readonly snapshotId: string; readonly sha256: string };
  readonly mark?: string;
  readonly wrappedKey: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly parts: readonly PartRecord[];
}
export interface OpenedArtifact {
  readonly key: string;
  readonly sha256: string;
  /** What seals the object `data`. */
  readonly objectKey: Buffer;
  readonly manifest: Manifest;
}

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const macOf = (dataKey: Uint8Array | KeyObject, text: string) =>
  createHmac("sha256", Buffer.from(hkdfSync("sha256", dataKey, "", "daguerre manifest v1", 32)))
    .update(text)
    .digest();

/** The manifest's bytes: JSON in an envelope, beside the HMAC in hex of that JSON as it stands there. */
export function writeManifest(dataKey: Uint8Array, manifest: Manifest): Buffer {
  const text = JSON.stringify(manifest);
  return Buffer.from(`{"manifest":${text},"hmac":"${macOf(dataKey, text).toString("hex")}"}`);
}

const envelope = /^\{"manifest":(\{.*\}),"hmac":"([0-9a-f]{64})"\}$/s;

export async function openManifest(
  store: ArtifactStore,
  wrapper: KeyWrapper,
  ref: ArtifactRef,
): Promise<OpenedArtifact> {
  const bytes = await readObject(store, `${ref.key}manifest.json`);
  if (sha256(bytes) !== ref.sha256)
    throw new ArtifactError("DAMAGED", `the manifest of ${ref.key} was altered`);
  const [, text, hmac] = envelope.exec(bytes.toString()) ?? [];
  if (text === undefined || hmac === undefined)
    throw new ArtifactError("DAMAGED", `the manifest of ${ref.key} is none`);
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== formatVersion)
    throw new ArtifactError(
      "UNSUPPORTED",
      `${ref.key} has the format ${manifest.format}, not ${formatVersion}`,
    );
  const { wrappedKey, subject } = manifest;
  const dataKey = createSecretKey(await wrapper.unwrap(wrappedKey, { snapshotId: subject.snapshotId }));
  if (!timingSafeEqual(Buffer.from(hmac, "hex"), macOf(dataKey, text)))
    throw new ArtifactError("DAMAGED", `the manifest of ${ref.key} is not authentic`);
  return { key: ref.key, sha256: ref.sha256, objectKey: deriveObjectKey(dataKey, "data"), manifest };
}
