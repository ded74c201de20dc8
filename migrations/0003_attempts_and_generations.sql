ALTER TABLE "instances" ADD COLUMN "last_generation" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "instances" SET "last_generation" = "generation";--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "unreported_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "retries" integer DEFAULT 0 NOT NULL;