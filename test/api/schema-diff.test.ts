import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

const run = promisify(execFile);
const before = `type Query { name: String! region: String old: String @deprecated(reason: "Ask name.") }`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dag-schema-"));
  await mkdir(join(folder, "accepted-changes"));
  await writeFile(join(folder, "baseline.graphql"), before);
});
afterEach(() => rm(folder, { recursive: true }));

async function compare(schema: string, reasons?: string, ...options: string[]) {
  await writeFile(join(folder, "schema.graphql"), schema);
  if (reasons) await writeFile(join(folder, "accepted-changes", "why.md"), reasons);
  const command = run("node", ["scripts/schema-diff.mjs", folder, ...options]);
  return command.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, output: error.stderr }),
  );
}
const without = before.replace("region: String ", "");
const named = "# Nobody asked for it\n\n- FIELD_REMOVED Query.region\n";

it.each([
  ["an addition", before.replace("region", "zone: String region"), undefined, 0, "1 additions"],
  ["a removed field", without, undefined, 1, "- FIELD_REMOVED Query.region"],
  ["a removed field that a file names", without, named, 0, "1 breaking"],
  ["a removed field that was deprecated", before.replace(/old: .*\) /, ""), undefined, 0, "0 breaking"],
  [
    "a field that may be null now",
    before.replace("String!", "String"),
    named,
    1,
    "FIELD_TYPE_CHANGED Query.name",
  ],
  ["a file that names what did not happen", before, named, 1, "why.md names what did not happen"],
])("judges %s", async (_, schema, reasons, code, words) => {
  const result = await compare(schema, reasons);
  expect(result.output).toContain(words);
  expect(result.code).toBe(code);
});

it("makes an accepted schema the baseline", async () => {
  await compare(without, named, "--accept");
  expect(await readFile(join(folder, "baseline.graphql"), "utf8")).toBe(without);
  expect(await readdir(join(folder, "accepted-changes"))).toEqual([]);
});
