import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { holds, instances, snapshots } from "../../src/db/tables/index.js";
import type { DomainEvent, EventBus } from "../../src/events/event-bus.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { judgeExportable, judgeRestorable, statusAt } from "../../src/snapshots/eligibility.js";
import { holdSnapshot, releaseSnapshot } from "../../src/snapshots/hold-snapshot.js";
import { listHeldSnapshots } from "../../src/snapshots/holds.queries.js";
import { findSnapshot } from "../../src/snapshots/snapshots.queries.js";
import { createTestClock, type TestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "./rows.js";

let database: TestDatabase;
let viewer: Viewer;
let instanceId: string;
let clock: TestClock;
let told: DomainEvent[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const scope = await insertProject(database.db);
  const key = {
    projectName: "tenant",
    role: "ADMIN",
    keyId: randomUUID(),
    keyName: "ada",
    expiresAt: null,
  } as const;
  viewer = { ...scope, ...key };
  instanceId = await insertInstance(database.db, scope);
  clock = createTestClock(start);
  told = [];
});

const events = {
  publish: (_tx: unknown, event: DomainEvent) => Promise.resolve(void told.push(event)),
} as unknown as EventBus;
const context = (maxHolds = 10) => ({ db: database.db, clock, events, maxHolds, newId: randomUUID });
const hold = (snapshotId: string, reason = "audit", maxHolds?: number) =>
  holdSnapshot(context(maxHolds), viewer, { snapshotId, reason });
const release = (snapshotId: string) => releaseSnapshot(context(), viewer, { snapshotId });

async function insert(changes: Parameters<typeof snapshotRow>[2] = {}): Promise<string> {
  const row = snapshotRow(viewer, instanceId, changes);
  await database.db.insert(snapshots).values(row);
  return row.id;
}
async function read(id: string) {
  const row = await findSnapshot(database.db, viewer, id);
  if (!row) throw new Error("no row");
  return row;
}

describe("a hold", () => {
  test("keeps a snapshot restorable past its window, with its reason and author, until it is released", async () => {
    const id = await insert();
    clock.advance(9_999);
    expect(await hold(id, "  audit of March ")).toHaveProperty("snapshot.id", id);
    expect(await database.db.select().from(holds).where(eq(holds.snapshotId, id))).toMatchObject([
      {
        reason: "audit of March",
        placedBy: "ada",
        placedAt: later(9_999),
        releasedAt: null,
        releasedBy: null,
      },
    ]);
    const muchLater = later(10_000_000);
    const kept = await read(id);
    expect(judgeRestorable(kept, muchLater)).toEqual({ allowed: true, until: null, reasons: [] });
    expect(statusAt(kept, muchLater)).toBe("COMPLETED");
    // The window for exports is another promise, and stays as it was.
    expect(judgeExportable(kept, muchLater).reasons).toEqual(["WINDOW_CLOSED"]);

    clock.advance(10_000_000);
    viewer = { ...viewer, keyName: "grace" };
    await release(id);
    expect(statusAt(await read(id), clock.now())).toBe("EXPIRED");
    expect(await database.db.select().from(holds).where(eq(holds.snapshotId, id))).toMatchObject([
      { placedBy: "ada", releasedBy: "grace", releasedAt: clock.now() },
    ]);
    expect(told).toEqual([
      { topic: "snapshot", id, instanceId, change: "UPDATED" },
      { topic: "snapshot", id, instanceId, change: "REMOVED" },
    ]);
  });

  test("released while the window is open changes nothing else, and may be placed again", async () => {
    const id = await insert();
    await hold(id);
    await release(id);
    expect(told.at(-1)).toMatchObject({ change: "UPDATED" });
    expect(judgeRestorable(await read(id), clock.now()).until).toEqual(later(10_000));
    expect(await hold(id)).toHaveProperty("snapshot");
  });

  test("keeps a snapshot that a newer one supersedes", async () => {
    const id = await insert();
    await hold(id);
    await database.db
      .update(snapshots)
      .set({ supersededAt: later(1) })
      .where(eq(snapshots.id, id));
    expect(judgeRestorable(await read(id), later(2)).allowed).toBe(true);
    await release(id);
    expect(judgeRestorable(await read(id), later(2)).reasons).toEqual(["SUPERSEDED"]);
  });

  test("is listed for the whole project, those of deleted instances too, and for nobody else", async () => {
    const ids = [await insert(), await insert()];
    for (const id of ids) {
      clock.advance(1);
      await hold(id);
    }
    await insert();
    await database.db.update(instances).set({ deletedAt: start }).where(eq(instances.id, instanceId));
    const listed = await listHeldSnapshots(database.db, viewer);
    expect(listed.map((row) => row.id)).toEqual(ids.reverse());
    expect(await listHeldSnapshots(database.db, await insertProject(database.db))).toEqual([]);
  });
});

describe("a hold is refused", () => {
  test("on an unknown or a foreign snapshot", async () => {
    expect(await hold(randomUUID())).toHaveProperty("error.kind", "NotFound");
    const id = await insert();
    viewer = { ...viewer, ...(await insertProject(database.db)) };
    expect(await hold(id)).toHaveProperty("error.kind", "NotFound");
    expect(await release(id)).toHaveProperty("error.kind", "NotFound");
  });

  test("on a snapshot that is already gone, with all the reasons", async () => {
    const id = await insert({ artifactState: "PURGED" });
    clock.advance(10_000);
    const reasons = ["WINDOW_CLOSED", "CHAIN_BROKEN"];
    expect(await hold(id)).toMatchObject({ error: { kind: "NotEligible", eligibility: { reasons } } });
  });

  test("on one that is not complete yet", async () => {
    const id = await insert({ status: "IN_PROGRESS" });
    expect(await hold(id)).toHaveProperty("error.eligibility.reasons", ["NOT_COMPLETED"]);
  });

  test("on one that is held already, and a release on one that is not", async () => {
    const id = await insert();
    expect(await release(id)).toHaveProperty("error.kind", "InvalidInput");
    await hold(id);
    expect(await hold(id)).toHaveProperty("error.kind", "InvalidInput");
    expect(await database.db.$count(holds, eq(holds.snapshotId, id))).toBe(1);
  });

  test("while the instance is being deleted", async () => {
    const id = await insert();
    await database.db.update(instances).set({ status: "DELETING" }).where(eq(instances.id, instanceId));
    expect(await hold(id)).toHaveProperty("error.kind", "InvalidInput");
  });

  test.each(["", "  ", "x".repeat(501)])("for a reason of %j", async (reason) => {
    expect(await hold(await insert(), reason)).toMatchObject({
      error: { kind: "InvalidInput", path: ["input", "reason"] },
    });
  });

  test("beyond the project's quota, also when several ask at once, and granted again after a release", async () => {
    const ids = await Promise.all([insert(), insert(), insert(), insert()]);
    const results = await Promise.all(ids.map((id) => hold(id, "audit", 2)));
    const refused = results.filter((result) => "error" in result);
    expect(refused).toHaveLength(2);
    for (const result of refused)
      expect(result).toMatchObject({ error: { kind: "QuotaExceeded", limit: 2 } });
    const [held] = await listHeldSnapshots(database.db, viewer);
    await release(held!.id);
    const free = ids.find((_, index) => "error" in results[index]!);
    expect(await hold(free!, "audit", 2)).toHaveProperty("snapshot");
  });
});

test("the tables admit no hold of another snapshot, none on an unfinished one, and no release without a name", async () => {
  const [id, other] = [await insert(), await insert()];
  await hold(id);
  const { holdId } = await read(id);
  const set = (values: object, on: string) =>
    database.db.update(snapshots).set(values).where(eq(snapshots.id, on));
  await expect(set({ holdId }, other)).rejects.toThrow();
  const unfinished = await insert({ status: "PENDING" });
  await database.db.insert(holds).values({
    id: unfinished,
    ...viewer,
    snapshotId: unfinished,
    reason: "r",
    placedBy: "a",
    placedAt: start,
  });
  await expect(set({ holdId: unfinished }, unfinished)).rejects.toThrow();
  await expect(database.db.update(holds).set({ releasedAt: sql`now()` })).rejects.toThrow();
});
