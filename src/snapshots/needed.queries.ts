import { and, eq, exists, inArray, or, gt, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Queryable } from "../db/client.js";
import { operations, snapshots } from "../db/tables/index.js";
import { kept } from "./eligibility.js";
import { whereFulfils } from "./snapshot-filter.queries.js";

/**
 * Whether somebody still needs the artifact of a row of `snapshots` at `now`: the one definition for whatever removes
 * artifacts. It is needed while the snapshot itself, or any that builds on it at any distance,
 * - is kept: COMPLETED with an open restorable window and not superseded, or held, or
 * - is being taken (PENDING or IN_PROGRESS: a differential reads its base's digests), or
 * - is read by an unfinished restore, export or new instance.
 *
 * To purge, in one transaction: lock the chain's root (`chain_root_id`) FOR UPDATE, and ask **in a later statement**;
 * then mark the row. A hold, and a request that starts to read or build on a chain, takes that same lock, so neither can
 * slip in between the question and the mark. A statement that asks while it waits for the lock asks too early.
 */
export function artifactNeeded(db: Queryable, now: Date): SQL {
  const above = alias(snapshots, "above");
  const reader = db
    .select({ one: sql`1` })
    .from(operations)
    .where(
      and(
        eq(operations.sourceSnapshotId, above.id),
        inArray(operations.status, ["QUEUED", "RUNNING", "CANCELING"]),
      ),
    );
  const needing = db
    .select({ one: sql`1` })
    .from(above)
    .where(
      and(
        eq(above.chainRootId, snapshots.chainRootId),
        or(eq(above.id, snapshots.id), gt(above.chainDepth, snapshots.chainDepth)),
        or(whereFulfils(kept, now, above), inArray(above.status, ["PENDING", "IN_PROGRESS"]), exists(reader)),
      ),
    );
  return exists(needing);
}
