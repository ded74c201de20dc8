/** The body of a worker thread of packing-threads.ts. */
import { parentPort } from "node:worker_threads";
import type * as Packing from "./packing.js";

const file = import.meta.url.endsWith(".ts") ? "./packing.ts" : "./packing.js";
const { packingTasks } = (await import(new URL(file, import.meta.url).href)) as typeof Packing;

/** The memory of an answer's large arrays moves to the asking thread instead of being copied. */
function memoryOf(answer: unknown): ArrayBuffer[] {
  const values =
    ArrayBuffer.isView(answer) || typeof answer !== "object" ? [answer] : Object.values(answer ?? {});
  const memories = values.map((value: unknown) => (ArrayBuffer.isView(value) ? value.buffer : value));
  const large = memories.filter((memory) => memory instanceof ArrayBuffer && memory.byteLength > 32_768);
  return [...new Set(large as ArrayBuffer[])];
}

parentPort?.on(
  "message",
  ({ id, task, input }: { id: number; task: keyof Packing.PackingTasks; input: never }) => {
    try {
      const answer = packingTasks[task](input);
      parentPort?.postMessage({ id, answer }, memoryOf(answer));
    } catch (error) {
      parentPort?.postMessage({ id, error });
    }
  },
);
