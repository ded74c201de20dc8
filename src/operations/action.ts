import type { operations } from "../db/tables/index.js";
import type { Database } from "../db/client.js";
import type { Clock } from "../clock.js";
import type { NewId } from "../ids.js";
import type { JobQueue } from "../jobs/job-queue.js";
import type { EventBus } from "../events/event-bus.js";
import type { Eligibility } from "../snapshots/eligibility.js";
import type { RetentionTable } from "../snapshots/retention.js";
import type { Location } from "../instances/placement.js";
import type { InvalidInput, NotFound, QuotaExceeded } from "../errors.js";

export type OperationRow = typeof operations.$inferSelect;

/** What every use case that starts work needs; the composition root fills it. */
export interface ActionContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly jobs: JobQueue;
  readonly events: EventBus;
  readonly policy: RetentionTable;
  readonly locations: readonly Location[];
  /** The driver that new instances get. */
  readonly engineName: string;
}

export type ActionError =
  | InvalidInput
  | NotFound
  | QuotaExceeded
  | {
      readonly kind: "NotEligible";
      readonly message: string;
      readonly path: readonly string[];
      readonly eligibility: Eligibility;
    }
  | {
      readonly kind: "InstanceBusy";
      readonly message: string;
      readonly path: readonly string[];
      readonly blocking: OperationRow;
    }
  | {
      readonly kind: "IdempotencyConflict";
      readonly message: string;
      readonly path: readonly string[];
      readonly original: OperationRow;
    };

/** What a mutation that starts work answers: its operation, or why not; never both. */
export type ActionResult =
  | { readonly operation: OperationRow; readonly replayed: boolean; readonly errors: readonly [] }
  | {
      readonly operation?: undefined;
      readonly replayed: false;
      readonly errors: readonly [ActionError, ...ActionError[]];
    };
