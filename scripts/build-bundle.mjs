// Bundles what tsc made of the command line, with the packages that it needs, into dist/bundle, which dist/main.js runs: some files
// are found, read and compiled in a third of the time that two thousand modules take.
import { relative } from "node:path";
import { at, buildOnce } from "./build-once.mjs";

const target = at("dist/bundle");

/** graphql comes twice, as .js for `require` and as .mjs for `import`, and each copy refuses what the other made. */
const oneGraphql = {
  name: "one-graphql",
  enforce: "pre",
  resolveId: {
    filter: { id: /^graphql(\/|$)/ },
    async handler(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found?.id.replace(/\.js$/, ".mjs");
    },
  },
};

/** Workers, child processes and GraphiQL's files lie beside the module that names them, not beside the bundle. */
const ownUrls = {
  name: "own-urls",
  transform: {
    filter: { code: "import.meta.url" },
    handler(code, id) {
      if (!id.startsWith(at("dist/"))) return;
      const own = `new URL(${JSON.stringify(relative(target, id))}, import.meta.url).href`;
      return { code: code.replaceAll("import.meta.url", own), map: null };
    },
  },
};

// tsc writes down what it has compiled.
await buildOnce(target, [at("dist/.tsbuildinfo"), at("scripts/build-bundle.mjs")], async () => {
  const { build } = await import("vite");
  await build({
    root: at(""),
    configFile: false,
    logLevel: "error",
    publicDir: false,
    plugins: [oneGraphql, ownUrls],
    ssr: {
      noExternal: true,
      // Native; and two that packages ask for when somebody has installed them.
      external: ["@ladybugdb/core", "pg-native", "class-validator"],
    },
    build: {
      ssr: true,
      outDir: target,
      emptyOutDir: true,
      target: "es2023",
      // Traces of errors are to be read, and type-graphql takes names of classes.
      minify: false,
      sourcemap: true,
      // What is bundled is distributed: its licences go with it.
      license: { fileName: "licenses.md" },
      rolldownOptions: {
        input: at("dist/cli/command-line.js"),
        output: {
          keepNames: true,
          sourcemapExcludeSources: true,
          entryFileNames: "[name].js",
          chunkFileNames: "[name].js",
        },
      },
    },
  });
});
