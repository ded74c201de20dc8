import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "../../src/config/env.js";
import { seededRandom } from "../support/clock.js";
import { KilledService } from "./kill-round.js";
import { buildService, findProcesses } from "./service-process.js";

const env = readEnv();
/** `KILL_SEED=7 KILL_ROUNDS=50 npx vitest run test/e2e/kill.test.ts` runs longer, or one seed again. */
const firstSeed = Number(env["KILL_SEED"] ?? Date.now() % 100_000);
const rounds = Number(env["KILL_ROUNDS"] ?? 2);
const msOfRound = 60_000;

describe("a service that is killed", () => {
  beforeAll(buildService, 120_000);

  it(
    "ends every operation after its next start, loses no acknowledged write and leaves nothing behind",
    async () => {
      const home = await mkdtemp(join(tmpdir(), "dag-kill-"));
      const service = await KilledService.start(home);
      try {
        for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
          console.log(`KILL_SEED=${seed}`);
          const faults = await service.round(seed, seededRandom(seed));
          expect({ seed, faults, output: faults.length > 0 ? service.output() : "" }).toEqual({
            seed,
            faults: [],
            output: "",
          });
        }
        expect(await service.stop()).toBe(0);
        await expect.poll(() => findProcesses(home), { timeout: 10_000 }).toEqual([]);
      } finally {
        await service.stop();
        await rm(home, { recursive: true, force: true });
      }
    },
    30_000 + rounds * msOfRound,
  );
});
