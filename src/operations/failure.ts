import { ArtifactError } from "../artifacts/artifact.js";
import { StoreError } from "../artifacts/artifact-store.js";
import type { FailureCode } from "../db/enums.js";
import { EngineError } from "../engines/engine.js";

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** What users are told of a failed step. Only the typed errors' messages are shown; others may name anything. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ArtifactError)
    return { code: "ARTIFACT_DAMAGED", message: error.message, retryable: false };
  if (error instanceof StoreError) {
    const code = error.code === "OUT_OF_SPACE" ? "OUT_OF_SPACE" : "STORE_UNAVAILABLE";
    return { code, message: error.message, retryable: true };
  }
  if (error instanceof EngineError) {
    if (error.code === "OUT_OF_SPACE")
      return { code: "OUT_OF_SPACE", message: error.message, retryable: true };
    if (error.code === "CORRUPT")
      return { code: "ARTIFACT_DAMAGED", message: error.message, retryable: false };
    return { code: "ENGINE_UNAVAILABLE", message: error.message, retryable: true };
  }
  return {
    code: "INTERNAL",
    message: "Something unexpected went wrong; the service's log has the details.",
    retryable: true,
  };
}
