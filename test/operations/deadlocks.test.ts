import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operations, projects, snapshots } from "../../src/db/tables/index.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { holdSnapshot } from "../../src/snapshots/hold-snapshot.js";
import { waiting } from "../support/database.js";
import { type ByHand, startByHand } from "./hand-run.js";

let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

/**
 * Holds one row until somebody waits for it, and then wants the other, which they hold. Of the two, Postgres ends the one that
 * has waited for longer: this one is told to be patient.
 */
async function meetHalfWay(first: SQL, then: SQL, held: () => void): Promise<void> {
  const { db } = by.work;
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local deadlock_timeout = '1min'`);
    await tx.execute(sql`${first} for update`);
    held();
    await waiting(db);
    await tx.execute(sql`${then} for update`);
  });
}

const snapshotRow = (id: string) => sql`select from ${snapshots} where id = ${id}`;
const operationRow = (id: string) => sql`select from ${operations} where id = ${id}`;
const projectRow = (id: string) => sql`select from ${projects} where id = ${id}`;

it("an operation that loses a deadlock in its last transaction is tried again, and succeeds", async () => {
  const instanceId = await by.createInstance("deadlocked");
  const id = by.idOf(await requestTakeSnapshot(by.context, by.viewer, { instanceId }));
  const { snapshotId } = await by.read(id);
  let rival: Promise<void> | undefined;
  const artifacts: typeof by.artifacts = {
    ...by.artifacts,
    async verify(...args) {
      const held = Promise.withResolvers<void>();
      rival = meetHalfWay(snapshotRow(snapshotId ?? ""), operationRow(id), held.resolve);
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

it("a mutation that loses a deadlock is run again, and the client hears nothing of it", async () => {
  const snapshotId = await by.takeSnapshot(await by.createInstance("held"));
  const held = Promise.withResolvers<void>();
  const rival = meetHalfWay(snapshotRow(snapshotId), projectRow(by.viewer.projectId), held.resolve);
  await Promise.race([held.promise, rival]);
  const context = { ...by.context, maxHolds: 1 };
  const holding = holdSnapshot(context, by.viewer, { snapshotId, reason: "for the auditors" });
  const [result] = await Promise.all([holding, rival]);
  expect(result).toMatchObject({ snapshot: { id: snapshotId } });
});
