/** The body of a worker thread of packing-threads.ts. */
import { parentPort } from "node:worker_threads";
import type * as Packing from "./packing.js";

const file = import.meta.url.endsWith(".ts") ? "./packing.ts" : "./packing.js";
const { packingTasks } = (await import(new URL(file, import.meta.url).href)) as typeof Packing;

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
