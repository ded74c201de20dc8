import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { ArtifactError } from "./artifact.js";
import { createSharedMemory, type SharedMemory } from "./memory.js";
import { type PackingTasks, packingTasks } from "./packing.js";

type Input<T extends keyof PackingTasks> = Parameters<PackingTasks[T]>[0];
type Answer<T extends keyof PackingTasks> = ReturnType<PackingTasks[T]>;

/** Runs the tasks of packing.ts beside this thread. Workers start when needed and end when idle; nobody closes it. */
export interface PackingThreads {
  /** How many tasks to begin before the first is done, so that no thread waits for the next. */
  readonly ahead: number;
  /** For what the tasks work on. One for all operations: a pool for each would be garbage soon. */
  readonly memory: SharedMemory;
  /** `bytes` says how much work it is. Rejects with what the task throws, or with INTERRUPTED where its thread ended. */
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

const interrupted = (cause?: unknown) =>
  new ArtifactError("INTERRUPTED", "A packing thread ended in the middle of its work.", { cause });

/** For what a task says of bytes that are not as written. That its thread was lost says nothing of them. */
export const asDamage =
  (what: string) =>
  (cause: unknown): never => {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError("DAMAGED", what, { cause });
  };

export function createPackingThreads(
  count = Math.min(4, availableParallelism()),
  body = workerFile,
): PackingThreads {
  const threads = new Set<Thread>();
  // What zstd answers with is garbage a moment later; a small heap is swept before much of it has gathered.
  const resourceLimits = { maxOldGenerationSizeMb: 128 / count, maxYoungGenerationSizeMb: 4 };
  const memory = createSharedMemory();
  let lastId = 0;

  function start(): Thread {
    const worker = startWorker();
    const thread: Thread = { worker, waiting: new Map() };
    const lose = (cause?: unknown) => {
      threads.delete(thread);
      for (const { reject } of thread.waiting.values()) reject(interrupted(cause));
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
    worker.on("exit", () => lose());
    threads.add(thread);
    return thread;
  }

  function startWorker(): Worker {
    try {
      return new Worker(body, { execArgv: [], env: {}, resourceLimits });
    } catch (cause) {
      throw interrupted(cause);
    }
  }

  /** An idle worker keeps no process alive, and goes when it stays idle. */
  function rest(thread: Thread): void {
    thread.worker.unref();
    thread.idle = setTimeout(() => {
      threads.delete(thread);
      if (threads.size === 0) memory.clear();
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
    memory,
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

/** Fetches one item while the one before is used, and the first at once. */
export function prefetched<T>(source: AsyncIterable<T>): AsyncIterableIterator<T, undefined> {
  const items = source[Symbol.asyncIterator]();
  const fetch = () => {
    const next = items.next() as Promise<IteratorResult<T, undefined>>;
    // Whoever stops reading early hears of no later failure.
    next.catch(() => undefined);
    return next;
  };
  let next = fetch();
  const iterator = {
    async next() {
      const item = await next;
      if (!item.done) next = fetch();
      return item;
    },
    async return() {
      // Not waited for: a source that has nothing to say would hold up the failure that ended its use.
      items.return?.().catch(() => undefined);
      return { done: true as const, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
