/** The body of a worker thread of packing-threads.ts. */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { basename } from "node:path";
import { parentPort } from "node:worker_threads";
import type * as Packing from "./packing.js";

const file = import.meta.url.endsWith(".ts") ? "./packing.ts" : "./packing.js";
const { packingTasks } = (await import(new URL(file, import.meta.url).href)) as typeof Packing;

yieldToOthers();

parentPort?.on(
  "message",
  ({ id, task, input }: { id: number; task: keyof Packing.PackingTasks; input: never }) => {
    try {
      const answer = packingTasks[task](input);
      parentPort?.postMessage({ id, answer });
    } catch (error) {
      parentPort?.postMessage({ id, error });
    }
  },
);

/** Whoever answers a request comes first, and the engines, whose statements have 15. Linux alone knows the priority of a thread; elsewhere all are alike. */
function yieldToOthers(): void {
  try {
    setPriority(Number(basename(readlinkSync("/proc/thread-self"))), 19);
  } catch {
    // A sandbox may hide /proc or refuse: packing works as well without.
  }
}
