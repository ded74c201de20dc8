import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import type { Clock } from "../../src/clock.js";
import type { MajorVersion, Tier } from "../../src/db/enums.js";
import { instances, operations, slots, snapshots } from "../../src/db/tables/index.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createIds } from "../../src/ids.js";
import type { InstanceRow } from "../../src/instances/instances.queries.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { operationQueue } from "../../src/operations/insert-operations.js";
import { type ScheduleContext, scheduleDue } from "../../src/operations/schedule-due.js";
import type { Scope } from "../../src/projects/viewer.js";
import { completeSnapshot } from "../../src/snapshots/record-completion.js";
import { reportSystemChange } from "../../src/snapshots/report-system-change.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { oweRetry, startSchedule } from "../../src/snapshots/slots.queries.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { insertInstance, insertProject, start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase } from "../support/database.js";

export const hour = 3_600_000;
export const at = (hours: number): Date => new Date(start.getTime() + hours * hour);

/** The scheduler around a database, a queue and a bus of its own. Nobody works on the queue: tests end operations. */
export async function startScheduleParts() {
  const { db, url, drop } = await createTestDatabase();
  const logger = createLogger({ level: "silent" });
  const events = await createEventBus({ url, logger, reconnectDelayMs: 50 });
  const jobs = await createJobQueue({ url, logger, queues: [{ name: operationQueue, attempts: 1 }] });
  const scope: Scope = await insertProject(db);
  const policy = defaultRetentionTable;
  const contextAt = (clock: Clock, perLocation = 100): ScheduleContext => {
    const schedule = { perLocation, busyPauseMs: 10_000 };
    return { db, clock, newId: createIds(clock, randomBytes), jobs, events, policy, schedule };
  };
  const parts = {
    db,
    url,
    scope,
    /** What earlier tests left is deleted, and owed nothing. */
    async forgetFleet() {
      await db.delete(slots);
      await db.update(instances).set({ deletedAt: start });
    },
    /** What an earlier test left owed or at work would take room from the next. */
    forgetOwed: () =>
      db.execute(
        sql`with gone as (delete from slots) update operations set status = 'CANCELED', finished_at = now() where status = 'QUEUED'`,
      ),
    contextAt,
    /** One tick at that instant. */
    tickAt: (now: Date, perLocation?: number) => scheduleDue(contextAt(createTestClock(now), perLocation)),

    /** A RUNNING instance with its schedule begun, created at `start` unless said otherwise. */
    async addInstance(
      tier: Tier,
      version: MajorVersion = "V5",
      changes: Partial<InstanceRow> = {},
    ): Promise<InstanceRow> {
      const settled = { status: "RUNNING", generation: 1, engineVersion: "1", ...changes } as const;
      const id = await insertInstance(db, scope, { tier, version, ...settled, id: randomUUID() });
      const [row] = await db.select().from(instances).where(eq(instances.id, id));
      if (!row) throw new Error("no instance");
      await db.transaction((tx) => startSchedule(tx, policy, row, row.createdAt));
      return row;
    },

    taken: (instance: InstanceRow): Promise<SnapshotRow[]> =>
      db
        .select()
        .from(snapshots)
        .where(eq(snapshots.instanceId, instance.id))
        .orderBy(snapshots.slotAt, snapshots.createdAt),
    owed: (instance: InstanceRow) =>
      db.select().from(slots).where(eq(slots.instanceId, instance.id)).orderBy(slots.dueAt),

    /** Ends the instance's operation at work as its worker would. Returns its snapshot, or undefined if there was none. */
    async end(instance: InstanceRow, now: Date, how: "complete" | "fail" = "complete") {
      const active = and(eq(operations.instanceId, instance.id), eq(operations.status, "QUEUED"));
      return db.transaction(async (tx) => {
        const ended =
          how === "complete"
            ? ({ status: "SUCCEEDED", percent: 100 } as const)
            : ({ status: "FAILED", failureCode: "ENGINE_UNAVAILABLE" } as const);
        const [operation] = await tx
          .update(operations)
          .set({ ...ended, finishedAt: now })
          .where(active)
          .returning();
        if (!operation?.snapshotId) return undefined;
        const own = eq(snapshots.id, operation.snapshotId);
        const [snapshot] = await tx.select().from(snapshots).where(own);
        if (!snapshot) throw new Error("no snapshot");
        if (how === "complete") {
          const written = { sha256: "ab".repeat(32), sizeBytes: 1000, storedBytes: 400 };
          const artifactKey = `aws/${snapshot.id}/`;
          await completeSnapshot(tx, {
            snapshot,
            instance,
            written,
            artifactKey,
            takenAt: now,
            now,
            table: policy,
          });
        } else {
          const again = await oweRetry(tx, policy, snapshot.id, now);
          await tx
            .update(snapshots)
            .set({ status: again ? "PENDING" : "FAILED" })
            .where(own);
        }
        const [row] = await tx.select().from(snapshots).where(own);
        return row;
      });
    },
    facts: async (instance: InstanceRow) =>
      (await parts.taken(instance)).map(({ cause, kind, slotAt, status }) => [cause, kind, slotAt, status]),
    /** Takes and completes what is due at each of these hours. */
    async live(instance: InstanceRow, ...hours: number[]): Promise<void> {
      for (const each of hours) {
        await parts.tickAt(at(each));
        await parts.end(instance, at(each));
      }
    },
    reportChange: (instance: InstanceRow, now: Date) =>
      reportSystemChange({ ...contextAt(createTestClock(now)), now }, scope, instance.id),
    async close() {
      await jobs.stop();
      await events.close();
      await drop();
    },
  };
  return parts;
}
export type ScheduleParts = Awaited<ReturnType<typeof startScheduleParts>>;
