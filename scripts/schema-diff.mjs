// Compares schema/schema.graphql with schema/baseline.graphql, what clients were last promised, and refuses breaking changes that no
// file in schema/accepted-changes names. A field that the baseline deprecates may go. With --accept the schema becomes the
// baseline, and the files, having done their work, are removed.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CriticalityLevel, diff, DiffRule } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const folder = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
const at = (path) =>
  new URL(path, folder ? pathToFileURL(`${folder}/`) : new URL("../schema/", import.meta.url));
const text = (path) => readFileSync(at(path), "utf8");

/** Lines such as `- FIELD_REMOVED Instance.region`, anywhere in a file that says why. */
const files = readdirSync(at("accepted-changes")).filter(
  (name) => name.endsWith(".md") && name !== "README.md",
);
const accepted = new Map(
  files.flatMap((name) =>
    [...text(`accepted-changes/${name}`).matchAll(/^- ([A-Z_]+ \S+)$/gm)].map(([, change]) => [change, name]),
  ),
);

const changes = await diff(buildSchema(text("baseline.graphql")), buildSchema(text("schema.graphql")), [
  DiffRule.suppressRemovalOfDeprecatedField,
]);
const count = {
  [CriticalityLevel.Breaking]: 0,
  [CriticalityLevel.Dangerous]: 0,
  [CriticalityLevel.NonBreaking]: 0,
};
const refused = [];
for (const { criticality, type, path, message } of changes) {
  count[criticality.level]++;
  if (criticality.level !== CriticalityLevel.Breaking) continue;
  if (!accepted.delete(`${type} ${path}`)) refused.push(`- ${type} ${path}\n    ${message}`);
}
console.log(
  `Since the baseline: ${count.NON_BREAKING} additions, ${count.DANGEROUS} dangerous and ${count.BREAKING} breaking changes.`,
);
if (refused.length > 0) {
  console.error(`\nThese break clients:\n${refused.join("\n")}`);
  console.error(
    "\nDeprecate first, or name them (the lines with a dash) in a file of schema/accepted-changes that says why.",
  );
  process.exitCode = 1;
} else if (accepted.size > 0) {
  for (const [change, name] of accepted) console.error(`${name} names what did not happen: ${change}`);
  process.exitCode = 1;
} else if (process.argv.includes("--accept")) {
  writeFileSync(at("baseline.graphql"), text("schema.graphql"));
  for (const name of files) rmSync(at(`accepted-changes/${name}`));
  console.log("This is the baseline now.");
}
