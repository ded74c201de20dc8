CREATE TABLE "holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"snapshot_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"placed_by" text NOT NULL,
	"placed_at" timestamp(3) with time zone NOT NULL,
	"released_by" text,
	"released_at" timestamp(3) with time zone,
	CONSTRAINT "holds_of_snapshot" UNIQUE("id","snapshot_id"),
	CONSTRAINT "holds_reason_length" CHECK (char_length("holds"."reason") between 1 and 500),
	CONSTRAINT "holds_released_by_someone" CHECK (("holds"."released_at" is null) = ("holds"."released_by" is null))
);
--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "hold_id" uuid;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_snapshot_id_snapshots_id_fk" FOREIGN KEY ("snapshot_id") REFERENCES "public"."snapshots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "holds_one_open_per_snapshot" ON "holds" USING btree ("snapshot_id") WHERE "holds"."released_at" is null;--> statement-breakpoint
CREATE INDEX "holds_open_by_project" ON "holds" USING btree ("project_id","placed_at" DESC NULLS LAST) WHERE "holds"."released_at" is null;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_hold_is_its_own" FOREIGN KEY ("hold_id","id") REFERENCES "public"."holds"("id","snapshot_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_held_is_completed" CHECK ("snapshots"."hold_id" is null or "snapshots"."status" = 'COMPLETED');