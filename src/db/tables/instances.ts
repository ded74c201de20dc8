import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { cloudProvider, instanceStatus, instant, majorVersion, tier } from "./columns.js";
import { projects } from "./projects.js";
import { ownProjectOnly } from "./tenancy.js";

/** A database of a project. A deleted one keeps its row (`deleted_at`), since operations and snapshots name it. */
export const instances = pgTable(
  "instances",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    name: text().notNull(),
    tier: tier().notNull(),
    version: majorVersion().notNull(),
    cloudProvider: cloudProvider("cloud_provider").notNull(),
    region: text().notNull(),
    status: instanceStatus().notNull(),
    /** Which driver holds the data. */
    engine: text().notNull(),
    engineVersion: text("engine_version"),
    /**
     * Which generation of the data is the live one; 0 before the first exists. A restore builds the
     * next generation aside and this number alone decides, in one transaction, which of them is the instance.
     */
    generation: integer().notNull().default(0),
    /** The highest number that an attempt at a generation was given. None is given twice, so that a stalled worker writes nowhere else. */
    lastGeneration: integer("last_generation").notNull().default(0),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    /** Set on an instance made from a snapshot. Not a foreign key: the snapshot may be purged. */
    sourceSnapshotId: uuid("source_snapshot_id"),
    createdAt: instant("created_at").notNull(),
    /** When the scheduler acts next; null where the tier has no schedule. */
    nextScheduledSnapshotAt: instant("next_scheduled_snapshot_at"),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    check("instances_name_length", sql`char_length(${table.name}) between 1 and 100`),
    check(
      "instances_no_business_critical_v4",
      sql`not (${table.tier} = 'BUSINESS_CRITICAL' and ${table.version} = 'V4')`,
    ),
    check(
      "instances_running_has_data",
      sql`${table.status} not in ('RUNNING', 'RESTORING') or ${table.generation} > 0`,
    ),
    index("instances_by_project")
      .on(table.projectId, table.createdAt, table.id)
      .where(sql`${table.deletedAt} is null`),
    index("instances_deleted_by_project")
      .on(table.projectId, table.createdAt, table.id)
      .where(sql`${table.deletedAt} is not null`),
    // By these the sweeps find whose schedule is not its tier's, and whose engine's version is not the latest.
    index("instances_by_schedule")
      .on(table.tier, table.version, table.nextScheduledSnapshotAt)
      .where(sql`${table.deletedAt} is null`),
    index("instances_by_engine_version")
      .on(table.engine, table.version, table.engineVersion)
      .where(sql`${table.deletedAt} is null`),
  ],
);
