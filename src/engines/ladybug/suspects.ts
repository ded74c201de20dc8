import { Queue } from "./turns.js";
import { within } from "./within.js";

/**
 * Of those that ran when a process died, one is to blame: all come again, but one at a time, so that it dies alone.
 */
export class Suspects {
  private readonly queues = new Map<string, Queue>();

  /** How long one waits for a turn. */
  constructor(private readonly waitMs: number) {}

  /** Undefined where the turn of this folder's suspect does not come in time. */
  async run<T>(folder: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const queue = this.queues.get(folder) ?? new Queue(() => this.queues.delete(folder));
    this.queues.set(folder, queue);
    let isLate = false;
    const begun = Promise.withResolvers<boolean>();
    const outcome = queue.run(async () => {
      begun.resolve(true);
      return isLate ? undefined : await attempt();
    });
    outcome.catch(() => undefined);
    isLate = !(await within(this.waitMs, begun.promise, false));
    return isLate ? undefined : await outcome;
  }
}
