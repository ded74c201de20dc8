import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/clock.js";
import { connectDatabase } from "../../src/db/client.js";
import { projects, snapshots } from "../../src/db/tables/index.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createIds, parseIdOf, toGlobalId } from "../../src/ids.js";
import { defaultLocations } from "../../src/instances/placement.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import type { ActionContext } from "../../src/operations/action.js";
import { lockInstance, refuseIfBusy, requestOperation } from "../../src/operations/request-operation.js";
import { operationQueueDefinition } from "../../src/operations/run-operation.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { loadSlotFacts } from "../../src/snapshots/due-slots.queries.js";
import { findRetention } from "../../src/snapshots/retention.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createLogger } from "../../src/telemetry/logger.js";

/** Where the Postgres that a service embeds listens now. */
export async function findEmbeddedUrl(home: string): Promise<string> {
  const password = (await readFile(join(home, "postgres", "password"), "utf8")).trim();
  const lines = (await readFile(join(home, "postgres", "data", "postmaster.pid"), "utf8")).split("\n");
  return `postgres://daguerre:${password}@127.0.0.1:${lines[3]?.trim()}/postgres`;
}

/**
 * Asks for a scheduled snapshot as the service's own scheduler does, an hour early: a differential where there is
 * something to build on, otherwise a full. Answers the operation's id, or undefined where the instance is busy.
 */
export async function requestScheduledSnapshot(url: string, instance: string): Promise<string | undefined> {
  const logger = createLogger({ level: "silent" });
  const db = connectDatabase({
    url,
    maxConnections: 2,
    applicationName: "test",
    onIdleError: () => undefined,
  });
  const events = await createEventBus({ url, logger, reconnectDelayMs: 50 });
  const jobs = await createJobQueue({ url, logger, queues: [operationQueueDefinition], maxConnections: 1 });
  try {
    const newId = createIds(systemClock, randomBytes);
    const [project] = await db.select().from(projects);
    const projectId = project?.id ?? "";
    const shared = { db, clock: systemClock, newId, jobs, events, policy: defaultRetentionTable };
    const context: ActionContext = { ...shared, locations: defaultLocations, engineName: "ladybug" };
    const viewer: Viewer = {
      projectId,
      projectName: "test",
      role: "ADMIN",
      keyId: newId(),
      keyName: "test",
      expiresAt: null,
    };
    const instanceId = parseIdOf("instance", instance) ?? "";
    const result = await requestOperation(
      context,
      { action: "schedule", viewer, input: {} },
      async (tx, now) => {
        const instance = await lockInstance(tx, viewer, instanceId, "test");
        await refuseIfBusy(tx, instanceId, ["test"]);
        const row = findRetention(defaultRetentionTable, instance.tier, instance.version);
        if (!row) throw new Error("no such tier");
        const [facts] = await loadSlotFacts(tx, [{ instanceId, row, slotAt: now }], now);
        const base = facts?.base;
        const id = newId();
        await tx.insert(snapshots).values({
          id,
          projectId,
          instanceId,
          type: "SCHEDULED",
          kind: base ? "DIFFERENTIAL" : "FULL",
          cause: "CADENCE",
          status: "PENDING",
          takenAt: now,
          baseId: base?.id ?? null,
          chainRootId: base?.chainRootId ?? id,
          chainDepth: base ? base.chainDepth + 1 : 0,
          createdAt: now,
        });
        const bytesTotal = instance.sizeBytes;
        return { id: newId(), kind: "SNAPSHOT", instanceId, exclusive: true, snapshotId: id, bytesTotal };
      },
    );
    return result.operation && toGlobalId("operation", result.operation.id);
  } finally {
    await jobs.stop({ graceMs: 1000 });
    await events.close();
    await db.$client.end();
  }
}
