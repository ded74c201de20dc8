import { describeConfig, loadConfig } from "../config/config.js";
import { readEnv } from "../config/env.js";
import { formatTable } from "./table.js";

/** Prints every setting: its variable, its value here, and what it does. Secrets are not shown. */
export function printConfig(): void {
  const env = readEnv();
  const rows = describeConfig(loadConfig(env), env);
  const fields = Object.keys(rows[0] ?? {});
  console.log(
    formatTable(
      fields,
      rows.map((row) => Object.values({ ...row } as Record<string, unknown>)),
      100,
    ),
  );
}
