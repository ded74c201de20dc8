CREATE TYPE "public"."artifact_state" AS ENUM('NONE', 'PRESENT', 'DAMAGED', 'PURGED');--> statement-breakpoint
CREATE TYPE "public"."cloud_provider" AS ENUM('AWS', 'AZURE', 'GCP');--> statement-breakpoint
CREATE TYPE "public"."failure_code" AS ENUM('ENGINE_UNAVAILABLE', 'ARTIFACT_DAMAGED', 'STORE_UNAVAILABLE', 'OUT_OF_SPACE', 'TIMED_OUT', 'WORKER_LOST', 'INTERNAL');--> statement-breakpoint
CREATE TYPE "public"."instance_status" AS ENUM('CREATING', 'RUNNING', 'RESTORING', 'DELETING', 'FAILED');--> statement-breakpoint
CREATE TYPE "public"."major_version" AS ENUM('V4', 'V5');--> statement-breakpoint
CREATE TYPE "public"."operation_kind" AS ENUM('CREATE_INSTANCE', 'DELETE_INSTANCE', 'SNAPSHOT', 'RESTORE', 'EXPORT');--> statement-breakpoint
CREATE TYPE "public"."operation_phase" AS ENUM('QUEUED', 'PREPARING', 'COPYING', 'VERIFYING', 'SWITCHING', 'FINISHING', 'DONE');--> statement-breakpoint
CREATE TYPE "public"."operation_status" AS ENUM('QUEUED', 'RUNNING', 'CANCELING', 'SUCCEEDED', 'FAILED', 'CANCELED');--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('VIEWER', 'MEMBER', 'ADMIN');--> statement-breakpoint
CREATE TYPE "public"."snapshot_cause" AS ENUM('INSTANCE_CREATED', 'SYSTEM_CHANGE', 'CADENCE', 'ON_DEMAND');--> statement-breakpoint
CREATE TYPE "public"."snapshot_kind" AS ENUM('FULL', 'SHORT_RETENTION', 'DIFFERENTIAL');--> statement-breakpoint
CREATE TYPE "public"."snapshot_status" AS ENUM('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELED');--> statement-breakpoint
CREATE TYPE "public"."snapshot_type" AS ENUM('SCHEDULED', 'ON_DEMAND');--> statement-breakpoint
CREATE TYPE "public"."tier" AS ENUM('FREE', 'PROFESSIONAL', 'BUSINESS_CRITICAL', 'VIRTUAL_DEDICATED_CLOUD', 'DS_PROFESSIONAL', 'DS_ENTERPRISE');--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"role" "role" NOT NULL,
	"prefix" text NOT NULL,
	"secret_sha256" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "api_keys_secret_sha256_unique" UNIQUE("secret_sha256")
);
--> statement-breakpoint
CREATE TABLE "exports" (
	"operation_id" uuid PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"object_key" text NOT NULL,
	"wrapped_key" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"purged_at" timestamp(3) with time zone,
	CONSTRAINT "exports_sha256_is_hex" CHECK ("exports"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "instances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"tier" "tier" NOT NULL,
	"version" "major_version" NOT NULL,
	"cloud_provider" "cloud_provider" NOT NULL,
	"region" text NOT NULL,
	"status" "instance_status" NOT NULL,
	"engine" text NOT NULL,
	"engine_version" text,
	"generation" integer DEFAULT 0 NOT NULL,
	"size_bytes" bigint,
	"source_snapshot_id" uuid,
	"created_at" timestamp(3) with time zone NOT NULL,
	"next_scheduled_snapshot_at" timestamp(3) with time zone,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "instances_name_length" CHECK (char_length("instances"."name") between 1 and 100),
	CONSTRAINT "instances_no_business_critical_v4" CHECK (not ("instances"."tier" = 'BUSINESS_CRITICAL' and "instances"."version" = 'V4')),
	CONSTRAINT "instances_running_has_data" CHECK ("instances"."status" not in ('RUNNING', 'RESTORING') or "instances"."generation" > 0)
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	"kind" "operation_kind" NOT NULL,
	"status" "operation_status" NOT NULL,
	"phase" "operation_phase" NOT NULL,
	"percent" double precision DEFAULT 0 NOT NULL,
	"bytes_done" bigint DEFAULT 0 NOT NULL,
	"bytes_total" bigint,
	"eta_seconds" integer,
	"revision" integer DEFAULT 1 NOT NULL,
	"exclusive" boolean NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"failure_code" "failure_code",
	"failure_message" text,
	"failure_retryable" boolean,
	"requested_by" text,
	"snapshot_id" uuid,
	"source_snapshot_id" uuid,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"idempotency_key" text,
	"request_sha256" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "operations_percent_range" CHECK ("operations"."percent" between 0 and 100),
	CONSTRAINT "operations_whole_when_succeeded" CHECK (("operations"."percent" = 100) = ("operations"."status" = 'SUCCEEDED')),
	CONSTRAINT "operations_failed_has_code" CHECK (("operations"."status" = 'FAILED') = ("operations"."failure_code" is not null)),
	CONSTRAINT "operations_finished_at_when_terminal" CHECK (("operations"."status" in ('SUCCEEDED', 'FAILED', 'CANCELED')) = ("operations"."finished_at" is not null)),
	CONSTRAINT "operations_snapshot_takes_one" CHECK (("operations"."kind" = 'SNAPSHOT') = ("operations"."snapshot_id" is not null)),
	CONSTRAINT "operations_reads_a_source" CHECK ("operations"."kind" not in ('RESTORE', 'EXPORT') or "operations"."source_snapshot_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	"type" "snapshot_type" NOT NULL,
	"kind" "snapshot_kind" NOT NULL,
	"cause" "snapshot_cause" NOT NULL,
	"status" "snapshot_status" NOT NULL,
	"name" text,
	"taken_at" timestamp(3) with time zone NOT NULL,
	"completed_at" timestamp(3) with time zone,
	"size_bytes" bigint,
	"stored_bytes" bigint,
	"sha256" text,
	"artifact_key" text,
	"artifact_state" "artifact_state" DEFAULT 'NONE' NOT NULL,
	"base_id" uuid,
	"chain_root_id" uuid NOT NULL,
	"chain_depth" integer NOT NULL,
	"chain_broken_at" timestamp(3) with time zone,
	"policy_version" text,
	"restorable_until" timestamp(3) with time zone,
	"exportable_until" timestamp(3) with time zone,
	"export_first_full_of_day_only" boolean DEFAULT false NOT NULL,
	"first_full_of_day" boolean DEFAULT false NOT NULL,
	"superseded_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "snapshots_completed_has_artifact" CHECK ("snapshots"."status" <> 'COMPLETED' or ("snapshots"."artifact_key" is not null and "snapshots"."sha256" is not null
        and "snapshots"."artifact_state" <> 'NONE' and "snapshots"."completed_at" is not null and "snapshots"."size_bytes" is not null
        and "snapshots"."stored_bytes" is not null and "snapshots"."restorable_until" is not null and "snapshots"."policy_version" is not null)),
	CONSTRAINT "snapshots_sha256_is_hex" CHECK ("snapshots"."sha256" is null or "snapshots"."sha256" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "snapshots_incomplete_has_no_artifact" CHECK ("snapshots"."status" = 'COMPLETED' or "snapshots"."artifact_state" = 'NONE'),
	CONSTRAINT "snapshots_differential_has_base" CHECK (("snapshots"."kind" = 'DIFFERENTIAL') = ("snapshots"."base_id" is not null)),
	CONSTRAINT "snapshots_chain_starts_alone" CHECK (("snapshots"."base_id" is null) = ("snapshots"."chain_root_id" = "snapshots"."id") and ("snapshots"."base_id" is null) = ("snapshots"."chain_depth" = 0)),
	CONSTRAINT "snapshots_on_demand_is_full" CHECK ("snapshots"."type" = 'SCHEDULED' or "snapshots"."kind" = 'FULL'),
	CONSTRAINT "snapshots_type_fits_cause" CHECK (("snapshots"."type" = 'ON_DEMAND') = ("snapshots"."cause" = 'ON_DEMAND')),
	CONSTRAINT "snapshots_export_within_restore" CHECK ("snapshots"."exportable_until" is null or "snapshots"."exportable_until" <= "snapshots"."restorable_until"),
	CONSTRAINT "snapshots_differential_never_exported" CHECK ("snapshots"."kind" <> 'DIFFERENTIAL' or "snapshots"."exportable_until" is null),
	CONSTRAINT "snapshots_name_length" CHECK ("snapshots"."name" is null or char_length("snapshots"."name") between 1 and 100)
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exports" ADD CONSTRAINT "exports_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instances" ADD CONSTRAINT "instances_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_snapshot_id_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_source_snapshot_id_snapshots_id_fk" FOREIGN KEY ("source_snapshot_id") REFERENCES "public"."snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_base_id_snapshots_id_fk" FOREIGN KEY ("base_id") REFERENCES "public"."snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_by_project" ON "api_keys" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "exports_to_purge" ON "exports" USING btree ("expires_at") WHERE "exports"."purged_at" is null;--> statement-breakpoint
CREATE INDEX "instances_by_project" ON "instances" USING btree ("project_id","created_at","id") WHERE "instances"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "instances_due" ON "instances" USING btree ("next_scheduled_snapshot_at") WHERE "instances"."deleted_at" is null and "instances"."next_scheduled_snapshot_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_exclusive_per_instance" ON "operations" USING btree ("instance_id") WHERE "operations"."exclusive" and "operations"."status" in ('QUEUED', 'RUNNING', 'CANCELING');--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_per_idempotency_key" ON "operations" USING btree ("project_id","idempotency_key") WHERE "operations"."idempotency_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_per_taken_snapshot" ON "operations" USING btree ("snapshot_id") WHERE "operations"."snapshot_id" is not null;--> statement-breakpoint
CREATE INDEX "operations_by_instance" ON "operations" USING btree ("instance_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operations_unfinished" ON "operations" USING btree ("created_at") WHERE "operations"."status" in ('QUEUED', 'RUNNING', 'CANCELING');--> statement-breakpoint
CREATE INDEX "operations_by_source" ON "operations" USING btree ("source_snapshot_id") WHERE "operations"."source_snapshot_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "snapshots_one_first_full_of_day" ON "snapshots" USING btree ("instance_id",(("taken_at" at time zone 'UTC')::date)) WHERE "snapshots"."first_full_of_day";--> statement-breakpoint
CREATE UNIQUE INDEX "snapshots_one_differential_per_base" ON "snapshots" USING btree ("base_id") WHERE "snapshots"."base_id" is not null and "snapshots"."status" = 'COMPLETED';--> statement-breakpoint
CREATE INDEX "snapshots_by_instance" ON "snapshots" USING btree ("instance_id","taken_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "snapshots_by_chain" ON "snapshots" USING btree ("chain_root_id");