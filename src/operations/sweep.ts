import { type Clock, hasPassed } from "../clock.js";
import type { Logger } from "../telemetry/logger.js";

/**
 * Something that is put right now and then in every process: what a killed process left, or what time has ended.
 * Idempotent, and safe beside the same sweep in another process.
 */
export interface Sweep {
  readonly name: string;
  /** Milliseconds from one end to the next beginning. */
  readonly everyMs: number;
  /** Answers how much it put right. */
  run(): Promise<number>;
}

/**
 * Runs the sweeps that are due, one after another. One that fails is logged, and tried again when it is due again. A clock
 * that steps back makes all of them due.
 */
export function createSweeper(sweeps: readonly Sweep[], parts: { clock: Clock; logger: Logger }) {
  const endedAt = new Map<Sweep, number>();
  const nowMs = () => parts.clock.now().getTime();
  return async (signal?: AbortSignal): Promise<void> => {
    for (const sweep of sweeps) {
      if (signal?.aborted || !hasPassed(sweep.everyMs, endedAt.get(sweep) ?? -Infinity, nowMs())) continue;
      try {
        const count = await sweep.run();
        if (count > 0) parts.logger.info({ sweep: sweep.name, count }, "swept");
      } catch (error) {
        parts.logger.warn({ err: error, sweep: sweep.name }, "a sweep failed");
      }
      endedAt.set(sweep, nowMs());
    }
  };
}
