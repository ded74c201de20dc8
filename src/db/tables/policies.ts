import { sql } from "drizzle-orm";
import { check, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.js";

/**
 * Every retention table that this database's snapshots were stamped by: what a snapshot's `policy_version` names.
 * The service's own: no policy admits tenants to it.
 */
export const policies = pgTable(
  "policies",
  {
    version: text().primaryKey(),
    /** SHA-256 (hex) of what the table says: a version never says two things. */
    sha256: text().notNull(),
    /** The table as a file would say it, for who asks later. */
    content: jsonb().notNull(),
    firstUsedAt: instant("first_used_at").notNull(),
  },
  (table) => [check("policies_sha256_is_hex", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`)],
).enableRLS();
