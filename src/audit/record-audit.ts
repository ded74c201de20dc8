import type { Queryable } from "../db/client.js";
import type { AuditOutcome } from "../db/enums.js";
import { auditEvents } from "../db/tables/index.js";
import type { Actor } from "./actor.js";

export interface AuditEntry {
  /** The mutation's name. */
  readonly action: string;
  /** GRANTED unless told. */
  readonly outcome?: AuditOutcome;
  readonly reason?: string | undefined;
  /** Public ids: of what is acted upon, and of the operation that starts. */
  readonly objectId?: string | undefined;
  readonly operationId?: string | undefined;
}

/**
 * Adds to the audit log. In the transaction of what it records, so that neither is without the other: one line in a use
 * case, as near to the commit as may be.
 */
export async function recordAudit(tx: Queryable, actor: Actor, at: Date, entry: AuditEntry): Promise<void> {
  const { projectId, role, keyId, keyName, origin, mutation } = actor;
  const who = { projectId, role, keyId, keyName, address: origin?.address, userAgent: origin?.userAgent };
  await tx.insert(auditEvents).values({ outcome: "GRANTED", ...entry, ...who, at });
  if (mutation) mutation.recorded = true;
}
