import type { Transaction } from "../db/client.js";

/** The durable queue behind a narrow face. It knows names and ids, no feature. */
export interface JobQueue {
  /** Adds jobs in the caller's transaction, in one statement: they exist exactly if the transaction commits. */
  enqueue(tx: Transaction, queue: string, ...jobs: JobRequest[]): Promise<void>;

  /**
   * Runs the handler for each job of the queue, `concurrency` at a time in this process. A handler that throws, or whose
   * process dies (noticed by its missing heartbeat), is run again, here or in another process, until
   * `attempts` are used up; so handlers are idempotent and fence what they publish.
   */
  work(queue: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void>;

  /**
   * Queues those of the given jobs again that would never run any more: they have ended, used up their attempts, or
   * are not there. Answers their ids. For a caller who knows that their work is not done.
   */
  revive(tx: Transaction, queue: string, jobs: readonly JobRequest[]): Promise<string[]>;

  /** Rejects where the queue cannot be used now. */
  check(): Promise<void>;

  /** Stops taking jobs and waits until those at hand are done or `graceMs` has passed; unfinished ones are released to others. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

export interface JobRequest {
  /** Also the job's id in the queue: enqueuing the same id twice is one job. */
  readonly id: string;
  /** At most one job with this key runs at a time. */
  readonly exclusiveKey?: string;
  /** Whose it is: of one group no more run at a time than `perGroup` of `work` says. */
  readonly group?: string;
}

export interface WorkOptions {
  readonly concurrency: number;
  /** Of one group in this process; others are taken before what it has waiting. No bound unless told. */
  readonly perGroup?: number;
}

export interface Job {
  readonly id: string;
  /** Aborted when the process is asked to stop or the job has been lost to another worker. */
  readonly signal: AbortSignal;
}
