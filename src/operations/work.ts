import { and, eq, inArray, sql } from "drizzle-orm";
import { hasPassed } from "../clock.js";
import type { Transaction } from "../db/client.js";
import type { FailureCode, OperationPhase, OperationStatus } from "../db/enums.js";
import { operations } from "../db/tables/index.js";
import type { CallOptions } from "../engines/engine.js";
import type { OperationRow } from "./action.js";
import { describeProgress, reportEveryMs } from "./progress.js";
import { unfinished } from "./request-operation.js";
import type { WorkContext } from "./work-context.js";

/** The operation has ended, or a later worker has taken it up: this one must not store anything more. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}
/** Somebody asked to cancel it while it could still be undone. */
export class CanceledError extends Error {
  override readonly name = "CanceledError";
}

export type Outcome =
  | { readonly status: "CANCELED" }
  | {
      readonly status: "FAILED";
      readonly code: FailureCode;
      readonly message: string;
      readonly retryable: boolean;
    };

/** Where it can still succeed. */
const going = unfinished.filter((status) => status !== "CANCELING");

/** One worker's hold on one operation: every store is fenced by its attempt. */
export class Work {
  readonly #abort = new AbortController();
  /** Aborted with a CanceledError or a FencedError as its reason, or because the process is stopping. */
  readonly signal: AbortSignal;
  #phase: OperationPhase = "PREPARING";
  /** The latest that this worker stored. */
  #revision: number;
  #bytesTotal: number | null;
  #bytesDone = 0;
  #copyingSince: number;
  #lastStoredAt: number;
  #saving: Promise<void> | undefined;

  constructor(
    readonly context: WorkContext,
    readonly operation: OperationRow,
    stop: AbortSignal,
  ) {
    this.signal = AbortSignal.any([stop, this.#abort.signal]);
    this.#copyingSince = this.#lastStoredAt = this.#now();
    this.#bytesTotal = operation.bytesTotal;
    this.#revision = operation.revision;
  }

  /**
   * What calls of an engine are told: room that it needs for them counts as the project's. Else a project that takes many
   * snapshots would go before others in a statement's wait for room, as if each of its instances were somebody else's.
   */
  get call(): CallOptions {
    return { signal: this.signal, party: this.operation.projectId };
  }

  get attempt(): number {
    return this.operation.attempt;
  }

  /**
   * Aborts the signal as soon as somebody cancels the operation or a later worker takes it up, however
   * long the step at hand says nothing. Answers a function that ends the watch.
   */
  watch(): () => Promise<void> {
    const { events, db } = this.context;
    const { id } = this.operation;
    const notices = events.listen((event) => event.topic === "operation", this.signal, id);
    const watching = (async () => {
      for await (const notice of notices) {
        if (notice.topic === "operation" && notice.revision <= this.#revision) continue;
        const [row] = await db.select().from(operations).where(eq(operations.id, id));
        if (row?.attempt !== this.attempt) this.#abort.abort(new FencedError("a later worker has it"));
        else if (row.status === "CANCELING") this.#abort.abort(new CanceledError("canceled on request"));
      }
    })();
    // Without the watch the next stored change still tells.
    const ended = watching.catch(() => undefined);
    return async () => {
      await notices.return?.();
      await ended;
    };
  }

  /** Stores the phase at once. Throws CanceledError where a cancel came first, so that SWITCHING is never entered after one. */
  async enter(phase: OperationPhase): Promise<void> {
    await this.#saving;
    this.signal.throwIfAborted();
    this.#phase = phase;
    if (phase === "COPYING") this.#copyingSince = this.#now();
    await this.#store();
  }

  /** Corrects what the request could only guess; stored with the next change. */
  expect(bytesTotal: number): void {
    this.#bytesTotal = bytesTotal;
  }

  /** Notes the bytes that this attempt has done; stores now and then. */
  readonly report = (bytesDone: number): void => {
    this.#bytesDone = Math.max(this.#bytesDone, bytesDone);
    if (this.#saving || !hasPassed(reportEveryMs, this.#lastStoredAt, this.#now())) return;
    this.#saving = this.#store()
      .catch((error: unknown) => {
        // Progress that could not be stored fails nothing: the next phase meets the same database.
        if (error instanceof FencedError || error instanceof CanceledError) this.#abort.abort(error);
      })
      .finally(() => (this.#saving = undefined));
  };

  #now(): number {
    return this.context.clock.now().getTime();
  }

  async #store(): Promise<void> {
    const nowMs = (this.#lastStoredAt = this.#now());
    const [bytesDone, bytesTotal] = [this.#bytesDone, this.#bytesTotal];
    const copy = { bytesDone, bytesTotal, startedAtMs: this.#copyingSince, nowMs };
    const { percent, etaSeconds } = describeProgress(copy);
    await this.context.db.transaction((tx) =>
      this.#update(tx, going, {
        phase: this.#phase,
        // Never less than an earlier attempt has told.
        bytesDone: sql`greatest(${operations.bytesDone}, ${bytesDone})` as never,
        bytesTotal: sql`greatest(${operations.bytesDone}, ${bytesTotal}::bigint)` as never,
        percent: sql`greatest(${operations.percent}, ${percent}::double precision)` as never,
        etaSeconds,
      }),
    );
  }

  #isMine(among: readonly OperationStatus[]) {
    return and(
      eq(operations.id, this.operation.id),
      eq(operations.attempt, this.attempt),
      inArray(operations.status, [...among]),
    );
  }

  /** Throws CanceledError where a cancel came first and `among` leaves that out, FencedError where it is not this worker's any more. */
  async #update(
    tx: Transaction,
    among: readonly OperationStatus[],
    values: Partial<typeof operations.$inferInsert>,
  ): Promise<void> {
    const [row] = await tx
      .update(operations)
      .set({ ...values, revision: sql`${operations.revision} + 1` })
      .where(this.#isMine(among))
      .returning({ revision: operations.revision });
    if (!row) {
      await this.#hold(tx);
      throw new CanceledError("canceled on request");
    }
    const { id, instanceId } = this.operation;
    this.#revision = row.revision;
    await this.context.events.publish(tx, { topic: "operation", id, instanceId, revision: row.revision });
  }

  async #hold(tx: Transaction): Promise<void> {
    const mine = await tx
      .select({ id: operations.id })
      .from(operations)
      .where(this.#isMine(unfinished))
      .for("update");
    if (mine.length === 0) throw new FencedError("it has ended, or a later worker has taken it up");
  }

  /**
   * A transaction that holds the operation's row, so that no other worker takes it up meanwhile; throws
   * FencedError where one has. It also waits for a commit of this worker whose answer was lost: what
   * follows knows how that ended.
   */
  async fenced<T>(effect: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.context.db.transaction(async (tx) => {
      await this.#hold(tx);
      return effect(tx);
    });
  }

  /**
   * Ends the operation as SUCCEEDED in one transaction with what makes it true. A cancel that came first wins
   * by rolling all of it back.
   */
  async succeed(effect: (tx: Transaction, now: Date) => Promise<void>): Promise<void> {
    await this.#saving;
    const now = this.context.clock.now();
    await this.context.db.transaction(async (tx) => {
      const ended = { status: "SUCCEEDED", phase: "DONE", percent: 100, etaSeconds: null } as const;
      await this.#update(tx, going, { ...ended, finishedAt: now });
      await effect(tx, now);
    });
    this.context.onEnded?.(this.operation.kind, "SUCCEEDED");
  }

  /** Ends it as FAILED or CANCELED in one transaction with what undoes it. */
  async end(outcome: Outcome, effect: (tx: Transaction, now: Date) => Promise<void>): Promise<void> {
    const now = this.context.clock.now();
    await this.context.db.transaction(async (tx) => {
      const failure = outcome.status === "FAILED" && {
        failureCode: outcome.code,
        failureMessage: outcome.message,
        failureRetryable: outcome.retryable,
      };
      const ended = { status: outcome.status, ...failure, etaSeconds: null, finishedAt: now };
      await this.#update(tx, unfinished, ended);
      await effect(tx, now);
    });
    this.context.onEnded?.(this.operation.kind, outcome.status);
  }

  /** Leaves it to a later attempt, and says so: only a worker that says nothing counts as lost. */
  async release(options: { readonly retry: boolean }): Promise<void> {
    await this.#saving;
    await this.fenced((tx) =>
      tx
        .update(operations)
        .set({
          unreportedAttempts: sql`${operations.unreportedAttempts} - 1`,
          ...(options.retry && { retries: sql`${operations.retries} + 1` }),
        })
        .where(eq(operations.id, this.operation.id)),
    );
  }
}
