import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConfigError } from "../config/config.js";
import { majorVersions, tiers } from "../db/enums.js";
import { isOffered } from "../instances/placement.js";
import { policySchema } from "./policy-schema.js";
import { hourMs, type RetentionTable } from "./retention.js";
import { defaultRetentionTable } from "./retention-table.js";

const setting = "DAGUERRE_POLICY_FILE";
/** Problems told at a time: a line can be read. */
const mostProblems = 5;

/** The operator's table. Throws ConfigError with the row and the field of what is wrong. */
export async function readPolicyFile(path: string): Promise<RetentionTable> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`${setting} makes no sense: cannot read ${path} (${error.code ?? error.message})`);
  });
  return parsePolicy(text);
}

export function parsePolicy(text: string): RetentionTable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal([`it is not JSON (${(error as Error).message})`]);
  }
  const { data, error } = policySchema.safeParse(value);
  const problems = error
    ? error.issues.map(({ path, message }) => `${nameOf(value, path)} ${message}`.trim())
    : missingRows(data.rows);
  if (!data || problems.length > 0) throw refusal(problems);
  const { version, secondsPerHour, rows } = data;
  const table: RetentionTable = {
    version,
    rows: rows.map((row) => ({ ...row, hourMs: (secondsPerHour * hourMs) / 3600 })),
  };
  if (version === defaultRetentionTable.version && fingerprint(table) !== fingerprint(defaultRetentionTable))
    throw refusal([
      `version "${version}" is the built-in table's, and these are other numbers: choose another`,
    ]);
  return table;
}

function missingRows(rows: RetentionRowNames): string[] {
  const problems: string[] = [];
  for (const tier of tiers)
    for (const version of majorVersions) {
      const count = rows.filter((row) => row.tier === tier && row.version === version).length;
      if (count === 0 && isOffered(tier, version)) problems.push(`the row ${tier} ${version} is missing`);
      if (count > 0 && !isOffered(tier, version))
        problems.push(`${tier} ${version} does not exist: remove the row`);
      if (count > 1) problems.push(`the row ${tier} ${version} is given ${count} times`);
    }
  return problems;
}
type RetentionRowNames = readonly { readonly tier: string; readonly version: string }[];

/** `PROFESSIONAL V5: windows.SCHEDULED.FULL.restorableDays`, or `row 3: tier` where the row has no name. */
function nameOf(value: unknown, path: readonly PropertyKey[]): string {
  const [list, index, ...field] = path;
  if (list !== "rows" || typeof index !== "number") return path.join(".");
  const { tier, version } = (value as { rows: { tier?: unknown; version?: unknown }[] }).rows[index] ?? {};
  const named = tiers.includes(tier as never) && majorVersions.includes(version as never);
  const name = named ? `${String(tier)} ${String(version)}` : `row ${index + 1}`;
  return field.length > 0 ? `${name}: ${field.join(".")}` : `${name}:`;
}

function refusal(problems: readonly string[]): ConfigError {
  const told = problems.slice(0, mostProblems).join("; ");
  const more = problems.length > mostProblems ? `; and ${problems.length - mostProblems} more` : "";
  return new ConfigError(
    `${setting} makes no sense: ${told}${more}. \`daguerre policy\` prints a table to begin with`,
  );
}

/** Equal for tables that say the same, in whatever order. */
export function fingerprint(table: RetentionTable): string {
  const sorted = (_key: string, value: unknown): unknown =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const rows = table.rows.map((row) => JSON.stringify(row, sorted)).sort();
  return createHash("sha256")
    .update(JSON.stringify([table.version, rows]))
    .digest("hex");
}

/** The table as a file says it; `parsePolicy` reads it back. */
export function printPolicy({ version, rows }: RetentionTable): string {
  const secondsPerHour = ((rows[0]?.hourMs ?? hourMs) * 3600) / hourMs;
  const plain = rows.map(({ tier, version: major, cadenceHours, scheduledPerDay, windows, latestOnly }) => ({
    ...{ tier, version: major, cadenceHours, scheduledPerDay, windows, latestOnly },
  }));
  return JSON.stringify({ version, secondsPerHour, rows: plain }, null, 2);
}
