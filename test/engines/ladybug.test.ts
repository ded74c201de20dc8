import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import { engineConformance } from "../conformance/engine.suite.js";
import { ladybugDialect } from "./ladybug-dialect.js";

engineConformance("ladybug", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ladybug-"));
  return {
    dialect: ladybugDialect,
    engine: ({ maxResultRows }) =>
      createLadybugEngine({ directory, clock: systemClock, maxResultRows, queryTimeoutMs: 5_000 }),
    async crash({ instanceId, number }) {
      const folder = join(directory, instanceId, String(number));
      for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
        const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
        if (words.split("\0").includes(folder)) process.kill(Number(pid), "SIGKILL");
      }
    },
    clean: () => rm(directory, { recursive: true, force: true }),
  };
});
