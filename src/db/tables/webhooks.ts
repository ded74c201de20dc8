import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { deliveryStatus, instant, webhookEvent } from "./columns.js";
import { projects } from "./projects.js";
import { ownProjectOnly } from "./tenancy.js";

/** Where a project wants to be told of events. Secrets are kept wrapped by the master key. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    url: text().notNull(),
    events: webhookEvent().array().notNull(),
    /** Base64; the context of the wrapping is the webhook's id. */
    wrappedSecret: text("wrapped_secret").notNull(),
    /** After a rotation the former secret signs too, for a while. */
    formerWrappedSecret: text("former_wrapped_secret"),
    formerSecretEndsAt: instant("former_secret_ends_at"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    check("webhooks_wants_events", sql`cardinality(${table.events}) > 0`),
    check(
      "webhooks_former_secret_ends",
      sql`(${table.formerWrappedSecret} is null) = (${table.formerSecretEndsAt} is null)`,
    ),
    index("webhooks_by_project").on(table.projectId, table.createdAt, table.id),
  ],
);

/** One event for one webhook: written in the transaction that made it true, sent by a job of the same id. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    webhookId: uuid("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    event: webhookEvent().notNull(),
    /** The operation or the snapshot that it is about. */
    subjectId: uuid("subject_id").notNull(),
    /** JSON, byte for byte as it is signed and sent, each time. */
    body: text().notNull(),
    status: deliveryStatus().notNull(),
    attempts: integer().notNull().default(0),
    lastAttemptAt: instant("last_attempt_at"),
    /** What the last attempt met: an HTTP status, or in words why there was none. */
    lastStatus: integer("last_status"),
    lastError: text("last_error"),
    createdAt: instant("created_at").notNull(),
    deliveredAt: instant("delivered_at"),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    check(
      "webhook_deliveries_delivered_at",
      sql`(${table.status} = 'DELIVERED') = (${table.deliveredAt} is not null)`,
    ),
    uniqueIndex("webhook_deliveries_once").on(table.webhookId, table.event, table.subjectId),
    index("webhook_deliveries_by_webhook").on(table.webhookId, table.createdAt.desc(), table.id.desc()),
    index("webhook_deliveries_by_age").on(table.createdAt),
  ],
);
