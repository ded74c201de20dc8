import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.js";

/**
 * By what the service knows again the master key that this database's secrets hang on. There is one key, so one row. The
 * service's own: no policy admits tenants to it.
 */
export const masterKeyCheck = pgTable(
  "master_key_check",
  {
    only: boolean().primaryKey().default(true),
    /** Derived from the key (hex), and opens nothing. */
    digest: text().notNull(),
    recordedAt: instant("recorded_at").notNull(),
  },
  (table) => [
    check("master_key_check_one_row", sql`${table.only}`),
    check("master_key_check_digest_is_hex", sql`${table.digest} ~ '^[0-9a-f]{64}$'`),
  ],
).enableRLS();
