import { createRequire } from "node:module";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const require = createRequire(import.meta.url);

/** What takes minutes begins first: last, it would have the other worker wait. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes("/test/simulation/");
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // Two copies of graphql (its .js and .mjs) refuse each other's schemas.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: require.resolve("graphql/index.js") },
      { find: "daguerre/client", replacement: new URL("src/client/index.ts", import.meta.url).pathname },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    // One process reads the modules once for many files: they are nearly half of what the edge's tests took.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For what never ends: a busy machine takes many times as long as a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
