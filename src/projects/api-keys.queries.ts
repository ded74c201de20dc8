import { and, eq, inArray, isNull, lt, or } from "drizzle-orm";
import type { Database, Queryable } from "../db/client.js";
import { pageRead } from "../db/page-read.js";
import type { Page, PageRequest } from "../db/page.js";
import { apiKeys, projects } from "../db/tables/index.js";
import { hashApiKey, prefixOf } from "./api-key.js";
import type { ProjectRow } from "./projects.queries.js";
import type { Scope } from "./viewer.js";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** The key whose secret hashes to this, live or not, with its project. The only query without a scope: it finds one. */
export async function findApiKeyByHash(
  db: Queryable,
  secretSha256: string,
): Promise<{ apiKey: ApiKeyRow; project: ProjectRow } | undefined> {
  const rows = await db
    .select({ apiKey: apiKeys, project: projects })
    .from(apiKeys)
    .innerJoin(projects, eq(projects.id, apiKeys.projectId))
    .where(eq(apiKeys.secretSha256, secretSha256));
  return rows[0];
}

const own = (scope: Scope) => eq(apiKeys.projectId, scope.projectId);

const readPage = pageRead<ApiKeyRow, null>({
  name: "api-keys-page",
  table: apiKeys,
  project: apiKeys.projectId,
  order: { at: apiKeys.createdAt, id: apiKeys.id, direction: "oldest first" },
});

/** Keys of the project, revoked ones too, oldest first. */
export const listApiKeys = (db: Database, scope: Scope, page: PageRequest): Promise<Page<ApiKeyRow>> =>
  readPage(db, scope.projectId, page, { shape: null });

export async function countApiKeys(db: Queryable, scope: Scope): Promise<number> {
  return await db.$count(apiKeys, own(scope));
}

/** By id; unknown and foreign ids are left out. */
export async function loadApiKeys(db: Queryable, scope: Scope, ids: readonly string[]): Promise<ApiKeyRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(apiKeys)
    .where(and(own(scope), inArray(apiKeys.id, [...ids])));
}

export type NewApiKey = Pick<ApiKeyRow, "id" | "projectId" | "name" | "role" | "createdAt" | "expiresAt">;

/** Stores a key by the hash of its secret. */
export async function insertApiKey(db: Queryable, secret: string, row: NewApiKey): Promise<ApiKeyRow> {
  const hashed = { ...row, prefix: prefixOf(secret), secretSha256: hashApiKey(secret) };
  const [made] = await db.insert(apiKeys).values(hashed).returning();
  if (!made) throw new Error(`API key ${row.id} was not stored`);
  return made;
}

/** Writes the use down unless one not older than `unlessSince` stands there. */
export async function touchApiKey(db: Queryable, id: string, now: Date, unlessSince: Date): Promise<void> {
  const stale = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, unlessSince));
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), stale));
}
