import { and, eq, inArray, sql } from "drizzle-orm";
import type { Artifacts } from "../artifacts/artifact.js";
import type { Clock } from "../clock.js";
import type { Database, Transaction } from "../db/client.js";
import type { FailureCode, OperationPhase } from "../db/enums.js";
import { operations } from "../db/tables/index.js";
import type { Engine } from "../engines/engine.js";
import type { EventBus } from "../events/event-bus.js";
import type { RetentionTable } from "../snapshots/retention.js";
import type { OperationRow } from "./action.js";
import { unfinished } from "./request-operation.js";

/** What jobs need; the composition root fills it. */
export interface WorkContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly policy: RetentionTable;
  readonly artifacts: Artifacts;
  /** The driver of that name. */
  engine(name: string): Engine;
  /** How long a download link lives, in milliseconds. */
  readonly exportLifetimeMs: number;
}

/** The operation has been taken up by a later worker: this one must not store anything more. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}
/** Somebody asked to cancel it while it could still be undone. */
export class CanceledError extends Error {
  override readonly name = "CanceledError";
}

/** At most ten stored changes a second. */
const storeEveryMs = 100;

/** One worker's hold on one operation: every store is fenced by its attempt. */
export class Work {
  readonly #abort = new AbortController();
  readonly signal: AbortSignal;
  #phase: OperationPhase = "PREPARING";
  #bytesDone = 0;
  #lastStoredAt = 0;
  #saving: Promise<void> | undefined;
  readonly #copyingSince: number;

  constructor(
    readonly context: WorkContext,
    readonly operation: OperationRow,
    stop: AbortSignal,
  ) {
    this.signal = AbortSignal.any([stop, this.#abort.signal]);
    this.#copyingSince = context.clock.now().getTime();
    this.#bytesDone = operation.bytesDone;
  }

  get attempt(): number {
    return this.operation.attempt;
  }

  /** Stores the phase at once. Throws CanceledError where a cancel came first, so that SWITCHING is never entered after one. */
  async enter(phase: OperationPhase): Promise<void> {
    await this.#saving;
    this.signal.throwIfAborted();
    this.#phase = phase;
    await this.#store();
  }

  /** Notes bytes done; stores now and then. Never decreases. */
  readonly report = (bytesDone: number): void => {
    this.#bytesDone = Math.max(this.#bytesDone, bytesDone);
    const now = this.context.clock.now().getTime();
    if (this.#saving || now - this.#lastStoredAt < storeEveryMs) return;
    this.#saving = this.#store()
      .catch((error: unknown) => this.#abort.abort(error))
      .finally(() => (this.#saving = undefined));
  };

  async #store(): Promise<void> {
    const now = this.context.clock.now().getTime();
    this.#lastStoredAt = now;
    const total = this.operation.bytesTotal;
    const share = total ? Math.min(1, this.#bytesDone / total) : 0;
    const elapsed = now - this.#copyingSince;
    const eta = share > 0.01 ? Math.round((elapsed * (1 - share)) / share / 1000) : null;
    await this.context.db.transaction(async (tx) => {
      const row = await this.#update(tx, {
        phase: this.#phase,
        bytesDone: sql`greatest(${operations.bytesDone}, ${this.#bytesDone})` as never,
        percent: sql`greatest(${operations.percent}, ${share * 99}::double precision)` as never,
        etaSeconds: eta,
      });
      if (row.status === "CANCELING") throw new CanceledError("canceled on request");
    });
  }

  async #update(tx: Transaction, values: Partial<typeof operations.$inferInsert>): Promise<OperationRow> {
    const [row] = await tx
      .update(operations)
      .set({ ...values, revision: sql`${operations.revision} + 1` })
      .where(
        and(
          eq(operations.id, this.operation.id),
          eq(operations.attempt, this.attempt),
          inArray(operations.status, [...unfinished]),
        ),
      )
      .returning();
    if (!row) throw new FencedError("a later worker has taken this operation up");
    const { id, instanceId, revision } = row;
    await this.context.events.publish(tx, { topic: "operation", id, instanceId, revision });
    return row;
  }

  /**
   * Ends the operation as SUCCEEDED in one transaction with what makes it true. A cancel that came first wins
   * by rolling all of it back.
   */
  async succeed(effect: (tx: Transaction, now: Date) => Promise<void>): Promise<void> {
    await this.#saving;
    await this.context.db.transaction(async (tx) => {
      const now = this.context.clock.now();
      const [current] = await tx
        .select()
        .from(operations)
        .where(eq(operations.id, this.operation.id))
        .for("update");
      if (current?.status === "CANCELING") throw new CanceledError("canceled on request");
      await this.#update(tx, {
        status: "SUCCEEDED",
        phase: "DONE",
        percent: 100,
        etaSeconds: null,
        finishedAt: now,
      });
      await effect(tx, now);
    });
  }

  /** Ends it as FAILED or CANCELED in one transaction with what undoes it. */
  async end(
    outcome:
      { status: "CANCELED" } | { status: "FAILED"; code: FailureCode; message: string; retryable: boolean },
    effect: (tx: Transaction, now: Date) => Promise<void>,
  ): Promise<void> {
    await this.#saving;
    await this.context.db.transaction(async (tx) => {
      const now = this.context.clock.now();
      const failure =
        outcome.status === "FAILED"
          ? {
              failureCode: outcome.code,
              failureMessage: outcome.message,
              failureRetryable: outcome.retryable,
            }
          : {};
      await this.#update(tx, { status: outcome.status, ...failure, etaSeconds: null, finishedAt: now });
      await effect(tx, now);
    });
  }
}
