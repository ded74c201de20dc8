-- Whose a row is goes with its instance. A planner that takes the two for independent expects one of fifty projects to own a
-- fiftieth of an instance's snapshots, and so reads and sorts all of them for a page.
CREATE STATISTICS "snapshots_whose_instance" (dependencies) ON "instance_id", "project_id" FROM "snapshots";--> statement-breakpoint
CREATE STATISTICS "operations_whose_instance" (dependencies) ON "instance_id", "project_id" FROM "operations";--> statement-breakpoint
ANALYZE "snapshots", "operations";
