import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { snapshotStatuses } from "../../src/db/enums.js";
import { holds, instances, snapshots } from "../../src/db/tables/index.js";
import { toTest } from "../../src/snapshots/condition.js";
import {
  exportRules,
  isListed,
  judgeExportable,
  judgeRestorable,
  restoreRules,
  type Rule,
  statusAt,
} from "../../src/snapshots/eligibility.js";
import { dayStartOf, stampWindows } from "../../src/snapshots/retention.js";
import { defaultRetentionTable as table } from "../../src/snapshots/retention-table.js";
import * as queries from "../../src/snapshots/snapshots.queries.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { insertProject, snapshotRow } from "./rows.js";

type Row = queries.SnapshotRow;
/** The instant of every question. */
const now = new Date("2026-07-15T12:00:00.000Z");
const before = new Date(now.getTime() - 1);

/** What may have become of a completed snapshot, beside its windows. */
const fates: Record<string, Partial<Row>> = {
  sound: {},
  damaged: { artifactState: "DAMAGED" },
  purged: { artifactState: "PURGED" },
  "its chain broken": { chainBrokenAt: before },
  superseded: { supersededAt: before },
  held: { holdId: "held" },
  "held and superseded": { holdId: "held", supersededAt: before },
  "held and damaged": { holdId: "held", artifactState: "DAMAGED" },
  "held, its chain broken": { holdId: "held", chainBrokenAt: before },
};

/** Every sort of snapshot that the table keeps. */
const sorts = table.rows.flatMap((policy) =>
  (["SCHEDULED", "ON_DEMAND"] as const).flatMap((type) =>
    (["FULL", "SHORT_RETENTION", "DIFFERENTIAL"] as const).flatMap((kind) => {
      const window = policy.windows[type][kind];
      const name = `${policy.tier} ${policy.version} ${type} ${kind}`;
      return window ? [{ name, policy, type, kind, window }] : [];
    }),
  ),
);

let database: TestDatabase;
let rows: Row[];
let sortOf: Map<string, string>;
let read: (filter: queries.SnapshotListFilter) => Promise<string[]>;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const scope = await insertProject(db);
  const made: (typeof snapshots.$inferInsert)[] = [];
  const homes: (typeof instances.$inferInsert)[] = [];
  const placed: (typeof holds.$inferInsert)[] = [];
  sortOf = new Map();
  const home = (tier: string, version: string): string => {
    const id = randomUUID();
    const place = { cloudProvider: "AWS", region: "eu-west-1", engine: "ladybug", createdAt: now } as const;
    const sold = { tier, version } as Pick<typeof instances.$inferInsert, "tier" | "version">;
    homes.push({ id, ...scope, ...place, ...sold, name: "i", status: "RUNNING", generation: 1 });
    return id;
  };
  for (const { name, policy, type, kind, window } of sorts) {
    const ends = [...new Set([window.restorableDays, window.exportableDays])].filter((days) => days !== null);
    for (const days of ends)
      for (const offset of [-1, 0, 1])
        for (const fate of Object.values(fates))
          for (const firstFullOfDay of kind === "FULL" && type === "SCHEDULED" ? [true, false] : [false]) {
            // Its window of so many days ends at `now`, or a millisecond beside it. One instance each: a day has one first full.
            const takenAt = new Date(now.getTime() - days * 86_400_000 + offset);
            const instanceId = home(policy.tier, policy.version);
            const id = randomUUID();
            const base = kind === "DIFFERENTIAL" ? snapshotRow(scope, instanceId) : undefined;
            if (base) made.push(base);
            const holdId = fate.holdId ? randomUUID() : null;
            const windows = stampWindows(policy, { type, kind, takenAt }, table.version);
            const at = { takenAt, completedAt: takenAt, createdAt: takenAt };
            const chain = base && { baseId: base.id, chainRootId: base.id, chainDepth: 1 };
            const first = { firstFullOfDay, dayStartsAt: dayStartOf(policy, takenAt) };
            const facts = { ...fate, ...windows, ...at, ...chain, ...first, type, kind, holdId };
            made.push(snapshotRow(scope, instanceId, { id, ...facts }));
            sortOf.set(id, name);
            if (holdId)
              placed.push({
                id: holdId,
                ...scope,
                snapshotId: id,
                reason: "r",
                placedBy: "a",
                placedAt: takenAt,
              });
          }
    for (const status of ["PENDING", "IN_PROGRESS", "FAILED", "CANCELED"] as const) {
      const instanceId = home(policy.tier, policy.version);
      const base = kind === "DIFFERENTIAL" ? snapshotRow(scope, instanceId) : undefined;
      if (base) made.push(base);
      const chain = base && { baseId: base.id, chainRootId: base.id, chainDepth: 1 };
      const row = snapshotRow(scope, instanceId, { status, type, kind, ...chain });
      made.push(row);
      sortOf.set(row.id, name);
    }
  }
  await db.transaction(async (tx) => {
    const pieces = <T>(all: readonly T[]) =>
      Array.from({ length: Math.ceil(all.length / 500) }, (_, n) => all.slice(n * 500, (n + 1) * 500));
    for (const piece of pieces(homes)) await tx.insert(instances).values(piece);
    for (const piece of pieces(made))
      await tx.insert(snapshots).values(piece.map((row) => ({ ...row, holdId: null })));
    for (const piece of pieces(placed)) await tx.insert(holds).values(piece);
    await tx.execute(
      "update snapshots set hold_id = holds.id from holds where holds.snapshot_id = snapshots.id",
    );
  });
  rows = await db.select().from(snapshots);
  const ids = homes.map((each) => each.id);
  read = async (filter) => {
    const page = { from: "start", limit: 100 } as const;
    const pages = await queries.listSnapshotPages(db, scope, ids, page, filter, now);
    const listed = [...pages.values()].flatMap((each) => each.rows.map((row) => row.id));
    const counts = await queries.countSnapshots(db, scope, ids, filter, now);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(listed.length);
    return listed.sort();
  };
});
afterAll(() => database.drop());

const idsOf = (admits: (row: Row) => boolean) =>
  rows
    .filter(admits)
    .map((row) => row.id)
    .sort();

describe("the list shows exactly what the rules admit:", () => {
  const restorable = (row: Row) => judgeRestorable(row, now).allowed;
  const exportable = (row: Row) => judgeExportable(row, now).allowed;
  const listed = (row: Row) => isListed(row, now);
  const cases: [string, queries.SnapshotListFilter, (row: Row) => boolean][] = [
    ["by default", {}, listed],
    ["everything", { includeExpired: true }, () => true],
    ["restorable only", { restorableOnly: true }, restorable],
    ["exportable only", { exportableOnly: true }, exportable],
    ["both", { restorableOnly: true, exportableOnly: true }, (row) => restorable(row) && exportable(row)],
    ["restorable, expired included", { restorableOnly: true, includeExpired: true }, restorable],
    ["exportable, expired included", { exportableOnly: true, includeExpired: true }, exportable],
    ["held only", { heldOnly: true }, (row) => row.holdId !== null],
    ...snapshotStatuses.map((status): (typeof cases)[number] => [
      status,
      { status },
      (row) => statusAt(row, now) === status && (status === "EXPIRED" || listed(row)),
    ]),
  ];
  test.each(cases)("%s", async (_, filter, admits) => {
    const expected = idsOf(admits);
    expect(expected.length).toBeGreaterThan(0);
    expect(await read(filter)).toEqual(expected);
  });
});

describe("the rows put every rule to the test:", () => {
  const cases = sorts.flatMap((sort) => [
    { ...sort, what: "restore", rules: restoreRules },
    { ...sort, what: "export", rules: exportRules },
  ]);
  type Case = (typeof cases)[number];

  /** On which sides of a rule the rows of a sort can be: on both, unless the sort itself decides. */
  function sidesOf({ reason }: Rule, { what, kind, window }: Case): boolean[] {
    if (reason === "DIFFERENTIAL_NOT_EXPORTABLE") return [kind === "DIFFERENTIAL"];
    if (reason === "NOT_FIRST_FULL_OF_DAY" && !window.firstFullOfDayOnly) return [false];
    if (reason === "WINDOW_CLOSED" && what === "export" && window.exportableDays === null) return [true];
    return [false, true];
  }

  test.each(cases)("each rule of $what decides about some $name by itself, and lets another pass", (each) => {
    const { name, rules } = each;
    const refused = rows
      .filter((row) => sortOf.get(row.id) === name)
      .map((row) => rules.filter((rule) => toTest(rule.when)(row, now)).map((rule) => rule.reason));
    const always = rules.filter((rule) => !sidesOf(rule, each).includes(false)).map(({ reason }) => reason);
    expect(refused.some((reasons) => reasons.length === always.length)).toBe(true);
    for (const rule of rules) {
      const { reason } = rule;
      const sides = new Set(refused.map((reasons) => reasons.includes(reason)));
      expect([...sides].sort(), reason).toEqual(sidesOf(rule, each));
      if (!sides.has(true)) continue;
      // What is not complete has no windows; and what the sort alone decides is true of all its rows.
      const beside = [reason, ...always, ...(reason === "NOT_COMPLETED" ? ["WINDOW_CLOSED"] : [])];
      const byItself = refused.some(
        (reasons) => reasons.includes(reason) && reasons.every((other) => beside.includes(other)),
      );
      expect(byItself, reason).toBe(true);
    }
  });

  test.each(sorts)("$name closes at its instant, neither before nor after", ({ name, kind, window }) => {
    const sound = rows.filter(
      (row) =>
        sortOf.get(row.id) === name &&
        row.holdId === null &&
        row.artifactState === "PRESENT" &&
        row.chainBrokenAt === null &&
        row.supersededAt === null &&
        (row.firstFullOfDay || !row.exportFirstFullOfDayOnly || kind !== "FULL"),
    );
    const sideOf = (until: "restorableUntil" | "exportableUntil", offset: number) =>
      sound.filter((row) => row[until]?.getTime() === now.getTime() + offset);
    for (const [offset, allowed] of [
      [-1, false],
      [0, false],
      [1, true],
    ] as const) {
      const restorable = sideOf("restorableUntil", offset);
      expect(restorable.length, `restorable ${offset}`).toBeGreaterThan(0);
      for (const row of restorable) expect(judgeRestorable(row, now).allowed).toBe(allowed);
      const exportable = sideOf("exportableUntil", offset);
      expect(exportable.length > 0, `exportable ${offset}`).toBe(window.exportableDays !== null);
      for (const row of exportable) expect(judgeExportable(row, now).allowed).toBe(allowed);
    }
  });
});
