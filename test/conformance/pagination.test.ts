import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { insertInstance, later, snapshotRow } from "../snapshots/rows.js";
import { type Edge, startEdge } from "../api/edge.js";

/** Relay's pagination, walked as its clients do, over rows of which several share an instant, while others are added. */
const rows = 1000;
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

async function fill(count: number): Promise<{ instance: string; ids: string[] }> {
  const instance = await insertInstance(edge.db, edge.scope);
  const made = Array.from({ length: count }, (_, n) =>
    snapshotRow(edge.scope, instance, { id: randomUUID(), takenAt: later(Math.floor(n / 3)) }),
  );
  await edge.db.insert(snapshots).values(made);
  // Newest first, and among equals by id.
  const ordered = made.toSorted(
    (a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (b.id < a.id ? -1 : 1),
  );
  return { instance, ids: ordered.map((row) => toGlobalId("snapshot", row.id)) };
}

async function ask(instance: string, variables: object): Promise<Page> {
  const answer = await edge.ask<{ instance: { snapshots: Page } }>(
    `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      instance(id: $id) { snapshots(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }
    }`,
    { id: toGlobalId("instance", instance), ...variables },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data!.instance.snapshots;
}

/** Rows at both ends of the list, which a walk under way must not trip over. */
async function addAround(instance: string): Promise<void> {
  const at = [later(1_000_000), later(-1_000_000)];
  await edge.db
    .insert(snapshots)
    .values(at.map((takenAt) => snapshotRow(edge.scope, instance, { id: randomUUID(), takenAt })));
}

describe.each([
  [1, rows],
  [7, rows],
  [100, rows],
])("pages of %i over %i rows", (size, count) => {
  it.each(["forward", "backward"] as const)(
    "are walked %s: each row once, in order",
    async (way) => {
      const { instance, ids } = await fill(count);
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; ; pages++) {
        const page: Page = await ask(
          instance,
          way === "forward" ? { first: size, after: cursor } : { last: size, before: cursor },
        );
        expect(page.edges.length).toBeLessThanOrEqual(size);
        expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
        expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
        const found = page.edges.map((one) => one.node.id);
        if (way === "forward") seen.push(...found);
        else seen.unshift(...found);
        const more = way === "forward" ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
        if (!more) break;
        cursor = way === "forward" ? page.pageInfo.endCursor : page.pageInfo.startCursor;
        if (pages % 40 === 0) await addAround(instance);
      }
      // What was added ahead of the walk is met too; what stood there when it began is met exactly once.
      const stood = new Set(ids);
      expect(seen.filter((id) => stood.has(id))).toEqual(ids);
      expect(new Set(seen).size).toBe(seen.length);
    },
    120_000,
  );
});
