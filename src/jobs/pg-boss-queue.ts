import { sql } from "drizzle-orm";
import { SpanKind } from "@opentelemetry/api";
import { fromDrizzle, PgBoss } from "pg-boss";
import type { Transaction } from "../db/client.js";
import { asService } from "../db/tenant-role.js";
import type { Logger } from "../telemetry/logger.js";
import { carryTrace, inSpan } from "../telemetry/tracing.js";
import type { Job, JobQueue, JobRequest, WorkOptions } from "./job-queue.js";

export interface QueueDefinition {
  readonly name: string;
  /** Runs of one job at most, the first included. */
  readonly attempts: number;
  /** Jobs of this queue may carry an `exclusiveKey`. Fixed when the queue is first created. */
  readonly exclusive?: boolean;
  /** Pause before the second run, doubled before each further one up to `maxSeconds`; a second each time where left out. */
  readonly backoff?: { readonly firstSeconds: number; readonly maxSeconds: number };
}

export interface JobQueueOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly queues: readonly QueueDefinition[];
  /** Connections of the queue's own pool at most, beside one that listens. */
  readonly maxConnections?: number;
}

const schema = "pgboss";
/** The least pg-boss allows. With the checks below, a dead worker's job runs again some 10 s later. */
const heartbeatSeconds = 10;
const checkSeconds = 2;
/** Jobs end by themselves or lose their heartbeat; the age of a job says nothing (pg-boss wants less than a day). */
const expireInSeconds = 23 * 60 * 60;
/** Fast enough for retries, which no notice announces; new jobs are announced. */
const pollSeconds = 2;
const defaultGraceMs = 30_000;

/** Opens the queue on Postgres (schema `pgboss`, made on first use) and creates what queues are missing. */
export async function createJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: "daguerre-jobs",
    schema,
    max: options.maxConnections ?? 5,
    schedule: false,
    superviseIntervalSeconds: checkSeconds,
    monitorIntervalSeconds: checkSeconds,
    useListenNotify: true,
  });
  boss.on("error", (error) => {
    // Its pool says goodbye after it has stopped, perhaps to a Postgres that is being stopped too.
    if (!queue.stopped) options.logger.error({ err: error }, "The job queue met an error");
  });
  boss.on("warning", (warning) => options.logger.warn({ warning }, "The job queue warns"));
  const queue = new PgBossQueue(boss, options.queues);
  await boss.start();
  try {
    for (const queue of options.queues) await defineQueue(boss, queue);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  return queue;
}

/** Creating an existing queue changes nothing, so what may have changed since is set again. */
async function defineQueue(boss: PgBoss, queue: QueueDefinition): Promise<void> {
  const settings = {
    retryLimit: queue.attempts - 1,
    retryDelay: queue.backoff?.firstSeconds ?? 1,
    ...(queue.backoff && { retryBackoff: true, retryDelayMax: queue.backoff.maxSeconds }),
    heartbeatSeconds,
    expireInSeconds,
    notify: true,
  };
  await boss.createQueue(queue.name, { ...settings, policy: queue.exclusive ? "singleton" : "standard" });
  await boss.updateQueue(queue.name, settings);
}

class PgBossQueue implements JobQueue {
  stopped = false;
  private readonly stopping = new AbortController();
  private readonly exclusive: ReadonlySet<string>;

  constructor(
    private readonly boss: PgBoss,
    queues: readonly QueueDefinition[],
  ) {
    this.exclusive = new Set(queues.filter((queue) => queue.exclusive).map((queue) => queue.name));
  }

  async enqueue(tx: Transaction, queue: string, ...jobs: JobRequest[]): Promise<void> {
    const rows = jobs.map((job) => ({
      id: job.id,
      data: carryTrace(),
      ...(job.group !== undefined && { group: { id: job.group } }),
      ...this.keyOf(queue, job),
    }));
    const options = { db: fromDrizzle(tx, sql) };
    if (rows.length > 0) await asService(tx, () => this.boss.insert(queue, rows, options));
  }

  async work(queue: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void> {
    const settings = {
      localConcurrency: options.concurrency,
      ...(options.perGroup !== undefined && { localGroupConcurrency: options.perGroup }),
      pollingIntervalSeconds: pollSeconds,
      notifyPollingIntervalSeconds: pollSeconds,
    } as const;
    await this.boss.work(queue, settings, async (batch) => {
      for (const { id, data, signal } of batch) {
        const job = { id, signal: AbortSignal.any([signal, this.stopping.signal]) };
        const attributes = { "messaging.system": "pg-boss", "messaging.destination.name": queue };
        const span = { kind: SpanKind.CONSUMER, attributes, carrier: data as Record<string, unknown> };
        await inSpan(`job ${queue}`, span, () => handler(job));
      }
    });
  }

  async revive(tx: Transaction, queue: string, jobs: readonly JobRequest[]): Promise<string[]> {
    if (jobs.length === 0) return [];
    // One process at a time, so that none deletes what another has just queued.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`${schema} revive ${queue}`}))`);
    const ids = jobs.map((job) => job.id);
    const { rows } = await tx.execute<{ id: string }>(sql`
      select id from ${sql.identifier(schema)}.job
      where name = ${queue} and id = any(${sql.param(ids)}::uuid[]) and state < 'completed'`);
    const live = new Set(rows.map((row) => row.id));
    const lost = jobs.filter((job) => !live.has(job.id));
    for (const job of lost) {
      // An ended row would keep its id taken.
      await this.boss.deleteJob(queue, job.id, { db: fromDrizzle(tx, sql) });
      await this.enqueue(tx, queue, job);
    }
    return lost.map((job) => job.id);
  }

  async check(): Promise<void> {
    if (this.stopping.signal.aborted) throw new Error("the job queue is stopping");
    await this.boss.getDb().executeSql(`select 1 from ${schema}.version`);
  }

  async stop(options: { graceMs?: number } = {}): Promise<void> {
    this.stopping.abort(new Error("the job queue is stopping"));
    await this.boss.stop({ graceful: true, timeout: options.graceMs ?? defaultGraceMs });
    this.stopped = true;
  }

  /** Under the singleton policy jobs without a key would all exclude each other; so each gets its own. */
  private keyOf(queue: string, job: JobRequest): { singletonKey?: string } {
    if (this.exclusive.has(queue)) return { singletonKey: job.exclusiveKey ?? job.id };
    if (job.exclusiveKey === undefined) return {};
    throw new Error(`queue ${queue} is not exclusive, so its jobs cannot have an exclusiveKey`);
  }
}
