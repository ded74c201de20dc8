CREATE TABLE "master_key_check" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"digest" text NOT NULL,
	"recorded_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "master_key_check_one_row" CHECK ("master_key_check"."only"),
	CONSTRAINT "master_key_check_digest_is_hex" CHECK ("master_key_check"."digest" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "master_key_check" ENABLE ROW LEVEL SECURITY;