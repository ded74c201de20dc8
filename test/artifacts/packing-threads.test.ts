import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createPackingThreads } from "../../src/artifacts/packing-threads.js";
import { groupBytes } from "../../src/artifacts/packing.js";

/** The nice value of each thread of this process; the 19th field, counted behind the name in brackets. */
const prioritiesOfThreads = () =>
  readdirSync("/proc/self/task").map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  });

it.runIf(process.platform === "linux")("packs behind whatever answers requests", async () => {
  const before = prioritiesOfThreads();
  const threads = createPackingThreads(1);
  const memory = threads.memory.take(2 * groupBytes);
  const input = {
    key: Buffer.alloc(32, 1),
    page: 0,
    group: 0,
    memory,
    plainBytes: groupBytes,
    known: new Uint8Array(),
  };
  expect((await threads.run("packGroup", input, groupBytes)).kept).toBe(0xff_ff);
  const lowest = Math.max(...before);
  expect(prioritiesOfThreads().filter((nice) => nice > lowest)).toEqual([10]);
  // This one, which answers requests, is where it was.
  expect(prioritiesOfThreads().filter((nice) => nice <= lowest).length).toBeGreaterThan(0);
});
