import { asc, sql } from "drizzle-orm";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { projects } from "../db/tables/index.js";
import type { NewId } from "../ids.js";
import { hashApiKey, makeApiKey } from "./api-key.js";
import { findApiKeyByHash, insertApiKey } from "./api-keys.queries.js";

export interface BootstrapOptions {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (size: number) => Buffer;
  /** Becomes an ADMIN key of the first project, also of one that stands already. */
  readonly key?: string;
}

export interface Bootstrapped {
  /** Whether the project was made by this call. */
  readonly created: boolean;
  /** The key, where this call made one up: the only time it can be shown. */
  readonly key?: string;
}

/** Sees to it that there is a project with an ADMIN key. Starting twice, or two at once, makes one. */
export async function bootstrapProject(db: Database, options: BootstrapOptions): Promise<Bootstrapped> {
  const { clock, newId, randomBytes, key } = options;
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('daguerre:bootstrap'))`);
    const createdAt = clock.now();
    const [first] = await tx
      .select()
      .from(projects)
      .orderBy(asc(projects.createdAt), asc(projects.id))
      .limit(1);
    if (first && (key === undefined || (await findApiKeyByHash(tx, hashApiKey(key)))))
      return { created: false };
    const projectId = first?.id ?? newId();
    if (!first) await tx.insert(projects).values({ id: projectId, name: "default", createdAt });
    const secret = key ?? makeApiKey(randomBytes);
    const row = {
      id: newId(),
      projectId,
      name: "bootstrap",
      role: "ADMIN",
      createdAt,
      expiresAt: null,
    } as const;
    await insertApiKey(tx, secret, row);
    return key === undefined ? { created: true, key: secret } : { created: !first };
  });
}
