import { afterAll, beforeAll, describe } from "vitest";
import type { Engine } from "../../src/engines/engine.js";
import { captureSection } from "./engine/captures.js";
import { crashSection } from "./engine/crashes.js";
import { fullDiskSection } from "./engine/full-disk.js";
import { generationSection } from "./engine/generations.js";
import type { EngineHarness, Subject } from "./engine/harness.js";
import { holdSection } from "./engine/holds.js";
import { processSection } from "./engine/processes.js";
import { statementSection } from "./engine/statements.js";

export const maxResultRows = 50;

/**
 * The contract of src/engines/engine.ts as a suite, which every driver must pass. `makeHarness` is called once; each
 * section makes generations of its own.
 */
export function engineConformance(name: string, makeHarness: () => Promise<EngineHarness>): void {
  describe(name, { timeout: 60_000 }, () => {
    let harness: EngineHarness | undefined;
    let engine: Engine | undefined;
    let other: Engine | undefined;
    let instances = 0;
    const made = <T>(value: T | undefined): T => {
      if (value === undefined) throw new Error("the harness is not ready");
      return value;
    };
    const subject: Subject = {
      harness: () => made(harness),
      engine: () => made(engine),
      other: () => made(other),
      newGeneration: (number = 1) => ({
        instanceId: `7a1c7b7e-6a35-4a0c-8d5f-${String(++instances).padStart(12, "0")}`,
        number,
        version: "V5",
      }),
      async prepared(records = []) {
        const generation = subject.newGeneration();
        const { dialect } = subject.harness();
        await subject.engine().create(generation);
        for (const statement of dialect.prepare) await subject.engine().query(generation, statement);
        if (records.length > 0) await subject.engine().query(generation, dialect.add(records));
        return generation;
      },
      async list(generation) {
        const { values } = await subject.engine().query(generation, subject.harness().dialect.list);
        return values;
      },
      async crash(generation) {
        await subject.harness().crash(generation);
        const { count } = subject.harness().dialect;
        for (const driver of [subject.engine(), subject.other()]) await driver.query(generation, count);
      },
    };
    beforeAll(async () => {
      harness = await makeHarness();
      engine = harness.engine({ maxResultRows });
      other = harness.engine({ maxResultRows });
    });
    afterAll(async () => {
      await other?.close();
      await engine?.close();
      await harness?.clean();
    });
    generationSection(subject);
    statementSection(subject, maxResultRows);
    captureSection(subject);
    holdSection(subject);
    crashSection(subject);
    processSection(subject);
    fullDiskSection(subject);
  });
}
