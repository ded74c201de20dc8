import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { instances, projects, snapshots } from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { changeTier, previewTierChange } from "../../src/snapshots/change-tier.js";
import { defaultRetentionTable as policy } from "../../src/snapshots/retention-table.js";
import { asAdmin } from "./rows.js";
import { createTestDatabase, type TestDatabase, waiting } from "../support/database.js";

const now = new Date("2026-03-20T12:00:00.000Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const events = { publish: () => Promise.resolve() } as unknown as EventBus;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function makeInstance(ages: readonly number[], version: "V4" | "V5" = "V5") {
  const { db } = database;
  const [projectId, id] = [randomUUID(), randomUUID()];
  const createdAt = daysAgo(100);
  await db.insert(projects).values({ id: projectId, name: "p", createdAt });
  await db.insert(instances).values({
    ...{ id, projectId, name: "i", tier: "PROFESSIONAL", version, cloudProvider: "AWS", region: "r" },
    ...{ status: "RUNNING", engine: "ladybug", generation: 1, createdAt },
  });
  const made = ages.map((age) => ({ id: randomUUID(), takenAt: daysAgo(age) }));
  for (const { id: snapshotId, takenAt } of made)
    await db.insert(snapshots).values({
      ...{ id: snapshotId, projectId, instanceId: id, chainRootId: snapshotId, chainDepth: 0 },
      ...{ type: "SCHEDULED", kind: "FULL", cause: "CADENCE", status: "COMPLETED", artifactState: "PRESENT" },
      ...{ takenAt, createdAt: takenAt, completedAt: takenAt, sizeBytes: 1, storedBytes: 1 },
      ...{ sha256: "0".repeat(64), artifactKey: snapshotId, policyVersion: "1" },
      ...{ restorableUntil: new Date(takenAt.getTime() + 30 * 86_400_000), exportableUntil: takenAt },
    });
  return { scope: { projectId }, instanceId: id, made };
}

test("the preview names what the change then loses, and nothing else", async () => {
  const { db } = database;
  const { scope, instanceId, made } = await makeInstance([1, 8, 9, 20, 40]);
  const input = { instanceId, tier: "DS_PROFESSIONAL", applyToExisting: true } as const;
  const preview = await previewTierChange({ db, policy, now }, scope, input);
  const lost = preview && "lost" in preview ? preview.lost.map((snapshot) => snapshot.id) : [];
  expect(lost).toEqual([made[2]?.id, made[3]?.id]); // 9 days: half-open; 40 days: lost before

  expect(await changeTier({ db, policy, now, events }, asAdmin(scope), input)).toHaveProperty(
    "instance.tier",
    input.tier,
  );
  const after = await db.select().from(snapshots).where(eq(snapshots.instanceId, instanceId));
  const open = after.filter((row) => row.restorableUntil && row.restorableUntil > now).map((row) => row.id);
  expect(open.sort()).toEqual([made[0]?.id, made[1]?.id].sort());
});

test("without applyToExisting the windows stay as promised", async () => {
  const { db } = database;
  const { scope, instanceId } = await makeInstance([20]);
  const before = await db.select().from(snapshots).where(eq(snapshots.instanceId, instanceId));
  await changeTier({ db, policy, now, events }, asAdmin(scope), {
    instanceId,
    tier: "FREE",
    applyToExisting: false,
  });
  expect(await db.select().from(snapshots).where(eq(snapshots.instanceId, instanceId))).toEqual(before);
  const [instance] = await db.select().from(instances).where(eq(instances.id, instanceId));
  expect(instance).toMatchObject({ tier: "FREE", nextScheduledSnapshotAt: null });
});

test("what a purge has taken is not brought back by longer windows, also where the two meet", async () => {
  const { db } = database;
  const { scope, instanceId, made } = await makeInstance([1, 8]);
  const [own, purged] = made.map((each) => each.id) as [string, string];
  const input = { instanceId, tier: "VIRTUAL_DEDICATED_CLOUD", applyToExisting: true } as const;
  let change: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    // As a sweep does it, in a process whose clock is ahead of this one's.
    await tx.select().from(snapshots).where(eq(snapshots.id, purged)).for("update");
    change = changeTier({ db, policy, now, events }, asAdmin(scope), input);
    await waiting(db);
    await tx.update(snapshots).set({ artifactState: "PURGED" }).where(eq(snapshots.id, purged));
  });
  expect(await change).toHaveProperty("instance.tier", input.tier);
  const untilOf = async (id: string) =>
    (await db.select().from(snapshots).where(eq(snapshots.id, id)))[0]?.restorableUntil;
  expect([await untilOf(own), await untilOf(purged)]).toEqual([daysAgo(1 - 60), daysAgo(8 - 30)]);
  await changeTier({ db, policy, now, events }, asAdmin(scope), input);
  expect(await untilOf(purged)).toEqual(daysAgo(8 - 30));
});

test("a tier that the version lacks, and another project's instance, are refused", async () => {
  const { db } = database;
  const { scope, instanceId } = await makeInstance([], "V4");
  const input = { instanceId, tier: "BUSINESS_CRITICAL", applyToExisting: false } as const;
  const surroundings = { db, policy, now, events };
  expect(await changeTier(surroundings, asAdmin(scope), input)).toHaveProperty("error.kind", "InvalidInput");
  const foreign = { projectId: randomUUID() };
  expect(await changeTier(surroundings, asAdmin(foreign), input)).toHaveProperty("error.kind", "NotFound");
});
