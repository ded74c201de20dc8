import type { InstanceRow } from "../instances/instances.queries.js";
import { getInstance } from "./facts.js";
import type { Work } from "./work.js";

/** The key under which an attempt of an operation writes. */
export type AttemptKey = (work: Work, instance: InstanceRow, number: number) => string;

/** Removes what the attempts up to `last` may have written: each is gone for good once a later one is at it. */
export async function removeWritten(
  work: Work,
  instance: InstanceRow,
  keyOf: AttemptKey,
  last: number,
): Promise<void> {
  for (let number = 1; number <= last; number++)
    await work.context.artifacts.remove(keyOf(work, instance, number));
}

/** The `undo` of an operation that leaves nothing but what its attempts wrote. */
export const undoWritten = (keyOf: AttemptKey) => async (work: Work) =>
  removeWritten(work, await getInstance(work.context.db, work.operation.instanceId), keyOf, work.attempt);
