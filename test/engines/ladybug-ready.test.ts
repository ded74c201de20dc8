import { chmod, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createReadiness } from "../../src/app/readiness.js";
import type { Engine } from "../../src/engines/engine.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { ladybugEngines } from "./ladybug-engines.js";

const files = ladybugEngines("ladybug-ready");
const { make, newGeneration } = files;
const one = { text: "RETURN 1" };
const endless = {
  text: "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 1000) AS c RETURN sum((a * b + c) % 7)",
};

/** What /readyz says of it, which waits no longer than it does in the service. */
const ask = async (engine: Engine, timeoutMs = 2_000) => {
  const readiness = createReadiness({
    checks: { engine: () => engine.ready() },
    logger: createLogger({ level: "silent" }),
    timeoutMs,
  });
  return (await readiness.check()).parts.engine;
};

it("is ready while two projects have all its places at work, though nobody has looked before", async () => {
  const maker = make();
  const fleet = [newGeneration(), newGeneration(), newGeneration(), newGeneration()];
  for (const generation of fleet) await maker.create(generation);
  await maker.close();
  const engine = make({ maxChildren: 4 });
  for (const [index, generation] of fleet.entries())
    await engine.query(generation, one, { party: `project ${index % 2}` });
  const gone = new AbortController();
  let ended = 0;
  const busy = fleet.flatMap((generation, index) =>
    Array.from({ length: 4 }, () =>
      engine
        .query(generation, endless, { party: `project ${index % 2}`, signal: gone.signal })
        .catch(() => undefined)
        .finally(() => ended++),
    ),
  );
  for (let look = 0; look < 5; look++) expect(await ask(engine)).toBe("ok");
  expect(ended).toBe(0);
  gone.abort();
  await Promise.all(busy);
});

it.runIf(process.platform === "linux")("looks with the service's own priority", async () => {
  const ready = make().ready();
  const niceOf = async () => {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (words.includes("/dag-empty-")) return getPriority(Number(pid));
    }
    throw new Error("it has not begun");
  };
  expect(await vi.waitFor(niceOf, { timeout: 5_000, interval: 5 })).toBe(getPriority());
  await ready;
});

it("is not ready where the engine's program is missing, or is there and says nothing", async () => {
  expect(await ask(make({ nodeBinary: join(files.directory, "missing") }))).toBe("failed");
  const mute = join(files.directory, "mute");
  await writeFile(mute, "#!/bin/sh\nexec cat > /dev/null\n");
  await chmod(mute, 0o755);
  expect(await ask(make({ nodeBinary: mute }), 300)).toBe("failed");
});

it("is no longer ready once the program is gone and a start has shown it, until it is back", async () => {
  const nodeBinary = join(files.directory, "node");
  await symlink(process.execPath, nodeBinary);
  const engine = make({ nodeBinary });
  const [running, other] = [newGeneration(), newGeneration()];
  await engine.create(running);
  await engine.create(other);
  await engine.query(running, one);
  await rm(nodeBinary);
  await expect(engine.query(other, one)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await ask(engine)).toBe("failed");
  // Who runs already is served.
  expect((await engine.query(running, one)).values).toEqual([[1]]);
  await symlink(process.execPath, nodeBinary);
  await engine.ready();
  expect(await ask(engine)).toBe("ok");
});
