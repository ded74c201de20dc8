import { and, isNotNull, isNull } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { exports_, snapshots } from "../db/tables/index.js";

/** Whether any row names something in the store: then an empty folder in the store's place is not the store. */
export async function hasKeptObjects(db: Queryable): Promise<boolean> {
  const [artifact] = await db
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(and(isNotNull(snapshots.artifactKey), isNull(snapshots.artifactRemovedAt)))
    .limit(1);
  if (artifact) return true;
  const exported = db.select({ id: exports_.operationId }).from(exports_);
  return (await exported.where(isNull(exports_.purgedAt)).limit(1)).length > 0;
}
