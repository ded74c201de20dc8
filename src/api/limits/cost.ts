import { introspectionCost, type Group, type OperationPlan } from "./plan-document.js";
import { createVariableReader, type VariableReader } from "./read-arguments.js";

/**
 * What an operation may cost at most: one point for each object that its answer may hold, lists taken as long as
 * they may be, and what its work costs beside. Each group is counted once however often it is spread, so the time this
 * takes grows with the document and not with what the document unfolds to.
 */
export function requestedCost(
  plan: OperationPlan,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): number {
  const read = createVariableReader(plan.operation, variables);
  return Math.max(1, costOf(plan.root, read, new Map()).fixed);
}

interface GroupCost {
  readonly fixed: number;
  /** Of a connection's selections: for each item of the page. */
  readonly perItem: number;
}

function costOf(group: Group, read: VariableReader, known: Map<Group, GroupCost>): GroupCost {
  const before = known.get(group);
  if (before) return before;
  let fixed = 0;
  let perItem = 0;
  for (const field of group.fields) {
    const below = costOf(field.below, read, known);
    const each = 1 + below.fixed + below.perItem * (field.pageSize?.(read) ?? 0);
    fixed += field.work(read);
    if (field.count === "PER_ITEM_OF_THE_PAGE") perItem += each;
    else fixed += field.count(read) * each;
  }
  for (const spread of group.spread) {
    const below = costOf(spread, read, known);
    fixed += below.fixed;
    perItem += below.perItem;
  }
  const cost = { fixed, perItem };
  known.set(group, cost);
  return cost;
}

/** What the work of an operation costs, whatever its answer holds. Only fields of the root work. */
export function workCost(
  plan: OperationPlan,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): number {
  const read = createVariableReader(plan.operation, variables);
  const groups = new Set([plan.root]);
  let work = 0;
  // Grows while it is gone through; each group is executed once however often it is spread.
  for (const { fields, spread } of groups) {
    for (const field of fields) work += field.work(read);
    for (const group of spread) groups.add(group);
  }
  return work;
}

/** What an answer did cost: its objects, and the work beside them. */
export function actualCost(plan: OperationPlan, data: unknown, work = 0): number {
  if (plan.introspects) return introspectionCost + work;
  // The answer itself is an object that nobody asked for.
  return Math.max(1, countObjects(data) - 1 + work);
}

function countObjects(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countObjects(item);
  else {
    count = 1;
    // Whatever graphql-js has made: plain objects without prototypes, whose properties are all their own.
    for (const name in value) count += countObjects((value as Record<string, unknown>)[name]);
  }
  return count;
}
