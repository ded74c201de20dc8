import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant, role } from "./columns.js";
import { ownProjectOnly } from "./tenancy.js";

/** A tenant: everything else belongs to exactly one. */
export const projects = pgTable(
  "projects",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [ownProjectOnly(table.id)],
);

/** What a client proves itself with. The secret is never stored, only the SHA-256 of the whole key. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text().notNull(),
    role: role().notNull(),
    /** The first characters of the key, to recognise it in a list. */
    prefix: text().notNull(),
    secretSha256: text("secret_sha256").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [ownProjectOnly(table.projectId), index("api_keys_by_project").on(table.projectId)],
);
