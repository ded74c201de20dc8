import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { PgBoss } from "pg-boss";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Job, JobQueue } from "../../src/jobs/job-queue.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const logger = createLogger({ level: "silent" });
const queues = [
  { name: "plain", attempts: 2 },
  { name: "exclusive", attempts: 1, exclusive: true },
];

describe("the job queue", () => {
  let database: TestDatabase;
  const opened: JobQueue[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.stop({ graceMs: 1000 })));
    await database.drop();
  });

  async function open(): Promise<JobQueue> {
    const queue = await createJobQueue({ url: database.url, logger, queues, maxConnections: 2 });
    opened.push(queue);
    return queue;
  }

  test("starts in several processes at once", async () => {
    await Promise.all([open(), open(), open()]);
  });

  test("runs what was committed and nothing that was rolled back", async () => {
    const queue = await open();
    const [lost, kept] = [randomUUID(), randomUUID()];
    const rolledBack = database.db.transaction(async (tx) => {
      await queue.enqueue(tx, "plain", { id: lost });
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    await database.db.transaction((tx) => queue.enqueue(tx, "plain", { id: kept }));

    const seen: string[] = [];
    await queue.work("plain", { concurrency: 1 }, ({ id }) => {
      seen.push(id);
      return Promise.resolve();
    });

    await vi.waitFor(() => expect(seen).toEqual([kept]), 5000);
    await queue.stop();
    expect(seen).toEqual([kept]);
  });

  test("takes the same id once", async () => {
    const queue = await open();
    const id = randomUUID();
    await database.db.transaction(async (tx) => {
      await queue.enqueue(tx, "plain", { id });
      await queue.enqueue(tx, "plain", { id });
    });

    const { rows } = await database.db.$client.query("select id from pgboss.job where name = 'plain'");

    expect(rows).toEqual([{ id }]);
  });

  test("runs a job again after a throw, until its attempts are used up", async () => {
    const queue = await open();
    const runs: string[] = [];
    await queue.work("plain", { concurrency: 1 }, (job) => {
      runs.push(job.id);
      return Promise.reject(new Error("again"));
    });

    const id = randomUUID();
    await database.db.transaction((tx) => queue.enqueue(tx, "plain", { id }));

    await vi.waitFor(() => expect(runs).toEqual([id, id]), 10_000);
    const failed = async (): Promise<void> => {
      const { rows } = await database.db.$client.query("select state from pgboss.job where name = 'plain'");
      expect(rows).toEqual([{ state: "failed" }]);
    };
    await vi.waitFor(failed, 5000);
  });

  test("runs one job of a key at a time, others beside it", async () => {
    const queue = await open();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const started: string[] = [];
    await queue.work("exclusive", { concurrency: 3 }, async ({ id }) => {
      started.push(id);
      await held;
    });
    const [first, second, other] = [randomUUID(), randomUUID(), randomUUID()];
    const enqueue = (id: string, exclusiveKey: string): Promise<void> =>
      database.db.transaction((tx) => queue.enqueue(tx, "exclusive", { id, exclusiveKey }));

    await enqueue(first, "a");
    await vi.waitFor(() => expect(started).toEqual([first]), 5000);
    await enqueue(second, "a");
    await enqueue(other, "b");

    await vi.waitFor(() => expect(started).toEqual([first, other]), 5000);
    release();
    await vi.waitFor(() => expect(started).toEqual([first, other, second]), 5000);
  });

  test("takes others before what a group has waiting beyond its places", async () => {
    const queue = await open();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const started: string[] = [];
    const [first, second, third, other] = [1, 2, 3, 4].map(() => randomUUID()) as [
      string,
      string,
      string,
      string,
    ];
    const enqueue = (group: string, ...ids: string[]): Promise<void> =>
      database.db.transaction((tx) => queue.enqueue(tx, "plain", ...ids.map((id) => ({ id, group }))));
    await enqueue("slow", first, second, third);
    await enqueue("quick", other);
    await queue.work("plain", { concurrency: 3, perGroup: 2 }, async ({ id }) => {
      started.push(id);
      if (id !== other) await held;
    });

    await vi.waitFor(() => expect(started).toContain(other), 10_000);
    // Of the slow group's two hold a place, and the third waits though there is a worker for it.
    await vi.waitFor(() => expect(started).toHaveLength(3), 10_000);
    expect(started.filter((id) => id !== other)).toHaveLength(2);
    const last = randomUUID();
    await enqueue("quick", last);
    await vi.waitFor(() => expect(started).toContain(last), 10_000);
    release();
    await vi.waitFor(
      () => expect(new Set(started)).toEqual(new Set([first, second, third, other, last])),
      10_000,
    );
    expect(started).toHaveLength(5);
  });

  test("refuses a key where it would not be kept", async () => {
    const queue = await open();
    const enqueue = database.db.transaction((tx) =>
      queue.enqueue(tx, "plain", { id: randomUUID(), exclusiveKey: "a" }),
    );
    await expect(enqueue).rejects.toThrow("not exclusive");
  });

  test("aborts the job at hand on stop, and another process runs it again", async () => {
    const [stopping, staying] = [await open(), await open()];
    const started = Promise.withResolvers<Job>();
    await stopping.work("plain", { concurrency: 1 }, async (job) => {
      started.resolve(job);
      await once(job.signal, "abort");
      job.signal.throwIfAborted();
    });
    const id = randomUUID();
    await database.db.transaction((tx) => stopping.enqueue(tx, "plain", { id }));
    await started.promise;

    await stopping.stop({ graceMs: 2000 });

    const again = Promise.withResolvers<Job>();
    await staying.work("plain", { concurrency: 1 }, (job) => {
      again.resolve(job);
      return Promise.resolve();
    });
    expect(await again.promise).toMatchObject({ id });
  });

  test("runs the job of a worker that fell silent again, in some ten seconds", async () => {
    const queue = await open();
    const id = randomUUID();
    await database.db.transaction((tx) => queue.enqueue(tx, "plain", { id }));
    // Claims the job and never gives a heartbeat: what a killed process looks like to the others.
    const dead = new PgBoss({ connectionString: database.url, max: 1, supervise: false, schedule: false });
    await dead.start();
    expect(await dead.fetch("plain")).toMatchObject([{ id }]);
    await dead.stop({ graceful: false });

    const claimed = performance.now();
    const again = Promise.withResolvers<Job>();
    await queue.work("plain", { concurrency: 1 }, (job) => {
      again.resolve(job);
      return Promise.resolve();
    });

    expect(await again.promise).toMatchObject({ id });
    expect(performance.now() - claimed).toBeLessThan(20_000);
  });
});
