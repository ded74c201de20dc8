// Puts the files that docs/client.md names (`<!-- recipes/… -->`) into it, behind their names: what is read there is what
// the tests run. With --check it writes nothing and fails where the page is not current.
import { readFileSync, writeFileSync } from "node:fs";

const page = new URL("../docs/client.md", import.meta.url);
const before = readFileSync(page, "utf8");
const after = before.replace(
  /<!-- (recipes\/\S+\.(ts|sh)) -->\n(?:\n```\w+\n[\s\S]*?\n```\n)?/g,
  (_, path, language) =>
    `<!-- ${path} -->\n\n\`\`\`${language}\n${readFileSync(new URL(`../docs/${path}`, import.meta.url), "utf8")}\`\`\`\n`,
);
if (!process.argv.includes("--check")) writeFileSync(page, after);
else if (before !== after) {
  console.error("docs/client.md is not current: run 'node scripts/embed-recipes.mjs' and commit.");
  process.exitCode = 1;
}
