import { doublePrecision, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/**
 * How full each key's bucket is, of all processes together. What has run empty is deleted. The service's own: no
 * policy admits tenants to it.
 */
export const rateBuckets = pgTable("rate_buckets", {
  key: text().primaryKey(),
  level: doublePrecision().notNull(),
  /** By the database's clock, which all processes share. */
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull(),
}).enableRLS();
