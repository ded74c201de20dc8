import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import {
  artifactState,
  instant,
  snapshotCause,
  snapshotKind,
  snapshotStatus,
  snapshotType,
} from "./columns.js";
import { instances } from "./instances.js";
import { projects } from "./projects.js";
import { ownProjectOnly } from "./tenancy.js";

/** A copy of an instance's data at `taken_at`. Windows are stamped when it completes; flags are computed from them. */
export const snapshots = pgTable(
  "snapshots",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    instanceId: uuid("instance_id")
      .notNull()
      .references(() => instances.id),
    type: snapshotType().notNull(),
    kind: snapshotKind().notNull(),
    cause: snapshotCause().notNull(),
    status: snapshotStatus().notNull(),
    name: text(),
    /** The instant whose data it holds; the instant of the request until the engine's consistent point is known. */
    takenAt: instant("taken_at").notNull(),
    completedAt: instant("completed_at"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    storedBytes: bigint("stored_bytes", { mode: "number" }),
    /** SHA-256 (hex) of the artifact's manifest, which holds the digests of all its objects. */
    sha256: text(),
    /** Where in the store the artifact's objects begin. */
    artifactKey: text("artifact_key"),
    artifactState: artifactState("artifact_state").notNull().default("NONE"),
    /** What a DIFFERENTIAL builds on. */
    baseId: uuid("base_id").references((): AnyPgColumn => snapshots.id),
    /** The FULL at which the chain starts (itself, for a snapshot that stands alone), and the distance from it. */
    chainRootId: uuid("chain_root_id").notNull(),
    chainDepth: integer("chain_depth").notNull(),
    /** When an artifact below this snapshot in its chain was found damaged or was purged. */
    chainBrokenAt: instant("chain_broken_at"),
    policyVersion: text("policy_version"),
    restorableUntil: instant("restorable_until"),
    /** Null: never exportable. */
    exportableUntil: instant("exportable_until"),
    /** Stamped from the policy: only the first completed scheduled FULL of a UTC day may be exported. */
    exportFirstFullOfDayOnly: boolean("export_first_full_of_day_only").notNull().default(false),
    /** When the day it was taken in began: midnight UTC, unless a trial policy has shorter days. Set on completion. */
    dayStartsAt: instant("day_starts_at"),
    /** Whether it is that first one. */
    firstFullOfDay: boolean("first_full_of_day").notNull().default(false),
    /** FREE: when a newer one completed. */
    supersededAt: instant("superseded_at"),
    /** The hold that keeps it past its windows; null: none. */
    holdId: uuid("hold_id"),
    /** When a sweep looks whether anybody still needs its artifact: its window's end, later where others build on it. */
    purgeCheckAt: instant("purge_check_at"),
    /** When a PURGED one's objects had left the store; null until then, so that a sweep goes on with them. */
    artifactRemovedAt: instant("artifact_removed_at"),
    /** When subscribers were told that it has left the list. */
    removalToldAt: instant("removal_told_at"),
    /** The slot that a scheduled snapshot fills: no slot is filled twice. */
    slotAt: instant("slot_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    foreignKey({
      name: "snapshots_hold_is_its_own",
      columns: [table.holdId, table.id],
      foreignColumns: [holds.id, holds.snapshotId] as [AnyPgColumn, AnyPgColumn],
    }),
    check("snapshots_held_is_completed", sql`${table.holdId} is null or ${table.status} = 'COMPLETED'`),
    check(
      "snapshots_completed_has_artifact",
      sql`${table.status} <> 'COMPLETED' or (${table.artifactKey} is not null and ${table.sha256} is not null
        and ${table.artifactState} <> 'NONE' and ${table.completedAt} is not null and ${table.sizeBytes} is not null
        and ${table.storedBytes} is not null and ${table.restorableUntil} is not null and ${table.policyVersion} is not null)`,
    ),
    check("snapshots_sha256_is_hex", sql`${table.sha256} is null or ${table.sha256} ~ '^[0-9a-f]{64}$'`),
    check(
      "snapshots_incomplete_has_no_artifact",
      sql`${table.status} = 'COMPLETED' or ${table.artifactState} = 'NONE'`,
    ),
    check(
      "snapshots_differential_has_base",
      sql`(${table.kind} = 'DIFFERENTIAL') = (${table.baseId} is not null)`,
    ),
    check(
      "snapshots_chain_starts_alone",
      sql`(${table.baseId} is null) = (${table.chainRootId} = ${table.id}) and (${table.baseId} is null) = (${table.chainDepth} = 0)`,
    ),
    check("snapshots_on_demand_is_full", sql`${table.type} = 'SCHEDULED' or ${table.kind} = 'FULL'`),
    check("snapshots_type_fits_cause", sql`(${table.type} = 'ON_DEMAND') = (${table.cause} = 'ON_DEMAND')`),
    check(
      "snapshots_export_within_restore",
      sql`${table.exportableUntil} is null or ${table.exportableUntil} <= ${table.restorableUntil}`,
    ),
    check(
      "snapshots_differential_never_exported",
      sql`${table.kind} <> 'DIFFERENTIAL' or ${table.exportableUntil} is null`,
    ),
    check(
      "snapshots_first_full_has_day",
      sql`not ${table.firstFullOfDay} or ${table.dayStartsAt} is not null`,
    ),
    check(
      "snapshots_name_length",
      sql`${table.name} is null or char_length(${table.name}) between 1 and 100`,
    ),
    uniqueIndex("snapshots_one_first_full_of_day")
      .on(table.instanceId, table.dayStartsAt)
      .where(sql`${table.firstFullOfDay}`),
    uniqueIndex("snapshots_one_differential_per_base")
      .on(table.baseId)
      .where(sql`${table.baseId} is not null and ${table.status} = 'COMPLETED'`),
    uniqueIndex("snapshots_one_per_slot")
      .on(table.instanceId, table.cause, table.slotAt)
      .where(sql`${table.slotAt} is not null`),
    index("snapshots_by_instance").on(table.instanceId, table.takenAt, table.id),
    // What may be exported is a small part of what there is, and a list of it must not read the rest. The conditions are the
    // rules' own (exportRules in snapshots/eligibility.ts), without those that depend on the time.
    index("snapshots_exportable")
      .on(table.instanceId, table.takenAt, table.id)
      .where(
        sql`${table.status} = 'COMPLETED' and ${table.chainBrokenAt} is null and ${table.artifactState} <> 'PURGED'
        and ${table.artifactState} <> 'DAMAGED' and ${table.exportableUntil} is not null and ${table.kind} <> 'DIFFERENTIAL'
        and (${table.exportFirstFullOfDayOnly} <> true or ${table.type} <> 'SCHEDULED' or ${table.kind} <> 'FULL'
          or ${table.firstFullOfDay} <> false)`,
      ),
    index("snapshots_by_chain").on(table.chainRootId),
    index("snapshots_to_close")
      .on(table.restorableUntil)
      .where(sql`${table.status} = 'COMPLETED' and ${table.removalToldAt} is null`),
    index("snapshots_to_purge")
      .on(table.purgeCheckAt)
      .where(sql`${table.artifactState} in ('PRESENT', 'DAMAGED')`),
    index("snapshots_to_remove")
      .on(table.purgeCheckAt)
      .where(sql`${table.artifactState} = 'PURGED' and ${table.artifactRemovedAt} is null`),
  ],
);

/** Why a snapshot is kept past its windows, by whose word, and from when to when. Released ones stay as a record. */
export const holds = pgTable(
  "holds",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    snapshotId: uuid("snapshot_id")
      .notNull()
      .references((): AnyPgColumn => snapshots.id),
    reason: text().notNull(),
    /** The name of the key that placed it. */
    placedBy: text("placed_by").notNull(),
    placedAt: instant("placed_at").notNull(),
    releasedBy: text("released_by"),
    releasedAt: instant("released_at"),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    unique("holds_of_snapshot").on(table.id, table.snapshotId),
    uniqueIndex("holds_one_open_per_snapshot")
      .on(table.snapshotId)
      .where(sql`${table.releasedAt} is null`),
    index("holds_open_by_project")
      .on(table.projectId, table.placedAt)
      .where(sql`${table.releasedAt} is null`),
    check("holds_reason_length", sql`char_length(${table.reason}) between 1 and 500`),
    check("holds_released_by_someone", sql`(${table.releasedAt} is null) = (${table.releasedBy} is null)`),
  ],
);
