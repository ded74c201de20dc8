import { systemClock } from "../../src/clock.js";
import type { EngineTraits } from "../../src/engines/engine.js";
import type { EngineLimits } from "../conformance/engine/harness.js";
import { engineConformance } from "../conformance/engine.suite.js";
import { memoryDialect } from "../support/memory-engine/memory-dialect.js";
import { createMemoryEngine, MemoryEngineData } from "../support/memory-engine/memory-engine.js";

const harnessOf = (traits: Partial<EngineTraits>, imageParts: number) => async () => {
  const data = new MemoryEngineData();
  return {
    dialect: memoryDialect,
    engine: ({ maxResultRows = Infinity }: EngineLimits) =>
      createMemoryEngine({ clock: systemClock, data, traits, imageParts, maxResultRows }),
    crash: async (generation: Parameters<MemoryEngineData["crash"]>[0]) => data.crash(generation),
    clean: async () => undefined,
  };
};

engineConformance("memory, which answers whole images", harnessOf({}, 1));
engineConformance("memory, which makes increments, in parts", harnessOf({ increments: true }, 3));
