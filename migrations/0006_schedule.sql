CREATE TABLE "slots" (
	"project_id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	"cause" "snapshot_cause" NOT NULL,
	"slot_at" timestamp(3) with time zone NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"cloud_provider" "cloud_provider" NOT NULL,
	"region" text NOT NULL,
	"snapshot_id" uuid,
	CONSTRAINT "slots_instance_id_cause_slot_at_pk" PRIMARY KEY("instance_id","cause","slot_at")
);
--> statement-breakpoint
ALTER TABLE "slots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "operations_one_per_taken_snapshot";--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "purge_check_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "artifact_removed_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "removal_told_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "slot_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_snapshot_id_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slots_due" ON "slots" USING btree ("cloud_provider","region","due_at");--> statement-breakpoint
CREATE INDEX "operations_by_taken_snapshot" ON "operations" USING btree ("snapshot_id","created_at" DESC NULLS LAST) WHERE "operations"."snapshot_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "snapshots_one_per_slot" ON "snapshots" USING btree ("instance_id","cause","slot_at") WHERE "snapshots"."slot_at" is not null;--> statement-breakpoint
CREATE INDEX "snapshots_to_close" ON "snapshots" USING btree ("restorable_until") WHERE "snapshots"."status" = 'COMPLETED' and "snapshots"."removal_told_at" is null;--> statement-breakpoint
CREATE INDEX "snapshots_to_purge" ON "snapshots" USING btree ("purge_check_at") WHERE "snapshots"."artifact_state" in ('PRESENT', 'DAMAGED');--> statement-breakpoint
CREATE INDEX "snapshots_to_remove" ON "snapshots" USING btree ("purge_check_at") WHERE "snapshots"."artifact_state" = 'PURGED' and "snapshots"."artifact_removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_per_taken_snapshot" ON "operations" USING btree ("snapshot_id") WHERE "operations"."snapshot_id" is not null and "operations"."status" not in ('FAILED', 'CANCELED');--> statement-breakpoint
CREATE POLICY "own_project_only" ON "slots" AS PERMISSIVE FOR ALL TO "daguerre_tenant" USING ("slots"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid)) WITH CHECK ("slots"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid));--> statement-breakpoint
UPDATE "snapshots" SET "purge_check_at" = "restorable_until" WHERE "status" = 'COMPLETED';
