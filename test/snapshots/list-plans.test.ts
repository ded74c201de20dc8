import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fleetInstanceId, fleetProjectId, seedFleet } from "../../bench/fleet-seed.js";
import { tenantRole } from "../../src/db/tables/tenancy.js";
import * as queries from "../../src/snapshots/snapshots.queries.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const now = new Date("2026-07-15T12:00:00.000Z");
// Five instances to a project: a planner that took their snapshots for a twelfth of those of an instance would sort them all.
const [projects, instances] = [12, 60];
const scope = { projectId: fleetProjectId };
let database: TestDatabase;
let client: pg.PoolClient;

const useFleet = (snapshotsPerInstance: number) => {
  beforeAll(async () => {
    database = await createTestDatabase();
    client = await database.db.$client.connect();
    await seedFleet(client, { projects, instances, snapshotsPerInstance, now });
    const asProject = "select set_config('role', $1, false), set_config('daguerre.project_id', $2, false)";
    await client.query(asProject, [tenantRole.name, fleetProjectId]);
  }, 120_000);
  afterAll(async () => {
    client.release(true);
    await database.drop();
  });
};

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const indexesOf = (nodes: readonly Plan[]) => nodes.flatMap((node) => node["Index Name"] ?? []);

/** How the database runs, for a project, what `read` asks it. */
async function explain(read: () => Promise<unknown>): Promise<Plan[]> {
  const pool = database.db.$client;
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  const asked: { text: string; values: unknown[] }[] = [];
  pool.query = ((config: { text: string; values: unknown[] }) => {
    asked.push(config);
    return query(config);
  }) as unknown as typeof pool.query;
  try {
    await read();
  } finally {
    pool.query = query as typeof pool.query;
  }
  expect(asked).toHaveLength(1);
  const [{ text, values }] = asked as [{ text: string; values: unknown[] }];
  const { rows } = await client.query<{ "QUERY PLAN": { Plan: Plan }[] }>(
    `explain (analyze, timing off, format json) ${text}`,
    values,
  );
  // Named statements come to a plan for any values, after some calls.
  const { rows: generic } = await client.query<{ "QUERY PLAN": { Plan: Plan }[] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  const [first, later] = [rows, generic].map((each) => nodesOf(each[0]!["QUERY PLAN"][0]!.Plan));
  expect(indexesOf(later!)).toEqual(indexesOf(first!));
  // In the order of the list, so that it may end after a page; all that is exportable may well be less than a page.
  const sorted = later!.filter((node) => node["Node Type"] === "Bitmap Index Scan");
  expect(indexesOf(sorted)).not.toContain("snapshots_by_instance");
  return first!;
}
/** Snapshots that were read, those thrown away included. */
const touched = (nodes: readonly Plan[]) =>
  nodes
    .filter((node) => node["Relation Name"] === "snapshots")
    .reduce(
      (sum, node) =>
        sum + node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)),
      0,
    );

const tab = (filter: queries.SnapshotListFilter, ids: readonly string[] = [fleetInstanceId(3)]) =>
  queries.listSnapshotPages(database.db, scope, ids, { from: "start", limit: 25 }, filter, now);

const readsHardlyMore = async (filter: queries.SnapshotListFilter, index: string, most: number) => {
  for (const ids of [[fleetInstanceId(2)], [fleetInstanceId(3)], [0, 1, 2, 3, 4].map(fleetInstanceId)]) {
    const nodes = await explain(() => tab(filter, ids));
    expect(nodes.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
    expect(indexesOf(nodes)).toEqual([index]);
    expect(touched(nodes)).toBeLessThanOrEqual(most * ids.length);
  }
};

describe("a tab of 25 reads by an index, and hardly more than it shows", () => {
  useFleet(1000);

  test.each<[string, queries.SnapshotListFilter, string, number]>([
    ["exportable only", { exportableOnly: true }, "snapshots_exportable", 70],
    ["restorable only", { restorableOnly: true }, "snapshots_by_instance", 40],
    ["by default", {}, "snapshots_by_instance", 40],
    ["expired too", { includeExpired: true }, "snapshots_by_instance", 40],
  ])("%s", (_, filter, index, most) => readsHardlyMore(filter, index, most));

  test("and holds what it should", async () => {
    const pages = await tab({ exportableOnly: true }, [fleetInstanceId(2), fleetInstanceId(3)]);
    // BUSINESS_CRITICAL: 7 fulls and what was taken on demand in 30 days; the other has more than a page.
    expect([...pages.values()].map((page) => [page.rows.length, page.hasNextPage])).toEqual([
      [21, false],
      [25, true],
    ]);
  });
});

// Of columns that have one value only, the planner takes `<>` for what no row fulfils.
describe("so does one of a young fleet, of which nothing has been purged", () => {
  useFleet(300);

  test.each<[string, queries.SnapshotListFilter]>([
    ["restorable only", { restorableOnly: true }],
    ["by default", {}],
  ])("%s", (_, filter) => readsHardlyMore(filter, "snapshots_by_instance", 40));
});
