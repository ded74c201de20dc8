import { hkdfSync } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Database, Transaction } from "../db/client.js";
import { masterKeyCheck } from "../db/tables/index.js";
import { MasterKeyError, type MasterKeyFile, readMasterKey } from "./master-key.js";

const digestOf = (key: Uint8Array) =>
  Buffer.from(hkdfSync("sha256", key, "", "daguerre check v1", 32)).toString("hex");

export interface OpenedKeyFile extends Omit<MasterKeyFile, "createIfAbsent"> {
  /** Asked where the database knows of no key yet: off where one may be in use all the same. */
  readonly mayCreate: () => Promise<boolean>;
}

/**
 * The master key of this database. The first start makes it, or takes the file that is there, and notes by what to know it
 * again; later ones take no other, since under another no snapshot opens. Throws MasterKeyError.
 */
export async function openMasterKey(
  db: Database,
  { mayCreate, ...file }: OpenedKeyFile,
  now: Date,
): Promise<Buffer> {
  return alone(db, async (tx) => {
    const [known] = await tx.select().from(masterKeyCheck);
    const key = await readMasterKey({ ...file, createIfAbsent: !known && (await mayCreate()) });
    const digest = digestOf(key);
    if (!known) await tx.insert(masterKeyCheck).values({ digest, recordedAt: now });
    else if (known.digest !== digest)
      throw new MasterKeyError(
        `The master key in ${file.path} is not the one that this database began with: put that one back, or set DAGUERRE_MASTER_KEY_FILE to where it is.`,
      );
    return key;
  });
}

/**
 * For a master key that is lost for good: the one in the file, made where there is none, is the database's from now on.
 * Answers whether that is another than before; what was sealed under the former one stays closed.
 */
export async function replaceMasterKey(db: Database, file: MasterKeyFile, now: Date): Promise<boolean> {
  return alone(db, async (tx) => {
    const [known] = await tx.select().from(masterKeyCheck);
    const row = { digest: digestOf(await readMasterKey(file)), recordedAt: now };
    if (known?.digest === row.digest) return false;
    await tx.insert(masterKeyCheck).values(row).onConflictDoUpdate({ target: masterKeyCheck.only, set: row });
    return true;
  });
}

/** Two that start at once, maybe on two machines, must not each make a key. */
const alone = <Result>(db: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('daguerre:master-key'))`);
    return work(tx);
  });
