import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.js";
import { operations } from "./operations.js";
import { ownOnly } from "./tenancy.js";

/** The one file that an EXPORT operation made, until its link expires. */
export const exports_ = pgTable(
  "exports",
  {
    operationId: uuid("operation_id")
      .primaryKey()
      .references(() => operations.id),
    fileName: text("file_name").notNull(),
    objectKey: text("object_key").notNull(),
    /** The wrapped key that seals the object at rest, in base64. */
    wrappedKey: text("wrapped_key").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    sha256: text().notNull(),
    expiresAt: instant("expires_at").notNull(),
    purgedAt: instant("purged_at"),
  },
  (table) => [
    // What a tenant sees of the operations is ruled by their own policy.
    ownOnly(sql`exists (select from ${operations} where ${operations.id} = ${table.operationId})`),
    check("exports_sha256_is_hex", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
    index("exports_to_purge")
      .on(table.expiresAt)
      .where(sql`${table.purgedAt} is null`),
  ],
);
