import { randomBytes } from "node:crypto";
import { replaceMasterKey } from "../artifacts/open-master-key.js";
import { systemClock } from "../clock.js";
import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { withDatabase } from "./with-database.js";

/** The way on for who has lost the master key: what lives goes on, what was sealed is gone. */
export function replaceKey(): Promise<void> {
  const { masterKeyFile: path, masterKeyFileGiven } = loadConfig(readEnv());
  const file = { path, randomBytes, createIfAbsent: !masterKeyFileGiven };
  return withDatabase(async (db) => {
    const isAnother = await replaceMasterKey(db, file, systemClock.now());
    console.log(
      isAnother
        ? `The database's master key is the one in ${path} from now on. Snapshots from before do not open any more.`
        : `The one in ${path} is the database's master key already.`,
    );
  });
}
