import { asc, sql } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database, Queryable } from "../db/client.js";
import { projects } from "../db/tables/index.js";
import type { NewId } from "../ids.js";
import { hashApiKey, makeApiKey } from "./api-key.js";
import { findApiKeyByHash, insertApiKey } from "./api-keys.queries.js";

/**
 * Where the key that a first start makes waits until somebody has seen it. The start may fail after the key has begun to
 * count, and the database keeps no secret that a later one could show.
 */
export interface UnshownKey {
  read(): Promise<string | undefined>;
  /** Resolves once the key will be there after whatever happens. */
  keep(key: string): Promise<void>;
  forget(): Promise<void>;
}

export interface BootstrapOptions {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (size: number) => Buffer;
  /** Becomes an ADMIN key of the first project, also of one that stands already. */
  readonly key?: string;
  readonly unshown: Pick<UnshownKey, "read" | "keep">;
}

export interface Bootstrapped {
  /** Whether the project was made by this call. */
  readonly created: boolean;
  /** A key that was made up, by this call or an earlier one, and that nobody has seen. */
  readonly key?: string;
}

/** Sees to it that there is a project with an ADMIN key. Starting twice, or two at once, makes one. */
export async function bootstrapProject(db: Database, options: BootstrapOptions): Promise<Bootstrapped> {
  const { clock, newId, randomBytes, key, unshown } = options;
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('daguerre:bootstrap'))`);
    const createdAt = clock.now();
    const waiting = await findUnshown(tx, unshown);
    const [first] = await tx
      .select()
      .from(projects)
      .orderBy(asc(projects.createdAt), asc(projects.id))
      .limit(1);
    if (first && (key === undefined || (await findApiKeyByHash(tx, hashApiKey(key)))))
      return { created: false, key: waiting };
    const projectId = first?.id ?? newId();
    if (!first) await tx.insert(projects).values({ id: projectId, name: "default", createdAt });
    const secret = key ?? makeApiKey(randomBytes);
    // Before it counts: what is kept in vain does no harm.
    if (key === undefined) await unshown.keep(secret);
    const row = {
      id: newId(),
      projectId,
      name: "bootstrap",
      role: "ADMIN",
      createdAt,
      expiresAt: null,
    } as const;
    await insertApiKey(tx, secret, row);
    return key === undefined ? { created: true, key: secret } : { created: !first, key: waiting };
  });
}

/** What is kept may belong to a transaction that failed, to another database, or have been revoked since. */
async function findUnshown(db: Queryable, unshown: Pick<UnshownKey, "read">): Promise<string | undefined> {
  const key = await unshown.read();
  const found = key && (await findApiKeyByHash(db, hashApiKey(key)));
  return found && !found.apiKey.revokedAt ? key : undefined;
}
