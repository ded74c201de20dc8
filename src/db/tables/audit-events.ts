import { sql } from "drizzle-orm";
import { index, pgPolicy, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { auditOutcome, instant, role } from "./columns.js";
import { projects } from "./projects.js";
import { ownProject, tenantRole } from "./tenancy.js";

/** Who did what. Rows are only ever added: a trigger refuses everything else, to the service itself too. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: uuid()
      .primaryKey()
      .default(sql`gen_random_uuid()`),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    at: instant("at").notNull(),
    /** The mutation's name. */
    action: text().notNull(),
    outcome: auditOutcome().notNull(),
    /** Why not, as the codes of errors. */
    reason: text(),
    /** A key's row id, or a token's subject; not a foreign key, since a record outlives what it names. */
    keyId: text("key_id").notNull(),
    keyName: text("key_name").notNull(),
    role: role().notNull(),
    address: text(),
    userAgent: text("user_agent"),
    /** Public id of what was acted upon; as the client sent it where the request was refused. */
    objectId: text("object_id"),
    /** Public id of the operation that was started. */
    operationId: text("operation_id"),
  },
  (table) => [
    pgPolicy("own_project_read", { for: "select", to: tenantRole, using: ownProject(table.projectId) }),
    pgPolicy("own_project_add", { for: "insert", to: tenantRole, withCheck: ownProject(table.projectId) }),
    index("audit_events_by_project").on(table.projectId, table.at.desc(), table.id.desc()),
  ],
);
