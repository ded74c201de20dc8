import { eq } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import { projects } from "../db/tables/index.js";
import type { Scope } from "./viewer.js";

export type ProjectRow = typeof projects.$inferSelect;

export async function findProject(db: Queryable, scope: Scope): Promise<ProjectRow | undefined> {
  return (await db.select().from(projects).where(eq(projects.id, scope.projectId)))[0];
}
