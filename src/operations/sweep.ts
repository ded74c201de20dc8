import { and, eq, inArray } from "drizzle-orm";
import { instances, operations } from "../db/tables/index.js";
import { unfinished } from "./request-operation.js";
import type { WorkContext } from "./work.js";

/**
 * Drops the generations that no row names: what a process killed after a switch, or in the middle of one that
 * has failed since, left behind. Instances with unfinished work are left to their workers. Returns how many it dropped.
 */
export async function sweepGenerations(context: WorkContext, engineName: string): Promise<number> {
  const engine = context.engine(engineName);
  const found = await engine.list();
  if (found.length === 0) return 0;
  const ids = [...new Set(found.map((generation) => generation.instanceId))];
  const rows = await context.db.select().from(instances).where(inArray(instances.id, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  let dropped = 0;
  for (const generation of found) {
    const row = byId.get(generation.instanceId);
    // An unknown folder may belong to another database's service; it is not ours to remove.
    if (!row || (row.deletedAt === null && row.generation === generation.number)) continue;
    const [busy] = await context.db
      .select({ id: operations.id })
      .from(operations)
      .where(and(eq(operations.instanceId, row.id), inArray(operations.status, [...unfinished])))
      .limit(1);
    if (busy) continue;
    await engine.drop({ ...generation, version: row.version });
    dropped++;
  }
  return dropped;
}
