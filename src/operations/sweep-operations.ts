import { and, eq, exists, inArray, isNull, lte } from "drizzle-orm";
import type { ArtifactStore } from "../artifacts/artifact-store.js";
import { exports_, instances, operations, snapshots } from "../db/tables/index.js";
import type { Engine } from "../engines/engine.js";
import type { JobQueue } from "../jobs/job-queue.js";
import { parseObjectKey } from "./object-keys.js";
import { operationQueue, unfinished } from "./request-operation.js";
import type { Sweep } from "./sweep.js";
import type { WorkContext } from "./work-context.js";

const minute = 60_000;

/** An unfinished operation whose job will never run is queued again; its worker decides whether it goes on or has failed. */
export function requeueLost(context: Pick<WorkContext, "db">, jobs: JobQueue): Sweep {
  return {
    name: "operations without a job",
    everyMs: minute,
    run: () =>
      context.db.transaction(async (tx) => {
        const rows = await tx
          .select({ id: operations.id })
          .from(operations)
          .where(inArray(operations.status, [...unfinished]));
        return (await jobs.revive(tx, operationQueue, rows)).length;
      }),
  };
}

/**
 * Drops the generations that no row names: what a process killed after a switch, or in the middle of one that
 * has failed since, left behind. Instances with unfinished work are left to their workers, and those that this
 * database does not know to whoever does.
 */
export function sweepGenerations(context: Pick<WorkContext, "db">, engines: readonly Engine[]): Sweep {
  const { db } = context;
  async function sweepEngine(engine: Engine): Promise<number> {
    let dropped = 0;
    for (const generation of await engine.list()) {
      // In one statement: an operation that ended between two would leave a stale idea of what is live.
      const busy = exists(
        db
          .select({ id: operations.id })
          .from(operations)
          .where(and(eq(operations.instanceId, instances.id), inArray(operations.status, [...unfinished]))),
      );
      const [row] = await db
        .select({ instance: instances, busy })
        .from(instances)
        .where(eq(instances.id, generation.instanceId));
      if (!row || row.busy) continue;
      const { deletedAt, generation: live, version } = row.instance;
      if (deletedAt === null && live === generation.number) continue;
      await engine.drop({ ...generation, version });
      dropped++;
    }
    return dropped;
  }
  return {
    name: "generations that nothing names",
    everyMs: minute,
    async run() {
      let dropped = 0;
      for (const engine of engines) dropped += await sweepEngine(engine);
      return dropped;
    },
  };
}

/** Objects of ended operations that no row names: what a stalled worker wrote after its replacement. */
export function sweepObjects(
  context: Pick<WorkContext, "db" | "artifacts">,
  store: Pick<ArtifactStore, "list">,
): Sweep {
  const { db, artifacts } = context;
  async function isForgotten(operationId: string, key: string): Promise<boolean> {
    const [row] = await db
      .select({ status: operations.status, artifact: snapshots.id, file: exports_.operationId })
      .from(operations)
      .leftJoin(snapshots, and(eq(snapshots.id, operations.snapshotId), eq(snapshots.artifactKey, key)))
      .leftJoin(exports_, and(eq(exports_.operationId, operations.id), eq(exports_.objectKey, key)))
      .where(eq(operations.id, operationId));
    // An operation that this database does not know may be another's.
    if (!row || unfinished.some((status) => status === row.status)) return false;
    return row.artifact === null && row.file === null;
  }
  return {
    name: "objects that nothing names",
    everyMs: 60 * minute,
    async run() {
      let removed = 0;
      let last: string | undefined;
      for await (const object of store.list("")) {
        const found = parseObjectKey(object.key);
        if (!found || found.key === last) continue;
        last = found.key;
        if (!(await isForgotten(found.operationId, found.key))) continue;
        await artifacts.remove(found.key);
        removed++;
      }
      return removed;
    },
  };
}

/** Exports whose links have ended. */
export function purgeExports(context: Pick<WorkContext, "db" | "artifacts" | "clock">): Sweep {
  const { db, artifacts, clock } = context;
  return {
    name: "exports that have expired",
    everyMs: minute,
    async run() {
      const now = clock.now();
      const expired = await db
        .select()
        .from(exports_)
        .where(and(lte(exports_.expiresAt, now), isNull(exports_.purgedAt)))
        .limit(1000);
      for (const { operationId, objectKey } of expired) {
        await artifacts.remove(objectKey);
        await db.update(exports_).set({ purgedAt: now }).where(eq(exports_.operationId, operationId));
      }
      return expired.length;
    },
  };
}

/** What interrupted writes left in the store's temporary place, long after any of them could still be going on. */
export function sweepTemporary(context: Pick<WorkContext, "clock">, store: ArtifactStore): Sweep {
  const ageMs = 60 * minute;
  return {
    name: "interrupted writes",
    everyMs: ageMs,
    run: () => store.sweepTemporary(new Date(context.clock.now().getTime() - ageMs)),
  };
}
