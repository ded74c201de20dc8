import { loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { printPolicy, readPolicyFile } from "../snapshots/policy-file.js";
import { defaultRetentionTable } from "../snapshots/retention-table.js";

/** Prints the table that a service started here would follow; a file that makes no sense is refused as it would be then. */
export async function printRetention(): Promise<void> {
  const { policyFile } = loadConfig(readEnv());
  console.log(printPolicy(policyFile ? await readPolicyFile(policyFile) : defaultRetentionTable));
}
