import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type PackingTasks, packingTasks } from "./packing.js";

type Input<T extends keyof PackingTasks> = Parameters<PackingTasks[T]>[0];
type Answer<T extends keyof PackingTasks> = ReturnType<PackingTasks[T]>;

/** Runs the tasks of packing.ts beside this thread. Workers start when needed and end when idle; nobody closes it. */
export interface PackingThreads {
  /** How many tasks to begin before the first is done, so that no thread waits for the next. */
  readonly ahead: number;
  /** `bytes` says how much work it is. */
  run<T extends keyof PackingTasks>(task: T, input: Input<T>, bytes: number): Promise<Answer<T>>;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}
interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  idle?: NodeJS.Timeout;
}

/** Less work than this costs less than its way to another thread and back. */
const worthMoving = 64 * 1024;
const idleMs = 5_000;
const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "./packing-worker.ts" : "./packing-worker.js",
  import.meta.url,
);

export function createPackingThreads(count = Math.min(4, availableParallelism())): PackingThreads {
  const threads = new Set<Thread>();
  let lastId = 0;

  function start(): Thread {
    const worker = new Worker(workerFile, { execArgv: [], env: {} });
    const thread: Thread = { worker, waiting: new Map() };
    const lose = (error: unknown) => {
      threads.delete(thread);
      for (const { reject } of thread.waiting.values()) reject(error);
      thread.waiting.clear();
    };
    worker.on("message", ({ id, answer, error }: { id: number; answer: never; error?: unknown }) => {
      const { resolve, reject } = thread.waiting.get(id)!;
      thread.waiting.delete(id);
      if (thread.waiting.size === 0) rest(thread);
      if (error === undefined) resolve(answer);
      else reject(error);
    });
    worker.on("error", lose);
    worker.on("exit", () => lose(new Error("a packing thread ended")));
    threads.add(thread);
    return thread;
  }

  /** An idle worker keeps no process alive, and goes when it stays idle. */
  function rest(thread: Thread): void {
    thread.worker.unref();
    thread.idle = setTimeout(() => {
      threads.delete(thread);
      void thread.worker.terminate();
    }, idleMs).unref();
  }

  function pick(): Thread {
    let least: Thread | undefined;
    for (const thread of threads) if (!least || thread.waiting.size < least.waiting.size) least = thread;
    return !least || (least.waiting.size > 0 && threads.size < count) ? start() : least;
  }

  return {
    ahead: 2 * count + 2,
    async run(task, input, bytes) {
      if (bytes <= worthMoving) return packingTasks[task](input as never) as never;
      return new Promise((resolve, reject) => {
        const thread = pick();
        clearTimeout(thread.idle);
        thread.worker.ref();
        const id = ++lastId;
        thread.waiting.set(id, { resolve, reject });
        thread.worker.postMessage({ id, task, input });
      });
    },
  };
}

/** Runs tasks ahead of whoever reads their answers, `limit` at most, and yields the answers in order. */
export async function* inOrder<T>(tasks: AsyncIterable<() => Promise<T>>, limit: number): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  for await (const task of tasks) {
    const answer = task();
    // Whoever stops reading early hears of no later failure.
    answer.catch(() => undefined);
    running.push(answer);
    if (running.length >= limit) yield await running.shift()!;
  }
  while (running.length > 0) yield await running.shift()!;
}
