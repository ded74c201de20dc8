import type { Transaction } from "../db/client.js";
import type { Work } from "./work.js";

/** One kind of operation as its worker sees it. Both functions are idempotent. */
export interface OperationJob {
  /** Does the work and ends with `work.succeed`. */
  run(work: Work): Promise<void>;
  /** Removes what `run` may have left outside the database; called before a failure or a cancel is stored. */
  undo(work: Work): Promise<void>;
  /** Puts the rows back, in the transaction that stores the failure or the cancel. */
  revert(work: Work, tx: Transaction, now: Date, status: "FAILED" | "CANCELED"): Promise<void>;
}
