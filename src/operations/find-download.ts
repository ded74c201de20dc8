import { and, eq, gt, isNull } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { exports_ } from "../db/tables/exports.js";

/** The export behind a signed link. The signature is the permission, so no scope is asked for. */
export async function findDownload(
  db: Queryable,
  operationId: string,
  now: Date,
): Promise<typeof exports_.$inferSelect | undefined> {
  const alive = and(gt(exports_.expiresAt, now), isNull(exports_.purgedAt));
  const [row] = await db
    .select()
    .from(exports_)
    .where(and(eq(exports_.operationId, operationId), alive));
  return row;
}
