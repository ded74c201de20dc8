import { and, eq, inArray, sql, type Placeholder, type SQL } from "drizzle-orm";
import type { Database, Queryable } from "../db/client.js";
import type { AuditOutcome } from "../db/enums.js";
import { pageRead } from "../db/page-read.js";
import type { Page, PageRequest } from "../db/page.js";
import { auditEvents } from "../db/tables/index.js";
import type { Actor } from "./actor.js";

export type AuditEventRow = typeof auditEvents.$inferSelect;
type Scope = Pick<Actor, "projectId">;

export interface AuditListFilter {
  readonly action?: string | null;
  readonly outcome?: AuditOutcome | null;
  /** As the log has it: a key's row id, `oidc|` and a subject, or `operator`. */
  readonly keyId?: string | null;
  /** Public id of what was acted upon or of the operation that started. */
  readonly objectId?: string | null;
  /** From this instant on, and before that one. */
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/** Which of a filter's values are given: only that changes the statements' text. */
type AuditShape = Readonly<Record<keyof AuditListFilter, boolean>>;

const readPage = pageRead<AuditEventRow, AuditShape>({
  name: "audit-page",
  table: auditEvents,
  project: auditEvents.projectId,
  order: { at: auditEvents.at, id: auditEvents.id, direction: "newest first" },
  where: (given) => {
    const values = Object.entries(given).flatMap(([name, is]) => (is ? [[name, sql.placeholder(name)]] : []));
    return matching(Object.fromEntries(values) as AuditValues);
  },
});

type AuditValues = { readonly [Name in keyof AuditListFilter]?: AuditListFilter[Name] | Placeholder };

function matching({ action, outcome, keyId, objectId, since, until }: AuditValues): SQL | undefined {
  return and(
    action != null ? sql`${auditEvents.action} = ${action}` : undefined,
    outcome != null ? sql`${auditEvents.outcome} = ${outcome}` : undefined,
    keyId != null ? sql`${auditEvents.keyId} = ${keyId}` : undefined,
    objectId != null ? sql`${objectId} in (${auditEvents.objectId}, ${auditEvents.operationId})` : undefined,
    since != null ? sql`${auditEvents.at} >= ${since}` : undefined,
    until != null ? sql`${auditEvents.at} < ${until}` : undefined,
  );
}

/** Instants in the words of the database. */
const spelled = ({ since, until, ...rest }: AuditListFilter) => ({
  ...rest,
  since: since?.toISOString(),
  until: until?.toISOString(),
});

/** Newest first. */
export function listAuditEvents(
  db: Database,
  scope: Scope,
  page: PageRequest,
  filter: AuditListFilter = {},
): Promise<Page<AuditEventRow>> {
  const { action, outcome, keyId, objectId, since, until } = filter;
  const given = { action, outcome, keyId, objectId, since, until };
  const shape = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value != null]),
  ) as AuditShape;
  return readPage(db, scope.projectId, page, { shape, values: spelled(filter) });
}

export async function countAuditEvents(
  db: Queryable,
  scope: Scope,
  filter: AuditListFilter = {},
): Promise<number> {
  const values = spelled(filter) as AuditValues;
  return await db.$count(auditEvents, and(eq(auditEvents.projectId, scope.projectId), matching(values)));
}

/** By id; unknown and foreign ids are left out. */
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
