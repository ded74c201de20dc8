CREATE TABLE "policies" (
	"version" text PRIMARY KEY NOT NULL,
	"sha256" text NOT NULL,
	"content" jsonb NOT NULL,
	"first_used_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "policies_sha256_is_hex" CHECK ("policies"."sha256" ~ '^[0-9a-f]{64}$')
);
