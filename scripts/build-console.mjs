// Bundles the page of src/console/page with all that it needs into dist/console/web, so that the service serves it
// without a network. Does nothing where page, versions and this script are as they were.
import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = at("src/console/page");
const target = at("dist/console/web");
const stamp = at("dist/console/web.sha256");

const sources = readdirSync(page, { recursive: true })
  .map((name) => `${page}/${name}`)
  .filter((path) => statSync(path).isFile())
  .sort();
const hash = createHash("sha256");
for (const path of [...sources, at("package-lock.json"), at("scripts/build-console.mjs")])
  hash.update(`${path}\0`).update(readFileSync(path));
const wanted = hash.digest("hex");

const read = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};
if (read(stamp) !== wanted || read(`${target}/index.html`) === undefined) {
  const { build } = await import("vite");
  await build({
    root: page,
    configFile: false,
    // Wherever a proxy may put it.
    base: "./",
    logLevel: "error",
    build: {
      outDir: target,
      emptyOutDir: true,
      target: "es2022",
      // What is bundled is distributed: its licences go with it.
      license: { fileName: "licenses.md" },
      chunkSizeWarningLimit: Infinity,
    },
    worker: { format: "es" },
  });
  // GraphiQL's stylesheets hold these as data.
  appendFileSync(
    `${target}/licenses.md`,
    "\n## Fonts\n\nRoboto (Apache-2.0), Fira Code (OFL-1.1), Codicons (CC-BY-4.0), as graphiql and monaco-editor carry them.\n",
  );
  writeFileSync(stamp, wanted);
}
