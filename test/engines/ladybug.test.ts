import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { systemClock } from "../../src/clock.js";
import type { GenerationId } from "../../src/engines/engine.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import type { EngineHarness, EngineLimits } from "../conformance/engine/harness.js";
import { engineConformance } from "../conformance/engine.suite.js";
import { ladybugDialect } from "./ladybug-dialect.js";

const pathTo = (name: string) => fileURLToPath(new URL(name, import.meta.url));

engineConformance("ladybug", async (): Promise<EngineHarness> => {
  const directory = await mkdtemp(join(tmpdir(), "ladybug-"));
  const services: ChildProcess[] = [];
  const make = (options: EngineLimits & { nodeBinary?: string; directory?: string }) =>
    createLadybugEngine({
      directory,
      clock: systemClock,
      queryTimeoutMs: 5_000,
      ...(options.maxProcesses && { maxChildren: options.maxProcesses }),
      ...options,
    });

  async function processesOf(generations: readonly GenerationId[]): Promise<number[]> {
    const folders = new Set(
      generations.map(({ instanceId, number }) => join(directory, instanceId, String(number))),
    );
    const found: number[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (words.split("\0").some((word) => folders.has(word))) found.push(Number(pid));
    }
    return found;
  }

  return {
    dialect: ladybugDialect,
    engine: make,
    async crash(generation) {
      for (const pid of await processesOf([generation])) process.kill(pid, "SIGKILL");
      await vi.waitFor(async () => {
        if ((await processesOf([generation])).length > 0) throw new Error("it lives");
      }, 10_000);
    },
    processes: {
      of: processesOf,
      async openElsewhere(generation) {
        const service = spawn(
          process.execPath,
          [
            "--experimental-transform-types",
            "--no-warnings",
            "--import",
            pathTo("../support/resolve-typescript.mjs"),
            pathTo("./serve-elsewhere.ts"),
            directory,
            JSON.stringify(generation),
          ],
          { stdio: ["ignore", "pipe", "inherit"] },
        );
        services.push(service);
        await Promise.race([
          once(service.stdout, "data"),
          once(service, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`))),
        ]);
        return service.pid ?? 0;
      },
      broken: () => make({ nodeBinary: join(directory, "no-such-node") }),
    },
    async cramped() {
      const disk = await mkdtemp(join(tmpdir(), "ladybug-disk-"));
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
      } catch {
        await rm(disk, { recursive: true });
        return "only who may mount a small disk can fill one";
      }
      return {
        engine: make({ directory: join(disk, "data") }),
        async clean() {
          execFileSync("umount", [disk]);
          await rm(disk, { recursive: true });
        },
      };
    },
    async clean() {
      for (const service of services) service.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
});
