import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageRequest } from "../../src/db/page.js";
import { snapshots } from "../../src/db/tables/index.js";
import type { Scope } from "../../src/projects/viewer.js";
import { judgeExportable, judgeRestorable, statusAt } from "../../src/snapshots/eligibility.js";
import { lazyLoaders } from "../../src/db/connection-loader.js";
import { snapshotLoaders } from "../../src/snapshots/snapshot.loader.js";
import * as queries from "../../src/snapshots/snapshots.queries.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "./rows.js";

let database: TestDatabase;
let scope: Scope;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
});
afterAll(() => database.drop());

/** All the combinations of what the rules read that the table's checks admit. */
function everySort(instanceId: string) {
  const rows: (typeof snapshots.$inferInsert)[] = [];
  const root = snapshotRow(scope, instanceId);
  rows.push(root);
  const push = (changes: Partial<queries.SnapshotRow>) => rows.push(snapshotRow(scope, instanceId, changes));
  for (const status of ["PENDING", "IN_PROGRESS", "FAILED", "CANCELED"] as const) push({ status });
  for (const kind of ["FULL", "SHORT_RETENTION", "DIFFERENTIAL"] as const)
    for (const type of ["SCHEDULED", "ON_DEMAND"] as const)
      for (const artifactState of ["PRESENT", "DAMAGED", "PURGED"] as const)
        for (const chainBrokenAt of [null, start])
          for (const supersededAt of [null, start])
            for (const exportableUntil of [null, later(5_000), later(10_000)])
              for (const exportFirstFullOfDayOnly of [false, true]) {
                const differential = kind === "DIFFERENTIAL";
                if (type === "ON_DEMAND" && kind !== "FULL") continue;
                if (differential && exportableUntil) continue;
                // Each has a base of its own, for a base carries one completed differential.
                const base = differential ? snapshotRow(scope, instanceId) : undefined;
                if (base) rows.push(base);
                push({
                  kind,
                  type,
                  artifactState,
                  chainBrokenAt,
                  supersededAt,
                  exportableUntil,
                  exportFirstFullOfDayOnly,
                  ...(base && { baseId: base.id, chainRootId: base.id, chainDepth: 1 }),
                });
              }
  // One first full of the day is admitted per day.
  push({ type: "SCHEDULED", exportFirstFullOfDayOnly: true, firstFullOfDay: true, dayStartsAt: start });
  return rows;
}

describe("filters", () => {
  it("choose what the pure rules choose, at and around every window's end", async () => {
    const instanceId = await insertInstance(database.db, scope);
    await database.db.insert(snapshots).values(everySort(instanceId));
    const rows = await database.db.select().from(snapshots);
    const own = rows.filter((row) => row.instanceId === instanceId);
    const page: PageRequest = { from: "start", limit: 1000 };
    for (const ms of [0, 4_999, 5_000, 5_001, 9_999, 10_000, 10_001]) {
      const now = later(ms);
      const check = async (
        filter: queries.SnapshotListFilter,
        rule: (row: queries.SnapshotRow) => boolean,
      ) => {
        const expected = own
          .filter(rule)
          .map((row) => row.id)
          .sort();
        const pages = await queries.listSnapshotPages(database.db, scope, [instanceId], page, filter, now);
        const read = pages.get(instanceId)!.rows.map((row) => row.id);
        expect(read.sort(), JSON.stringify({ ms, filter })).toEqual(expected);
        const counts = await queries.countSnapshots(database.db, scope, [instanceId], filter, now);
        expect(counts.get(instanceId)).toBe(expected.length);
      };
      const shown = (row: queries.SnapshotRow) =>
        statusAt(row, now) !== "EXPIRED" && !row.supersededAt && row.artifactState !== "PURGED";
      await check({}, shown);
      await check({ includeExpired: true }, () => true);
      await check({ restorableOnly: true }, (row) => judgeRestorable(row, now).allowed);
      await check({ exportableOnly: true }, (row) => judgeExportable(row, now).allowed);
      await check({ restorableOnly: true, includeExpired: true }, (row) => judgeRestorable(row, now).allowed);
      await check({ exportableOnly: true, includeExpired: true }, (row) => judgeExportable(row, now).allowed);
      await check({ status: "EXPIRED" }, (row) => statusAt(row, now) === "EXPIRED");
      await check({ status: "COMPLETED" }, (row) => statusAt(row, now) === "COMPLETED" && shown(row));
      await check({ status: "FAILED" }, (row) => row.status === "FAILED");
      await check(
        { kind: "DIFFERENTIAL", type: "SCHEDULED" },
        (row) => shown(row) && row.kind === "DIFFERENTIAL",
      );
    }
  });

  it("take takenAfter and takenBefore as exclusive", async () => {
    const instanceId = await insertInstance(database.db, scope);
    const rows = [0, 1, 2].map((ms) => snapshotRow(scope, instanceId, { takenAt: later(ms) }));
    await database.db.insert(snapshots).values(rows);
    const filter = { takenAfter: later(0), takenBefore: later(2) };
    const pages = await queries.listSnapshotPages(
      database.db,
      scope,
      [instanceId],
      { from: "start", limit: 9 },
      filter,
      start,
    );
    expect(pages.get(instanceId)?.rows.map((row) => row.id)).toEqual([rows[1]?.id]);
  });
});

describe("pages", () => {
  it("walk every instance's list from either end, equal instants included", async () => {
    const ids = [await insertInstance(database.db, scope), await insertInstance(database.db, scope)];
    const empty = await insertInstance(database.db, scope);
    for (const id of ids)
      await database.db
        .insert(snapshots)
        .values([0, 0, 0, 1, 1, 2, 3].map((ms) => snapshotRow(scope, id, { takenAt: later(ms) })));
    const read = async (page: PageRequest, id: string) => {
      const all = [...ids, empty];
      const pages = await queries.listSnapshotPages(database.db, scope, all, page, {}, start);
      expect(pages.get(empty)?.rows).toEqual([]);
      return pages.get(id)!;
    };
    for (const id of ids) {
      const whole = await read({ from: "start", limit: 7 }, id);
      expect(whole).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
      const list = whole.rows.map((row) => row.id);
      const sorted = [...whole.rows].sort(
        (a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (a.id < b.id ? 1 : -1),
      );
      expect(list).toEqual(sorted.map((row) => row.id));
      expect(list).toHaveLength(7);

      for (const from of ["start", "end"] as const) {
        const walked: string[] = [];
        let position: PageRequest["after"];
        for (let pages = 1; pages <= 4; pages++) {
          const bound = position && (from === "start" ? { after: position } : { before: position });
          const page = await read({ from, limit: 2, ...bound }, id);
          const seen = page.rows.map((row) => row.id);
          if (from === "start") walked.push(...seen);
          else walked.unshift(...seen);
          const [onward, backward] = [pages < 4, pages > 1];
          expect(page.hasNextPage).toBe(from === "start" ? onward : backward);
          expect(page.hasPreviousPage).toBe(from === "start" ? backward : onward);
          const edge = (from === "start" ? page.rows.at(-1) : page.rows[0])!;
          position = { at: edge.takenAt, id: edge.id };
        }
        expect(walked).toEqual(list);
      }
    }
  });

  it("are read in one statement for the same arguments, and show nothing to another project", async () => {
    const ids = [await insertInstance(database.db, scope), await insertInstance(database.db, scope)];
    await database.db.insert(snapshots).values(ids.map((id) => snapshotRow(scope, id)));
    const statements: string[] = [];
    const pool = database.db.$client;
    const query = pool.query.bind(pool);
    pool.query = ((...args: Parameters<typeof query>) => {
      statements.push(JSON.stringify(args[0]));
      return query(...args);
    }) as unknown as typeof pool.query;
    const createLoaders = lazyLoaders(snapshotLoaders);
    const loaders = createLoaders({ db: database.db, scope, now: start });
    const args = { page: { from: "start", limit: 5 }, filter: {} } as const;
    const pages = await Promise.all(ids.map((parentId) => loaders.snapshotPage.load({ parentId, args })));
    pool.query = query;
    expect(pages.map((page) => page.rows.length)).toEqual([1, 1]);
    expect(statements).toHaveLength(1);

    const foreign = createLoaders({
      db: database.db,
      scope: await insertProject(database.db),
      now: start,
    });
    const parentId = ids[0]!;
    expect((await foreign.snapshotPage.load({ parentId, args })).rows).toEqual([]);
    expect(await foreign.snapshotCount.load({ parentId, args: {} })).toBe(0);
    expect(await foreign.latestRestorable.load(parentId)).toBeUndefined();
    expect(await foreign.chain.load(pages[0]!.rows[0]!.id)).toBeUndefined();
  });
});

describe("chains and the latest restorable", () => {
  it("read the base first, and each chain apart", async () => {
    const instanceId = await insertInstance(database.db, scope);
    const [full, first, second] = [randomUUID(), randomUUID(), randomUUID()];
    const differential = { type: "SCHEDULED", kind: "DIFFERENTIAL", exportableUntil: null } as const;
    const link = (id: string, baseId: string, chainDepth: number) =>
      snapshotRow(scope, instanceId, {
        ...differential,
        id,
        baseId,
        chainRootId: full,
        chainDepth,
        takenAt: later(chainDepth),
        // The newest is the one that may not be restored.
        chainBrokenAt: chainDepth === 2 ? start : null,
      });
    const rows = [snapshotRow(scope, instanceId, { id: full }), link(first, full, 1), link(second, first, 2)];
    await database.db.insert(snapshots).values(rows);
    const chains = await queries.loadChains(database.db, scope, [second, full, randomUUID()]);
    expect(chains.get(second)?.map((row) => row.id)).toEqual([full, first, second]);
    expect(chains.get(second)?.[0]?.takenAt).toEqual(start);
    expect(chains.get(full)?.map((row) => row.id)).toEqual([full]);
    expect(chains.size).toBe(2);
    const latest = await queries.loadLatestRestorable(database.db, scope, [instanceId], later(9_999));
    expect(latest.get(instanceId)?.id).toBe(first);
    expect(await queries.loadLatestRestorable(database.db, scope, [instanceId], later(10_000))).toEqual(
      new Map(),
    );
  });
});
