import { and, eq, exists, inArray } from "drizzle-orm";
import { instances, operations } from "../db/tables/index.js";
import type { Engine, GenerationId } from "../engines/engine.js";
import type { Orphan, OrphanSource } from "./orphan.js";
import { unfinished } from "./request-operation.js";
import type { WorkContext } from "./work-context.js";

/** Generations that one statement asks the database about. */
const batch = 500;

/**
 * The generations that no row names: what a process killed after a switch, or in the middle of one that has failed since,
 * left behind. Instances with unfinished work are left to their workers. A number that this database has not
 * given out yet is UNKNOWN: it may hold the data that a restored database has forgotten.
 */
export function orphanGenerations({ db }: Pick<WorkContext, "db">, engines: readonly Engine[]): OrphanSource {
  async function* sortOut(engine: Engine, listed: readonly GenerationId[]): AsyncGenerator<Orphan> {
    // In one statement: an operation that ended between two would leave a stale idea of what is live.
    const busy = exists(
      db
        .select({ id: operations.id })
        .from(operations)
        .where(and(eq(operations.instanceId, instances.id), inArray(operations.status, [...unfinished]))),
    );
    const rows = await db
      .select({ instance: instances, busy })
      .from(instances)
      .where(inArray(instances.id, [...new Set(listed.map(({ instanceId }) => instanceId))]));
    const byId = new Map(rows.map((row) => [row.instance.id, row]));
    for (const generation of listed) {
      const row = byId.get(generation.instanceId);
      if (row?.busy) continue;
      const live = row?.instance.deletedAt === null ? row.instance.generation : undefined;
      if (row && live === generation.number) continue;
      const footprint = await engine.inspect(generation);
      if (!footprint) continue;
      const given =
        row && generation.number <= Math.max(row.instance.lastGeneration, row.instance.generation);
      yield {
        kind: "GENERATION",
        name: `${engine.name}/${generation.instanceId}/${generation.number}`,
        ...footprint,
        origin: given ? "FORGOTTEN" : "UNKNOWN",
        remove: () => engine.drop({ ...generation, version: row?.instance.version ?? "V5" }),
      };
    }
  }
  return {
    kinds: ["GENERATION"],
    async *find() {
      for (const engine of engines) {
        const listed = await engine.list();
        for (let from = 0; from < listed.length; from += batch)
          yield* sortOut(engine, listed.slice(from, from + batch));
      }
    },
  };
}
