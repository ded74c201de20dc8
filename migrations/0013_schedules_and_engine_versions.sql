DROP INDEX "instances_due";--> statement-breakpoint
CREATE INDEX "instances_by_schedule" ON "instances" USING btree ("tier","version","next_scheduled_snapshot_at") WHERE "instances"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "instances_by_engine_version" ON "instances" USING btree ("engine","version","engine_version") WHERE "instances"."deleted_at" is null;