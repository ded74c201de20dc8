import { and, eq, gt, inArray, isNull, lt, or, type SQL } from "drizzle-orm";
import { instances } from "../db/tables/index.js";
import type { MajorVersion } from "../db/enums.js";
import type { Engine } from "../engines/engine.js";
import { isOlder } from "../engines/is-older.js";
import { findRetention } from "../snapshots/retention.js";
import { oweSystemChange } from "../snapshots/slots.queries.js";
import type { Sweep } from "./sweep.js";
import type { WorkContext } from "./work-context.js";

type DetectContext = Pick<WorkContext, "db" | "clock" | "policy">;

const batch = 500;

/**
 * Owes a FULL to every instance whose engine's version is older than this process's, and records the newer one. Versions
 * only move forward, so that of processes that run side by side through a deploy the newer decide, however often the older
 * restart; and it is asked at every sweep, since an older process may make an instance at any time. The price: a fleet
 * that goes back to an older version keeps the newer one on record, and its operator tells of it by reportSystemChange.
 */
export function detectSystemChanges(context: DetectContext, engines: readonly Engine[]): Sweep {
  return {
    name: "instances whose system has changed",
    everyMs: 60_000,
    async run() {
      let changed = 0;
      for (const engine of engines)
        for (const version of engine.traits.versions) changed += await look(context, engine, version);
      return changed;
    },
  };
}

async function look(context: DetectContext, engine: Engine, version: MajorVersion): Promise<number> {
  const current = await engine.version(version);
  const { engineVersion } = instances;
  const served = and(
    eq(instances.engine, engine.name),
    eq(instances.version, version),
    isNull(instances.deletedAt),
  );
  // Below and above, not unlike: two ranges of the index, which are empty but for the time of a deploy.
  const others = await context.db
    .selectDistinct({ engineVersion })
    .from(instances)
    .where(and(served, or(lt(engineVersion, current), gt(engineVersion, current))));
  const older = others.flatMap((row) => row.engineVersion ?? []).filter((other) => isOlder(other, current));
  if (older.length === 0) return 0;
  let changed = 0;
  for (let last = batch; last === batch; changed += last)
    last = await recordChange(context, and(served, inArray(engineVersion, older)), current);
  return changed;
}

/** What another transaction holds is left to a later sweep: nobody waits for this one. */
function recordChange(
  { db, clock, policy }: DetectContext,
  outdated: SQL | undefined,
  engineVersion: string,
): Promise<number> {
  return db.transaction(async (tx) => {
    const changed = await tx
      .select()
      .from(instances)
      .where(outdated)
      .limit(batch)
      .for("update", { skipLocked: true });
    if (changed.length === 0) return 0;
    const ids = changed.map((instance) => instance.id);
    await tx.update(instances).set({ engineVersion }).where(inArray(instances.id, ids));
    const scheduled = changed.filter(
      (instance) => findRetention(policy, instance.tier, instance.version)?.cadenceHours != null,
    );
    await oweSystemChange(tx, policy, scheduled, clock.now());
    return changed.length;
  });
}
