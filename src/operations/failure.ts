import { ArtifactError } from "../artifacts/artifact.js";
import { StoreError } from "../artifacts/artifact-store.js";
import type { FailureCode } from "../db/enums.js";
import { hasLostRace } from "../db/lost-races.js";
import { EngineError } from "../engines/engine.js";

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** What users are told of a failed step. Only the typed errors' messages are shown; others may name anything. */
export function describeFailure(error: unknown): Failure {
  if (isOutOfSpace(error)) {
    const message = "There is no space left for the data; free some and ask again.";
    return { code: "OUT_OF_SPACE", message, retryable: true };
  }
  if (error instanceof ArtifactError) return describeArtifactError(error);
  if (error instanceof StoreError)
    return { code: "STORE_UNAVAILABLE", message: error.message, retryable: true };
  if (error instanceof EngineError) {
    if (error.code === "CORRUPT")
      return { code: "ARTIFACT_DAMAGED", message: error.message, retryable: false };
    if (error.code === "LIMIT") return { code: "TIMED_OUT", message: error.message, retryable: true };
    return { code: "ENGINE_UNAVAILABLE", message: error.message, retryable: true };
  }
  return {
    code: "INTERNAL",
    message: "Something unexpected went wrong; the service's log has the details.",
    retryable: true,
  };
}

function describeArtifactError(error: ArtifactError): Failure {
  const { code, message } = error;
  if (code === "DAMAGED" || code === "MISSING")
    return { code: "ARTIFACT_DAMAGED", message, retryable: false };
  // The artifact is sound, as far as is known: another key, a newer version of the service, or another try reads it.
  return { code: "INTERNAL", message, retryable: true };
}

/** Whether the same step may go well a moment later without anybody's doing. */
export function isTransient(error: unknown): boolean {
  const { code } = describeFailure(error);
  const isInterrupted = error instanceof ArtifactError && error.code === "INTERRUPTED";
  return (
    isInterrupted ||
    code === "ENGINE_UNAVAILABLE" ||
    code === "STORE_UNAVAILABLE" ||
    isDatabaseLoss(error) ||
    hasLostRace(error)
  );
}

function causesOf(error: unknown): (Error & { readonly code?: unknown })[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** Said by a store, an engine, or the file system beneath either. */
function isOutOfSpace(error: unknown): boolean {
  const codes = new Set<unknown>(["OUT_OF_SPACE", "ENOSPC", "EDQUOT"]);
  return causesOf(error).some((each) => codes.has(each.code));
}

/** Postgres went away in the middle: classes 08 and 57P of its codes, or the words of its driver. */
function isDatabaseLoss(error: unknown): boolean {
  return causesOf(error).some(
    (each) => /^(08|57P)/.test(String(each.code)) || each.message.includes("Connection terminated"),
  );
}
