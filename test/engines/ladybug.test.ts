import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import { engineConformance } from "../conformance/engine.suite.js";

engineConformance("ladybug", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ladybug-"));
  return {
    engine: () => createLadybugEngine({ directory, clock: systemClock }),
    clean: () => rm(directory, { recursive: true, force: true }),
  };
});
