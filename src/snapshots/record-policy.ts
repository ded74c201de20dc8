import { eq } from "drizzle-orm";
import { ConfigError } from "../config/config.js";
import type { Database } from "../db/client.js";
import { policies } from "../db/tables/index.js";
import { fingerprint, printPolicy } from "./policy-file.js";
import type { RetentionTable } from "./retention.js";

/**
 * Notes the table under its version before anything is stamped by it. Throws ConfigError where the version already
 * stands for other numbers, so that a snapshot's policy version always says which promise was made.
 */
export async function recordPolicy(db: Database, table: RetentionTable, now: Date): Promise<void> {
  const { version } = table;
  const sha256 = fingerprint(table);
  const content: unknown = JSON.parse(printPolicy(table));
  await db.insert(policies).values({ version, sha256, content, firstUsedAt: now }).onConflictDoNothing();
  const [known] = await db.select().from(policies).where(eq(policies.version, version));
  if (known?.sha256 === sha256) return;
  const since = known?.firstUsedAt.toISOString();
  throw new ConfigError(
    `DAGUERRE_POLICY_FILE makes no sense: version "${version}" has stood for other numbers since ${since}; give these a new version`,
  );
}
