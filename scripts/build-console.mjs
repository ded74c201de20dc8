// Bundles the page of src/console/page with all that it needs into dist/console/web, so that the service serves it
// without a network.
import { appendFileSync, readdirSync, statSync } from "node:fs";
import { at, buildOnce } from "./build-once.mjs";

const page = at("src/console/page");
const target = at("dist/console/web");

const sources = readdirSync(page, { recursive: true })
  .map((name) => `${page}/${name}`)
  .filter((path) => statSync(path).isFile())
  .sort();
await buildOnce(target, [...sources, at("scripts/build-console.mjs")], async () => {
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
});
