import { and, eq } from "drizzle-orm";
import type { Database } from "../db/client.js";
import { instances } from "../db/tables/index.js";
import { invalidInput, notFound, type InvalidInput, type NotFound } from "../errors.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import type { Scope } from "../projects/viewer.js";
import { findRetention, type RetentionTable } from "./retention.js";
import { oweSystemChange } from "./slots.queries.js";

export type ReportedSystemChange =
  { readonly instance: InstanceRow } | { readonly error: InvalidInput | NotFound };

/** Owes the instance a FULL, because what it runs on has been changed in a way that its engine's version does not show. */
export async function reportSystemChange(
  surroundings: { readonly db: Database; readonly policy: RetentionTable; readonly now: Date },
  scope: Scope,
  instanceId: string,
): Promise<ReportedSystemChange> {
  const { db, policy, now } = surroundings;
  return db.transaction(async (tx): Promise<ReportedSystemChange> => {
    const own = and(eq(instances.projectId, scope.projectId), eq(instances.id, instanceId));
    const [instance] = await tx.select().from(instances).where(own).for("update");
    const path = ["input", "instanceId"];
    if (!instance || instance.deletedAt) return { error: notFound("There is no such instance.", ...path) };
    const row = findRetention(policy, instance.tier, instance.version);
    if (!row || row.cadenceHours === null) {
      const message = `${instance.tier} has no scheduled snapshots; take one with takeSnapshot.`;
      return { error: invalidInput(message, ...path) };
    }
    await oweSystemChange(tx, policy, [instance], now);
    return { instance };
  });
}
