import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { holds, instances, operations, snapshots } from "../../src/db/tables/index.js";
import type { DomainEvent, EventBus } from "../../src/events/event-bus.js";
import type { Scope } from "../../src/projects/viewer.js";
import { changeTier, previewTierChange } from "../../src/snapshots/change-tier.js";
import { isListed, judgeRestorable } from "../../src/snapshots/eligibility.js";
import { findRetention, type RetentionRow, stampWindows } from "../../src/snapshots/retention.js";
import { defaultRetentionTable as policy } from "../../src/snapshots/retention-table.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { asAdmin, insertInstance, insertProject, snapshotRow } from "./rows.js";

const now = new Date("2026-03-20T12:00:00.000Z");
const daysAgo = (days: number, ms = 0) => new Date(now.getTime() - days * 86_400_000 + ms);
let database: TestDatabase;
let scope: Scope;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
});
afterAll(() => database.drop());

/** One of each sort that the tier keeps, at ages around every window of the table, while its own window is open. */
async function fill(from: RetentionRow): Promise<string> {
  const { tier, version } = from;
  const instanceId = await insertInstance(database.db, scope, {
    tier,
    version,
    status: "RUNNING",
    generation: 1,
  });
  const ages = [1, 7, 9, 14, 16, 30, 60, 90].flatMap((days) => [
    daysAgo(days, -1),
    daysAgo(days),
    daysAgo(days, 1),
  ]);
  const rows: ReturnType<typeof snapshotRow>[] = [];
  for (const type of ["SCHEDULED", "ON_DEMAND"] as const)
    for (const kind of ["FULL", "SHORT_RETENTION", "DIFFERENTIAL"] as const)
      for (const takenAt of from.windows[type][kind] ? ages : []) {
        const windows = stampWindows(from, { type, kind, takenAt }, policy.version);
        const at = { takenAt, completedAt: takenAt, createdAt: takenAt };
        const base =
          kind === "DIFFERENTIAL" ? snapshotRow(scope, instanceId, { ...at, type: "SCHEDULED" }) : null;
        if (base) rows.push(base);
        const chain = base && { baseId: base.id, chainRootId: base.id, chainDepth: 1 };
        const row = snapshotRow(scope, instanceId, { type, kind, ...at, ...windows, ...chain });
        rows.push(row);
      }
  await database.db.insert(snapshots).values(rows);
  return instanceId;
}
const read = (instanceId: string) =>
  database.db.select().from(snapshots).where(eq(snapshots.instanceId, instanceId));

const restorableOf = (rows: readonly SnapshotRow[]) =>
  rows.filter((row) => judgeRestorable(row, now).allowed).map((row) => row.id);

/** The one that a tier of the latest alone is to keep: said anew here, without the code that changes tiers. */
function keptBy({ windows }: RetentionRow, rows: readonly SnapshotRow[]): string[] {
  const able = rows.filter(({ type, kind, takenAt, ...row }) => {
    const days = windows[type][kind]?.restorableDays ?? 0;
    return judgeRestorable({ type, kind, ...row }, now).allowed && takenAt > daysAgo(days);
  });
  const [newest] = able.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  return newest ? [newest.id] : [];
}

const pairs = policy.rows.flatMap((from) =>
  policy.rows
    .filter((to) => to.version === from.version)
    .map((to) => ({ from, to, name: `${from.tier} to ${to.tier}, ${from.version}` })),
);

describe("what the preview names is what the change loses:", () => {
  test.each(pairs)("$name", async ({ from, to }) => {
    const instanceId = await fill(from);
    const told: DomainEvent[] = [];
    const events = { publish: (_: unknown, event: DomainEvent) => Promise.resolve(void told.push(event)) };
    const surroundings = { db: database.db, policy, now, events: events as unknown as EventBus };
    const before = await read(instanceId);
    const preview = await previewTierChange(surroundings, scope, { instanceId, tier: to.tier });
    await changeTier(surroundings, asAdmin(scope), { instanceId, tier: to.tier, applyToExisting: true });
    const after = new Map((await read(instanceId)).map((row) => [row.id, row]));

    const lost = before.filter(
      (row) => judgeRestorable(row, now).allowed && !judgeRestorable(after.get(row.id)!, now).allowed,
    );
    const named = preview && "lost" in preview ? preview.lost : [];
    expect(named.map((row) => row.id).sort()).toEqual(lost.map((row) => row.id).sort());
    if (to.latestOnly) expect(restorableOf([...after.values()])).toEqual(keptBy(to, before));
    // Nothing that had gone comes back, and what stays has the new tier's windows.
    for (const row of before) {
      const changed = after.get(row.id)!;
      if (!isListed(row, now)) expect(isListed(changed, now)).toBe(false);
      const { type, kind, takenAt } = row;
      if (isListed(changed, now) && to.windows[type][kind])
        expect(changed).toMatchObject(stampWindows(to, { type, kind, takenAt }, policy.version));
    }
    const removed = told.flatMap((event) =>
      event.topic === "snapshot" && event.change === "REMOVED" ? [event.id] : [],
    );
    expect(removed.sort()).toEqual(lost.map((row) => row.id).sort());
  });
});

test("a change to FREE keeps exactly the newest snapshot that FREE keeps and that can be restored", async () => {
  const instanceId = await insertInstance(database.db, scope, { status: "RUNNING", generation: 1 });
  const add = async (days: number, changes: Partial<SnapshotRow>) => {
    const takenAt = daysAgo(days);
    const at = { takenAt, completedAt: takenAt, createdAt: takenAt };
    const row = snapshotRow(scope, instanceId, { ...at, restorableUntil: daysAgo(days - 30), ...changes });
    await database.db.insert(snapshots).values(row);
    return row.id;
  };
  const scheduled = await add(1, { type: "SCHEDULED" });
  await add(2, { artifactState: "DAMAGED" });
  await add(3, { chainBrokenAt: daysAgo(2) });
  await add(4, { supersededAt: daysAgo(3) });
  const kept = await add(5, {});
  const older = await add(6, {});
  const surroundings = {
    ...{ db: database.db, policy, now },
    events: { publish: () => Promise.resolve() } as never,
  };
  const preview = await previewTierChange(surroundings, scope, { instanceId, tier: "FREE" });
  expect(preview).toMatchObject({ lost: [{ id: scheduled }, { id: older }] });
  await changeTier(surroundings, asAdmin(scope), { instanceId, tier: "FREE", applyToExisting: true });
  expect(restorableOf(await read(instanceId))).toEqual([kept]);
});

test("a held snapshot is not lost, whatever the new tier keeps", async () => {
  const instanceId = await fill(findRetention(policy, "PROFESSIONAL", "V5")!);
  const oldest = (await read(instanceId)).find((row) => row.takenAt.getTime() === daysAgo(16).getTime())!;
  const hold = {
    id: randomUUID(),
    ...scope,
    snapshotId: oldest.id,
    reason: "audit",
    placedBy: "ada",
    placedAt: now,
  };
  await database.db.insert(holds).values(hold);
  await database.db.update(snapshots).set({ holdId: hold.id }).where(eq(snapshots.id, oldest.id));
  const surroundings = {
    db: database.db,
    policy,
    now,
    events: { publish: () => Promise.resolve() } as never,
  };
  for (const tier of ["DS_PROFESSIONAL", "FREE"] as const) {
    const preview = await previewTierChange(surroundings, scope, { instanceId, tier });
    expect(preview && "lost" in preview && preview.lost.length).toBeGreaterThan(0);
    expect(preview && "lost" in preview && preview.lost.map((row) => row.id)).not.toContain(oldest.id);
    await changeTier(surroundings, asAdmin(scope), { instanceId, tier, applyToExisting: true });
    expect(
      judgeRestorable(
        (await read(instanceId)).find((row) => row.id === oldest.id)!,
        now,
      ).allowed,
    ).toBe(true);
  }
});

test("a busy instance is named as such, with what it waits for, and stays as it was", async () => {
  const instanceId = await insertInstance(database.db, scope, { status: "RUNNING", generation: 1 });
  const id = randomUUID();
  const work = {
    id,
    ...scope,
    instanceId,
    kind: "CREATE_INSTANCE",
    exclusive: true,
    createdAt: now,
  } as const;
  await database.db.insert(operations).values({ ...work, status: "RUNNING", phase: "COPYING" });
  const surroundings = {
    db: database.db,
    policy,
    now,
    events: { publish: () => Promise.resolve() } as never,
  };
  const result = await changeTier(surroundings, asAdmin(scope), {
    instanceId,
    tier: "FREE",
    applyToExisting: true,
  });
  expect(result).toMatchObject({ error: { kind: "InstanceBusy", blocking: { id } } });
  const [row] = await database.db.select().from(instances).where(eq(instances.id, instanceId));
  expect(row?.tier).toBe("PROFESSIONAL");
});
