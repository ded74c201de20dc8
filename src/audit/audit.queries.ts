import { and, eq, gte, inArray, lt, or, type SQL } from "drizzle-orm";
import type { Queryable } from "../db/client.js";
import type { AuditOutcome } from "../db/enums.js";
import { probingLimit, readingOrder, toPage, withinPage, type KeysetOrder } from "../db/keyset.js";
import type { Page, PageRequest } from "../db/page.js";
import { auditEvents } from "../db/tables/index.js";
import type { Actor } from "./actor.js";

export type AuditEventRow = typeof auditEvents.$inferSelect;
type Scope = Pick<Actor, "projectId">;

export interface AuditListFilter {
  readonly action?: string | null;
  readonly outcome?: AuditOutcome | null;
  /** As the log has it: a key's row id, or `oidc|` and a subject. */
  readonly keyId?: string | null;
  /** Public id of what was acted upon or of the operation that started. */
  readonly objectId?: string | null;
  /** From this instant on, and before that one. */
  readonly since?: Date | null;
  readonly until?: Date | null;
}

const order: KeysetOrder = { at: auditEvents.at, id: auditEvents.id, direction: "newest first" };

function matching(scope: Scope, filter: AuditListFilter): SQL | undefined {
  const { action, outcome, keyId, objectId, since, until } = filter;
  return and(
    eq(auditEvents.projectId, scope.projectId),
    action ? eq(auditEvents.action, action) : undefined,
    outcome ? eq(auditEvents.outcome, outcome) : undefined,
    keyId ? eq(auditEvents.keyId, keyId) : undefined,
    objectId ? or(eq(auditEvents.objectId, objectId), eq(auditEvents.operationId, objectId)) : undefined,
    since ? gte(auditEvents.at, since) : undefined,
    until ? lt(auditEvents.at, until) : undefined,
  );
}

/** Newest first. */
export async function listAuditEvents(
  db: Queryable,
  scope: Scope,
  page: PageRequest,
  filter: AuditListFilter = {},
): Promise<Page<AuditEventRow>> {
  const read = await db
    .select()
    .from(auditEvents)
    .where(and(matching(scope, filter), withinPage(order, page)))
    .orderBy(...readingOrder(order, page))
    .limit(probingLimit(page));
  return toPage(read, page);
}

export function countAuditEvents(db: Queryable, scope: Scope, filter: AuditListFilter = {}): Promise<number> {
  return db.$count(auditEvents, matching(scope, filter));
}

/** In no particular order; unknown and foreign ids are left out. */
export async function loadAuditEvents(
  db: Queryable,
  scope: Scope,
  ids: readonly string[],
): Promise<AuditEventRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, scope.projectId), inArray(auditEvents.id, [...ids])));
}
