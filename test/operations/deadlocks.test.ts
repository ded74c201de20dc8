import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operations, snapshots } from "../../src/db/tables/index.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { waiting } from "../support/database.js";
import { type ByHand, startByHand } from "./hand-run.js";

let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

/**
 * Holds the snapshot's row until somebody waits for it, and then wants the operation's, which they hold. Of the two, Postgres
 * ends the one that has waited for longer: this one is told to be patient.
 */
async function meetHalfWay(operationId: string, snapshotId: string, held: () => void): Promise<void> {
  const { db } = by.work;
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local deadlock_timeout = '1min'`);
    await tx.select().from(snapshots).where(eq(snapshots.id, snapshotId)).for("update");
    held();
    await waiting(db);
    await tx.select().from(operations).where(eq(operations.id, operationId)).for("update");
  });
}

it("an operation that loses a deadlock in its last transaction is tried again, and succeeds", async () => {
  const instanceId = await by.createInstance("deadlocked");
  const id = by.idOf(await requestTakeSnapshot(by.context, by.viewer, { instanceId }));
  const { snapshotId } = await by.read(id);
  let rival: Promise<void> | undefined;
  const artifacts: typeof by.artifacts = {
    ...by.artifacts,
    async verify(...args) {
      const held = Promise.withResolvers<void>();
      rival = meetHalfWay(id, snapshotId ?? "", held.resolve);
      await Promise.race([held.promise, rival]);
      return by.artifacts.verify(...args);
    },
  };
  const cause = { code: "40P01" };
  await expect(by.attempt(id, { artifacts })).rejects.toMatchObject({ cause });
  await rival;
  expect(await by.read(id)).toMatchObject({ status: "RUNNING", retries: 1, unreportedAttempts: 0 });
  await by.attempt(id);
  expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED", failureCode: null });
});
