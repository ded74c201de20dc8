CREATE TYPE "public"."delivery_status" AS ENUM('PENDING', 'DELIVERED', 'FAILED');--> statement-breakpoint
CREATE TYPE "public"."webhook_event" AS ENUM('OPERATION_SUCCEEDED', 'OPERATION_FAILED', 'OPERATION_CANCELED', 'SNAPSHOT_REMOVED');--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"event" "webhook_event" NOT NULL,
	"subject_id" uuid NOT NULL,
	"body" text NOT NULL,
	"status" "delivery_status" NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_attempt_at" timestamp(3) with time zone,
	"last_status" integer,
	"last_error" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"delivered_at" timestamp(3) with time zone,
	CONSTRAINT "webhook_deliveries_delivered_at" CHECK (("webhook_deliveries"."status" = 'DELIVERED') = ("webhook_deliveries"."delivered_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"url" text NOT NULL,
	"events" "webhook_event"[] NOT NULL,
	"wrapped_secret" text NOT NULL,
	"former_wrapped_secret" text,
	"former_secret_ends_at" timestamp(3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "webhooks_wants_events" CHECK (cardinality("webhooks"."events") > 0),
	CONSTRAINT "webhooks_former_secret_ends" CHECK (("webhooks"."former_wrapped_secret" is null) = ("webhooks"."former_secret_ends_at" is null))
);
--> statement-breakpoint
ALTER TABLE "webhooks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("webhook_id","event","subject_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_webhook" ON "webhook_deliveries" USING btree ("webhook_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_age" ON "webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhooks_by_project" ON "webhooks" USING btree ("project_id","created_at","id");--> statement-breakpoint
CREATE POLICY "own_project_only" ON "webhook_deliveries" AS PERMISSIVE FOR ALL TO "daguerre_tenant" USING ("webhook_deliveries"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid)) WITH CHECK ("webhook_deliveries"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "own_project_only" ON "webhooks" AS PERMISSIVE FOR ALL TO "daguerre_tenant" USING ("webhooks"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid)) WITH CHECK ("webhooks"."project_id" = (select nullif(current_setting('daguerre.project_id', true), '')::uuid));