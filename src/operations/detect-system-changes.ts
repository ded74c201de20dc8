import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import type { MajorVersion } from "../db/enums.js";
import type { Engine } from "../engines/engine.js";
import { findRetention } from "../snapshots/retention.js";
import { oweSystemChange } from "../snapshots/slots.queries.js";
import type { Sweep } from "./sweep.js";
import type { WorkContext } from "./work-context.js";

const batch = 500;

/**
 * Owes a FULL to every instance whose engine's version is not the recorded one. Each process acts
 * on a version once, when it first meets it: while old and new processes run side by side, neither undoes what the
 * other has recorded.
 */
export function detectSystemChanges(
  context: Pick<WorkContext, "db" | "clock" | "policy">,
  engines: readonly Engine[],
): Sweep {
  const met = new Map<string, string>();
  async function look(engine: Engine, version: MajorVersion): Promise<number> {
    const key = `${engine.name} ${version}`;
    const current = await engine.version(version);
    if (met.get(key) === current) return 0;
    let changed = 0;
    for (let last = batch; last === batch; changed += last) {
      last = await recordChange(context, engine.name, version, current);
    }
    met.set(key, current);
    return changed;
  }
  return {
    name: "instances whose system has changed",
    everyMs: 60_000,
    async run() {
      let changed = 0;
      for (const engine of engines)
        for (const version of engine.traits.versions) changed += await look(engine, version);
      return changed;
    },
  };
}

async function recordChange(
  { db, clock, policy }: Pick<WorkContext, "db" | "clock" | "policy">,
  engine: string,
  version: MajorVersion,
  engineVersion: string,
): Promise<number> {
  return db.transaction(async (tx) => {
    const changed = await tx
      .select()
      .from(instances)
      .where(
        and(
          eq(instances.engine, engine),
          eq(instances.version, version),
          ne(instances.engineVersion, engineVersion),
          isNull(instances.deletedAt),
        ),
      )
      .limit(batch)
      .for("update");
    if (changed.length === 0) return 0;
    const ids = changed.map((instance) => instance.id);
    await tx.update(instances).set({ engineVersion }).where(inArray(instances.id, ids));
    const scheduled = changed.filter(
      (instance) => findRetention(policy, instance.tier, instance.version)?.cadenceHours != null,
    );
    await oweSystemChange(tx, scheduled, clock.now());
    return changed.length;
  });
}
