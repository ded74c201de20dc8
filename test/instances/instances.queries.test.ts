import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageRequest } from "../../src/db/page.js";
import { countInstances, listInstances, loadInstances } from "../../src/instances/instances.queries.js";
import type { Scope } from "../../src/projects/viewer.js";
import { insertInstance, insertProject, later, start } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let scope: Scope;
const ids: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
  for (const [ms, name] of ["100%_sure", "100 sure", "Plain", "last"].entries())
    ids.push(await insertInstance(database.db, scope, { name, createdAt: later(ms) }));
});
afterAll(() => database.drop());

describe("instances", () => {
  it("are listed oldest first from either end", async () => {
    const read = async (page: PageRequest) => {
      const { rows, ...ends } = await listInstances(database.db, scope, page);
      return { ids: rows.map((row) => row.id), ...ends };
    };
    const at = (index: number) => ({ at: later(index), id: ids[index]! });
    expect(await read({ from: "start", limit: 4 })).toEqual({
      ids,
      hasNextPage: false,
      hasPreviousPage: false,
    });
    expect(await read({ from: "start", limit: 2, after: at(0) })).toEqual({
      ids: ids.slice(1, 3),
      hasNextPage: true,
      hasPreviousPage: true,
    });
    expect(await read({ from: "end", limit: 3 })).toEqual({
      ids: ids.slice(1),
      hasNextPage: false,
      hasPreviousPage: true,
    });
    expect(await read({ from: "end", limit: 3, before: at(2) })).toEqual({
      ids: ids.slice(0, 2),
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });

  it("are found by a part of the name taken literally, in any case", async () => {
    expect(await countInstances(database.db, scope, { nameContains: "%_" })).toBe(1);
    expect(await countInstances(database.db, scope, { nameContains: "100" })).toBe(2);
    expect(await countInstances(database.db, scope, { nameContains: "pLAIN", tier: "PROFESSIONAL" })).toBe(1);
    expect(await countInstances(database.db, scope, { nameContains: "\\" })).toBe(0);
    expect(await countInstances(database.db, scope, { cloudProvider: "GCP" })).toBe(0);
  });

  it("are hidden when deleted or foreign, though the deleted ones can be loaded", async () => {
    const own = await insertProject(database.db);
    const deleted = await insertInstance(database.db, own, { deletedAt: start });
    expect(await countInstances(database.db, own)).toBe(0);
    const loaded = await loadInstances(database.db, own, [deleted, ids[0]!]);
    expect([...loaded.keys()]).toEqual([deleted]);
  });
});

it("lists deleted instances only to who asks for them", async () => {
  const own = await insertProject(database.db);
  const alive = await insertInstance(database.db, own);
  const gone = await insertInstance(database.db, own, { deletedAt: later(5) });
  const page = { from: "start", limit: 9 } as const;
  const read = async (deleted?: boolean) =>
    (await listInstances(database.db, own, page, { deleted })).rows.map((row) => row.id);
  expect([await read(), await read(true)]).toEqual([[alive], [gone]]);
  expect(await countInstances(database.db, own, { deleted: true })).toBe(1);
});
