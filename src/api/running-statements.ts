import type { Limits } from "../config/limits.js";
import { OpenConnections } from "./open-connections.js";

/**
 * Counts the statements under way in this process. Of a key, since each holds a body and an answer in memory; and the
 * instances that a project's keys have at work together, since each takes one of the engine's places, which are for all projects.
 */
export class RunningStatements {
  private readonly ofKeys: OpenConnections;
  private readonly instances = new Map<string, Map<string, number>>();

  constructor(private readonly limits: Pick<Limits, "statementsPerKey" | "instancesAtWork">) {
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
    if (count === 0 && atWork.size >= this.limits.instancesAtWork) return undefined;
    atWork.set(instanceId, count + 1);
    this.instances.set(projectId, atWork);
    return () => {
      const left = (atWork.get(instanceId) ?? 1) - 1;
      if (left > 0) atWork.set(instanceId, left);
      else atWork.delete(instanceId);
      if (atWork.size === 0) this.instances.delete(projectId);
    };
  }
}
