import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { systemClock } from "../../src/clock.js";
import type { Engine, Generation } from "../../src/engines/engine.js";
import { createLadybugEngine, type LadybugOptions } from "../../src/engines/ladybug/ladybug-engine.js";

/** Engines of one file's tests, over a folder of its own; they are closed after each test, and the folder goes after the last. */
export function ladybugEngines(name: string) {
  const engines: Engine[] = [];
  let instances = 0;
  const made = {
    directory: "",
    make: (options: Partial<LadybugOptions> = {}): Engine => {
      const engine = createLadybugEngine({ directory: made.directory, clock: systemClock, ...options });
      engines.push(engine);
      return engine;
    },
    newGeneration: (): Generation => ({
      instanceId: `7a1c7b7e-6a35-4a0c-8d5f-${String(++instances).padStart(12, "0")}`,
      number: 1,
      version: "V5",
    }),
  };
  beforeAll(async () => {
    made.directory = await mkdtemp(join(tmpdir(), `${name}-`));
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
  });
  afterAll(() => rm(made.directory, { recursive: true, force: true }));
  return made;
}
