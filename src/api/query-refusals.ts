import type { EngineError, EngineErrorCode } from "../engines/engine.js";

/** What a client is told in place of an answer. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Words {
  readonly status: number;
  readonly code: string;
  /** In place of the engine's own, where that would name the machine's files; and the operator is told. */
  readonly message?: string;
}
const words = (status: number, code: string, message?: string): Words => ({
  status,
  code,
  ...(message !== undefined && { message }),
});

/** Engine errors in the words of Neo4j, whose clients decide by them whether to retry. OTHER is nobody's word. */
const refusals: Readonly<Record<Exclude<EngineErrorCode, "OTHER">, Words>> = {
  SYNTAX: words(400, "Neo.ClientError.Statement.SyntaxError"),
  CONSTRAINT: words(400, "Neo.ClientError.Schema.ConstraintValidationFailed"),
  EVALUATION: words(400, "Neo.ClientError.Statement.ArgumentError"),
  PARAMETER: words(400, "Neo.ClientError.Statement.ParameterMissing"),
  FORBIDDEN_STATEMENT: words(403, "Neo.ClientError.Security.Forbidden"),
  LIMIT: words(400, "Neo.ClientError.Statement.ExecutionFailed"),
  NOT_FOUND: words(404, "Neo.ClientError.Database.DatabaseNotFound"),
  MOVED: words(503, "Neo.TransientError.General.DatabaseUnavailable"),
  UNAVAILABLE: words(503, "Neo.TransientError.General.DatabaseUnavailable"),
  CRASHED: words(500, "Neo.DatabaseError.General.UnknownError"),
  CANCELED: words(503, "Neo.TransientError.Transaction.Terminated"),
  OUT_OF_SPACE: words(
    507,
    "Neo.DatabaseError.Transaction.TransactionLogError",
    "There is no space left for the instance's data, and nothing was changed",
  ),
  CORRUPT: words(
    500,
    "Neo.DatabaseError.General.StorageDamageDetected",
    "The instance's data is damaged: restore one of its snapshots",
  ),
};
/** A client retries what is transient by itself; it must not repeat a write that may have happened. */
const unknownOutcome = words(500, "Neo.DatabaseError.Statement.ExecutionFailed");
export const unexpected = words(
  500,
  "Neo.DatabaseError.General.UnknownError",
  "Something went wrong on our side",
);

/** Undefined where it is told as `unexpected`. */
export const wordsOf = (error: EngineError): Words | undefined =>
  error.code === "OTHER" ? undefined : error.outcomeUnknown ? unknownOutcome : refusals[error.code];
