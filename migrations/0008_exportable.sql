DROP INDEX "holds_open_by_project";--> statement-breakpoint
DROP INDEX "operations_by_instance";--> statement-breakpoint
DROP INDEX "snapshots_by_instance";--> statement-breakpoint
CREATE INDEX "snapshots_exportable" ON "snapshots" USING btree ("instance_id","taken_at","id") WHERE "snapshots"."status" = 'COMPLETED' and "snapshots"."chain_broken_at" is null and "snapshots"."artifact_state" <> 'PURGED'
        and "snapshots"."artifact_state" <> 'DAMAGED' and "snapshots"."exportable_until" is not null and "snapshots"."kind" <> 'DIFFERENTIAL'
        and ("snapshots"."export_first_full_of_day_only" <> true or "snapshots"."type" <> 'SCHEDULED' or "snapshots"."kind" <> 'FULL'
          or "snapshots"."first_full_of_day" <> false);--> statement-breakpoint
CREATE INDEX "holds_open_by_project" ON "holds" USING btree ("project_id","placed_at") WHERE "holds"."released_at" is null;--> statement-breakpoint
CREATE INDEX "operations_by_instance" ON "operations" USING btree ("instance_id","created_at","id");--> statement-breakpoint
CREATE INDEX "snapshots_by_instance" ON "snapshots" USING btree ("instance_id","taken_at","id");