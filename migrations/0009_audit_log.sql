CREATE TYPE "public"."audit_outcome" AS ENUM('GRANTED', 'REPLAYED', 'REFUSED', 'FAILED');--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"action" text NOT NULL,
	"outcome" "audit_outcome" NOT NULL,
	"reason" text,
	"key_id" text NOT NULL,
	"key_name" text NOT NULL,
	"role" "role" NOT NULL,
	"address" text,
	"user_agent" text,
	"object_id" text,
	"operation_id" text
);
--> statement-breakpoint
ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_by_project" ON "audit_events" USING btree ("project_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE POLICY "own_project_read" ON "audit_events" AS PERMISSIVE FOR SELECT TO "daguerre_tenant" USING ("audit_events"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "own_project_add" ON "audit_events" AS PERMISSIVE FOR INSERT TO "daguerre_tenant" WITH CHECK ("audit_events"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid));