DROP INDEX "snapshots_one_first_full_of_day";--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "day_starts_at" timestamp(3) with time zone;--> statement-breakpoint
UPDATE "snapshots" SET "day_starts_at" = date_trunc('day', "taken_at", 'UTC') WHERE "status" = 'COMPLETED';--> statement-breakpoint
CREATE UNIQUE INDEX "snapshots_one_first_full_of_day" ON "snapshots" USING btree ("instance_id","day_starts_at") WHERE "snapshots"."first_full_of_day";--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_first_full_has_day" CHECK (not "snapshots"."first_full_of_day" or "snapshots"."day_starts_at" is not null);