import type { Group, OperationPlan } from "./plan-document.js";
import { createVariableReader, type VariableReader } from "./read-arguments.js";

/** What an operation may cost, before it runs. */
export interface Reckoning {
  /** At most: its objects, and its work. */
  readonly requested: number;
  /** What of it no answer shows, and none gives back. */
  readonly work: number;
}

/**
 * One point for each object that the answer may hold, lists taken as long as they may be, and what its work costs.
 * Each group is counted once however often it is spread, so the time this takes grows with the document and not with what
 * the document unfolds to.
 */
export function reckon(
  plan: OperationPlan,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Reckoning {
  const read = createVariableReader(plan.operation, variables);
  const { fixed, work } = costOf(plan.root, read, new Map());
  return { requested: Math.max(1, fixed + work), work };
}

interface GroupCost {
  readonly fixed: number;
  /** Of a connection's selections: for each item of the page. */
  readonly perItem: number;
  readonly work: number;
}

function costOf(group: Group, read: VariableReader, known: Map<Group, GroupCost>): GroupCost {
  const before = known.get(group);
  if (before) return before;
  let fixed = 0;
  let perItem = 0;
  let work = 0;
  for (const field of group.fields) {
    const below = costOf(field.below, read, known);
    const each = 1 + below.fixed + below.perItem * (field.pageSize?.(read) ?? 0);
    // Not for each object: what many ask for is loaded together.
    work += field.work(read) + below.work;
    if (field.count === "PER_ITEM_OF_THE_PAGE") perItem += each;
    else fixed += field.count(read) * each;
  }
  for (const spread of group.spread) {
    const below = costOf(spread, read, known);
    fixed += below.fixed;
    perItem += below.perItem;
    work += below.work;
  }
  const cost = { fixed, perItem, work };
  known.set(group, cost);
  return cost;
}

/** What an answer did cost: its objects, and the work that was reckoned. */
export function actualCost({ introspected }: OperationPlan, { work }: Reckoning, data: unknown): number {
  // The answer itself is an object that nobody asked for.
  let objects = countObjects(data) - 1;
  // What was read of the schema is work, and was counted on the schema.
  for (const name of introspected) objects -= countObjects((data as Record<string, unknown> | null)?.[name]);
  return Math.max(1, Math.max(0, objects) + work);
}

function countObjects(value: unknown): number {
  return typeof value === "object" && value !== null ? countWithin(value) : 0;
}

/** Most of an answer are leaves, which are not worth a call each. */
function countWithin(value: object): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as unknown[])
      if (typeof item === "object" && item !== null) count += countWithin(item);
    return count;
  }
  // Whatever graphql-js has made: plain objects without prototypes, whose properties are all their own.
  for (const name in value) {
    const below = (value as Record<string, unknown>)[name];
    if (typeof below === "object" && below !== null) count += countWithin(below);
  }
  return 1 + count;
}
