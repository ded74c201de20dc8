import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { cloudProvider, instant, snapshotCause } from "./columns.js";
import { instances } from "./instances.js";
import { projects } from "./projects.js";
import { snapshots } from "./snapshots.js";
import { ownProjectOnly } from "./tenancy.js";

/**
 * Scheduled snapshots that are still owed, a handful for each instance: the next slot of its cadence, and what
 * its creation or a system change asks for. Taking a slot removes its row; a failed try puts it back.
 */
export const slots = pgTable(
  "slots",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    instanceId: uuid("instance_id")
      .notNull()
      .references(() => instances.id),
    cause: snapshotCause().notNull(),
    /** The instant that the snapshot stands for, whenever it is taken. */
    slotAt: instant("slot_at").notNull(),
    /** When the scheduler looks at it: the slot itself, or later where the instance was busy or a try failed. */
    dueAt: instant("due_at").notNull(),
    /** The instance's place, so that each place's oldest are found without the others'. */
    cloudProvider: cloudProvider("cloud_provider").notNull(),
    region: text().notNull(),
    /** The snapshot whose earlier try failed; null before the first one. */
    snapshotId: uuid("snapshot_id").references(() => snapshots.id),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    primaryKey({ columns: [table.instanceId, table.cause, table.slotAt] }),
    index("slots_due").on(table.cloudProvider, table.region, table.dueAt),
  ],
);
