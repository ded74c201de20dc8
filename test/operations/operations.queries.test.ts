import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exports_, operations, snapshots } from "../../src/db/tables/index.js";
import { lazyLoaders } from "../../src/db/connection-loader.js";
import { operationLoaders } from "../../src/operations/operation.loader.js";
import type { Scope } from "../../src/projects/viewer.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const createLoaders = lazyLoaders(operationLoaders);

let database: TestDatabase;
let scope: Scope;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
});
afterAll(() => database.drop());

function operationRow(
  instanceId: string,
  changes: Partial<typeof operations.$inferInsert> = {},
): typeof operations.$inferInsert {
  return {
    id: randomUUID(),
    projectId: scope.projectId,
    instanceId,
    kind: "DELETE_INSTANCE",
    status: "CANCELED",
    phase: "DONE",
    exclusive: true,
    createdAt: start,
    finishedAt: start,
    ...changes,
  };
}
type Row = typeof operations.$inferInsert;
const unfinished = { status: "QUEUED", phase: "QUEUED", finishedAt: null } as const;

describe("operations", () => {
  it("are told of a snapshot by its latest try, which says why it failed", async () => {
    const instanceId = await insertInstance(database.db, scope);
    const taken = snapshotRow(scope, instanceId, { status: "FAILED", type: "SCHEDULED" });
    await database.db.insert(snapshots).values(taken);
    const tries = (["STORE_UNAVAILABLE", "OUT_OF_SPACE", "ENGINE_UNAVAILABLE"] as const).map(
      (failureCode, ms) =>
        operationRow(instanceId, {
          ...{ kind: "SNAPSHOT", status: "FAILED", snapshotId: taken.id },
          ...{ failureCode, createdAt: later(ms) },
        }),
    );
    const [first, second, latest] = tries as [Row, Row, Row];
    await database.db.insert(operations).values([second, latest, first]);
    const loaders = createLoaders({ db: database.db, scope });
    expect(await loaders.operationOfSnapshot.load(taken.id)).toMatchObject({
      ...{ id: latest.id, failureCode: "ENGINE_UNAVAILABLE" },
    });
  });

  it("are paged for each instance, newest first", async () => {
    const instanceIds = [await insertInstance(database.db, scope), await insertInstance(database.db, scope)];
    const rows = instanceIds.flatMap((id) =>
      [0, 1, 2].map((ms) => operationRow(id, { createdAt: later(ms) })),
    );
    await database.db.insert(operations).values(rows);
    const loaders = createLoaders({ db: database.db, scope });
    const read = await Promise.all(
      instanceIds.map((parentId) =>
        loaders.operationPage.load({ parentId, args: { from: "start", limit: 2 } }),
      ),
    );
    expect(read.map((page) => page.rows.map((row) => row.id))).toEqual([
      [rows[2]?.id, rows[1]?.id],
      [rows[5]?.id, rows[4]?.id],
    ]);
    expect(read[0]).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(read[0]?.rows[0]?.createdAt).toEqual(later(2));
    expect(await loaders.operationCount.load(instanceIds[1]!)).toBe(3);
  });

  it("are active while unfinished, the exclusive one before a newer export", async () => {
    const [busy, idle] = [await insertInstance(database.db, scope), await insertInstance(database.db, scope)];
    const source = snapshotRow(scope, busy);
    const taken = snapshotRow(scope, busy, { status: "PENDING" });
    await database.db.insert(snapshots).values([source, taken]);
    const taking = operationRow(busy, { ...unfinished, kind: "SNAPSHOT", snapshotId: taken.id });
    const exporting = operationRow(busy, {
      ...unfinished,
      kind: "EXPORT",
      exclusive: false,
      sourceSnapshotId: source.id,
      createdAt: later(1),
    });
    await database.db.insert(operations).values([taking, exporting, operationRow(idle)]);
    await database.db.insert(exports_).values({
      operationId: exporting.id,
      fileName: "graph.backup",
      objectKey: "exports/1",
      wrappedKey: "",
      sizeBytes: 1,
      sha256: "b".repeat(64),
      expiresAt: later(1000),
    });
    const loaders = createLoaders({ db: database.db, scope });
    expect((await loaders.activeOperation.load(busy))?.id).toBe(taking.id);
    expect(await loaders.activeOperation.load(idle)).toBeUndefined();
    expect((await loaders.operationOfSnapshot.load(taken.id))?.id).toBe(taking.id);
    expect((await loaders.download.load(exporting.id))?.expiresAt).toEqual(later(1000));

    const foreign = createLoaders({ db: database.db, scope: await insertProject(database.db) });
    expect(await foreign.operation.load(taking.id)).toBeUndefined();
    expect(await foreign.activeOperation.load(busy)).toBeUndefined();
    expect(await foreign.operationOfSnapshot.load(taken.id)).toBeUndefined();
    expect(await foreign.download.load(exporting.id)).toBeUndefined();
    expect(await foreign.operationCount.load(busy)).toBe(0);
  });
});
