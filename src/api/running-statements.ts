import type { Limits } from "../config/limits.js";
import { OpenConnections } from "./open-connections.js";

/**
 * Counts the statements under way in this process. Of a key, since each holds a body and an answer in memory; and the
 * instances that a project's keys have at work together, since each takes one of the engine's places, which are for all projects.
 *
 * A statement cannot be interrupted, so who comes when all places are at work would wait for a whole time limit. Therefore a project
 * has no more of them at work than it leaves, and begins nothing while it has more since others have come: of n places, k projects
 * take k in k + 1, and who has none finds one.
 */
export class RunningStatements {
  private readonly ofKeys: OpenConnections;
  private readonly instances = new Map<string, Map<string, number>>();
  /** Of all projects. */
  private inAll = 0;

  constructor(
    private readonly limits: Pick<Limits, "statementsPerKey" | "instancesAtWork" | "openInstances">,
  ) {
    this.ofKeys = new OpenConnections(limits.statementsPerKey);
  }

  /** A function that gives the place back; undefined where the key has as many under way as it may. */
  enterKey(key: string): (() => void) | undefined {
    return this.ofKeys.enter(key);
  }

  /** The same for an instance; any number of statements on one count once. To be called once for each. */
  enterInstance(projectId: string, instanceId: string): (() => void) | undefined {
    const atWork = this.instances.get(projectId) ?? new Map<string, number>();
    const count = atWork.get(instanceId) ?? 0;
    const left = this.limits.openInstances - this.inAll;
    const isWithin =
      count > 0
        ? leavesEnough(atWork.size, left)
        : atWork.size < this.limits.instancesAtWork && leavesEnough(atWork.size + 1, left - 1);
    if (!isWithin) return undefined;
    if (count === 0) this.inAll++;
    atWork.set(instanceId, count + 1);
    this.instances.set(projectId, atWork);
    return () => {
      const others = (atWork.get(instanceId) ?? 1) - 1;
      if (others > 0) atWork.set(instanceId, others);
      else if (atWork.delete(instanceId)) this.inAll--;
      if (atWork.size === 0) this.instances.delete(projectId);
    };
  }
}

/** One it may always have: it waits for it at worst. */
const leavesEnough = (atWork: number, left: number) => atWork <= Math.max(1, left);
