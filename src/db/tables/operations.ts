import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { failureCode, instant, operationKind, operationPhase, operationStatus } from "./columns.js";
import { instances } from "./instances.js";
import { projects } from "./projects.js";
import { snapshots } from "./snapshots.js";
import { ownProjectOnly } from "./tenancy.js";

/** One long-running piece of work as users see it. `revision` grows by one on every stored change. */
export const operations = pgTable(
  "operations",
  {
    id: uuid().primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    instanceId: uuid("instance_id")
      .notNull()
      .references(() => instances.id),
    kind: operationKind().notNull(),
    status: operationStatus().notNull(),
    phase: operationPhase().notNull(),
    percent: doublePrecision().notNull().default(0),
    bytesDone: bigint("bytes_done", { mode: "number" }).notNull().default(0),
    bytesTotal: bigint("bytes_total", { mode: "number" }),
    etaSeconds: integer("eta_seconds"),
    revision: integer().notNull().default(1),
    /** Whether it touches the instance's data, so that no other such operation may run beside it. */
    exclusive: boolean().notNull(),
    /** Counts the workers that have taken it up. A worker may store nothing once a later one has begun. */
    attempt: integer().notNull().default(0),
    /** Of these, how many have not said how they ended: the present one, and those whose worker died. */
    unreportedAttempts: integer("unreported_attempts").notNull().default(0),
    /** Of these, how many gave up for a reason that may pass, such as a store that does not answer. */
    retries: integer().notNull().default(0),
    failureCode: failureCode("failure_code"),
    failureMessage: text("failure_message"),
    failureRetryable: boolean("failure_retryable"),
    requestedBy: text("requested_by"),
    /** The snapshot that a SNAPSHOT operation takes. */
    snapshotId: uuid("snapshot_id").references(() => snapshots.id),
    /** What a RESTORE, an EXPORT or a CREATE_INSTANCE reads. */
    sourceSnapshotId: uuid("source_snapshot_id").references(() => snapshots.id),
    /** What the job needs to know beyond the columns, as its use case wrote it. */
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 (hex) of the mutation and its input: the same key with another body is a conflict. */
    requestSha256: text("request_sha256"),
    createdAt: instant("created_at").notNull(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    ownProjectOnly(table.projectId),
    uniqueIndex("operations_one_exclusive_per_instance")
      .on(table.instanceId)
      .where(sql`${table.exclusive} and ${table.status} in ('QUEUED', 'RUNNING', 'CANCELING')`),
    uniqueIndex("operations_one_per_idempotency_key")
      .on(table.projectId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    // A scheduled snapshot may be tried again: the tries that failed stay beside the one that counts.
    uniqueIndex("operations_one_per_taken_snapshot")
      .on(table.snapshotId)
      .where(sql`${table.snapshotId} is not null and ${table.status} not in ('FAILED', 'CANCELED')`),
    index("operations_by_taken_snapshot")
      .on(table.snapshotId, table.createdAt.desc())
      .where(sql`${table.snapshotId} is not null`),
    index("operations_by_instance").on(table.instanceId, table.createdAt, table.id),
    index("operations_unfinished")
      .on(table.createdAt)
      .where(sql`${table.status} in ('QUEUED', 'RUNNING', 'CANCELING')`),
    index("operations_by_source")
      .on(table.sourceSnapshotId)
      .where(sql`${table.sourceSnapshotId} is not null`),
    check("operations_percent_range", sql`${table.percent} between 0 and 100`),
    check("operations_whole_when_succeeded", sql`(${table.percent} = 100) = (${table.status} = 'SUCCEEDED')`),
    check(
      "operations_failed_has_code",
      sql`(${table.status} = 'FAILED') = (${table.failureCode} is not null)`,
    ),
    check(
      "operations_finished_at_when_terminal",
      sql`(${table.status} in ('SUCCEEDED', 'FAILED', 'CANCELED')) = (${table.finishedAt} is not null)`,
    ),
    check(
      "operations_snapshot_takes_one",
      sql`(${table.kind} = 'SNAPSHOT') = (${table.snapshotId} is not null)`,
    ),
    check(
      "operations_reads_a_source",
      sql`${table.kind} not in ('RESTORE', 'EXPORT') or ${table.sourceSnapshotId} is not null`,
    ),
  ],
);
