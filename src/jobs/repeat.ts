import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs a task at once and then again and again in this process, `everyMs` after it last ended, so never twice at
 * once. The task handles its own failures. `stop` aborts the task's signal and waits for its end.
 */
export function repeat(
  everyMs: number,
  task: (signal: AbortSignal) => Promise<void>,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      await task(signal);
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
