import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { holds, operations, snapshots } from "../../src/db/tables/index.js";
import type { Scope } from "../../src/projects/viewer.js";
import { artifactNeeded } from "../../src/snapshots/needed.queries.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "./rows.js";

let database: TestDatabase;
let scope: Scope;
let instanceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  instanceId = await insertInstance(database.db, scope);
});

type Changes = NonNullable<Parameters<typeof snapshotRow>[2]>;
type Row = ReturnType<typeof snapshotRow>;

async function insert(changes: Changes = {}, base?: Row): Promise<Row> {
  const chain = base && {
    ...({ type: "SCHEDULED", kind: "DIFFERENTIAL", exportableUntil: null, baseId: base.id } as const),
    ...{ chainRootId: base.chainRootId, chainDepth: base.chainDepth + 1 },
  };
  const row = snapshotRow(scope, instanceId, { ...chain, ...changes });
  await database.db.insert(snapshots).values(row);
  return row;
}
const until = (ms: number) => ({ restorableUntil: later(ms), exportableUntil: null });
/** Which of the instance's artifacts are needed, by their place in the list. */
async function needed(rows: readonly Row[], ms: number): Promise<number[]> {
  const found = await database.db
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(and(eq(snapshots.instanceId, instanceId), artifactNeeded(database.db, later(ms))));
  const ids = new Set(found.map((row) => row.id));
  return rows.flatMap((row, index) => (ids.has(row.id) ? [index] : []));
}

test("a base is needed past its own window, until the last that builds on it has expired", async () => {
  const full = await insert(until(10));
  const first = await insert(until(20), full);
  const last = await insert(until(15), first);
  const rows = [full, first, last];
  expect(await needed(rows, 14)).toEqual([0, 1, 2]);
  // The last has expired; nothing builds on it.
  expect(await needed(rows, 15)).toEqual([0, 1]);
  expect(await needed(rows, 19)).toEqual([0, 1]);
  expect(await needed(rows, 20)).toEqual([]);
});

test("an attempt that failed needs nothing, one that is at work needs its base", async () => {
  const full = await insert(until(10));
  const attempt = await insert({ status: "FAILED" }, full);
  expect(await needed([full], 10)).toEqual([]);
  await database.db.update(snapshots).set({ status: "IN_PROGRESS" }).where(eq(snapshots.id, attempt.id));
  expect(await needed([full], 10)).toEqual([0]);
});

test("what is superseded is not needed, however long its window", async () => {
  const row = await insert({ supersededAt: start });
  expect(await needed([row], 0)).toEqual([]);
});

test("a hold needs the snapshot and all below it, and nothing above", async () => {
  const full = await insert(until(10));
  const held = await insert(until(10), full);
  const above = await insert(until(10), held);
  const [id, snapshotId] = [held.id, held.id];
  await database.db
    .insert(holds)
    .values({ id, snapshotId, ...scope, reason: "audit", placedBy: "ada", placedAt: start });
  await database.db.update(snapshots).set({ holdId: id }).where(eq(snapshots.id, id));
  expect(await needed([full, held, above], 1_000)).toEqual([0, 1]);
});

test("what an unfinished operation reads is needed, with its chain", async () => {
  const full = await insert(until(10));
  const read = await insert(until(10), full);
  const other = await insert(until(10));
  const operation = { ...scope, instanceId, kind: "EXPORT", exclusive: false, createdAt: start } as const;
  const id = read.id;
  await database.db
    .insert(operations)
    .values({ ...operation, id, status: "RUNNING", phase: "COPYING", sourceSnapshotId: read.id });
  expect(await needed([full, read, other], 10)).toEqual([0, 1]);
  const ended = { status: "CANCELED", finishedAt: start } as const;
  await database.db.update(operations).set(ended).where(eq(operations.id, id));
  expect(await needed([full, read, other], 10)).toEqual([]);
});
