import { inArray, lt } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { webhookDeliveries } from "../db/tables/index.js";
import type { Sweep } from "../operations/sweep.js";

const keptDays = 30;
const batch = 1_000;

/** Forgets deliveries after 30 days, long after the last attempt. */
export const purgeDeliveries = (context: { readonly db: Database; readonly clock: Clock }): Sweep => ({
  name: "old webhook deliveries",
  everyMs: 3_600_000,
  async run() {
    const before = new Date(context.clock.now().getTime() - keptDays * 86_400_000);
    const old = context.db
      .select({ id: webhookDeliveries.id })
      .from(webhookDeliveries)
      .where(lt(webhookDeliveries.createdAt, before))
      .limit(batch);
    let purged = 0;
    for (let found = batch; found === batch; purged += found)
      found =
        (await context.db.delete(webhookDeliveries).where(inArray(webhookDeliveries.id, old))).rowCount ?? 0;
    return purged;
  },
});
