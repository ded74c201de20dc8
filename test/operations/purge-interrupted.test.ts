import { randomBytes, randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import * as tables from "../../src/db/tables/index.js";
import { orphanObjects } from "../../src/operations/orphan-objects.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import { sweepOrphans } from "../../src/operations/sweep-orphans.js";
import type { Scope } from "../../src/projects/viewer.js";
import { matching } from "../../src/snapshots/snapshot-filter.queries.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { createMemoryStore } from "../support/memory-store.js";

const { operations, snapshots } = tables;

/** A process that dies at its nth step: it does nothing any more, and what it had begun is rolled back. */
class Mortal {
  steps = 0;
  constructor(readonly lastStep: number) {}
  get dead(): boolean {
    return this.steps > this.lastStep;
  }
  step(): void {
    this.steps++;
    if (this.dead) throw new Error("killed");
  }
}

/** A pool of one connection whose every statement is two steps: before it is sent, and before its answer arrives. */
class MortalPool extends pg.Pool {
  private taken: pg.PoolClient | undefined;
  constructor(
    url: string,
    private readonly life: Mortal,
  ) {
    super({ connectionString: url, max: 1 });
  }
  /** Ends the connections, also one that a dead transaction never gave back. */
  override end(): Promise<void>;
  override end(callback?: () => void): void | Promise<void> {
    if (callback) return super.end(callback);
    this.taken?.release(true);
    return super.end();
  }
  override connect(...args: never[]): never {
    if (args.length > 0) return (super.connect as (...all: never[]) => never).apply(this, args);
    return this.connectMortal() as never;
  }
  override query(...args: never[]): never {
    const send = super.query.bind(this) as (...all: never[]) => Promise<unknown>;
    return this.around(() => send(...args)) as never;
  }
  private async around<T>(send: () => Promise<T>): Promise<T> {
    this.life.step();
    const answer = await send();
    this.life.step();
    return answer;
  }
  private async connectMortal(): Promise<unknown> {
    const client = await super.connect();
    this.taken = client;
    return {
      release: () => {
        client.release();
        this.taken = undefined;
      },
      query: (...args: unknown[]) => {
        const send = () => (client.query as (...all: unknown[]) => Promise<unknown>)(...args);
        // Nobody sends it for a dead process: the end of its connection is the end of its transaction.
        return (args[0] as { text?: string }).text === "rollback" ? send() : this.around(send);
      },
    };
  }
}

let database: TestDatabase;
let scope: Scope;
beforeAll(async () => {
  database = await createTestDatabase();
  scope = await insertProject(database.db);
});
afterAll(() => database.drop());

const wrapper = createKeyWrapper(createFileKeyring(randomBytes(32)));
async function* bytes() {
  yield Buffer.from("sealed");
}

/** A chain and a single one that have expired, one that is open, and what an attempt of it left behind. */
async function prepare() {
  const { db } = database;
  await db.delete(operations);
  await db.delete(snapshots);
  const clock = createTestClock(start);
  const store = createMemoryStore({ clock });
  const instanceId = await insertInstance(db, scope);
  const folderOf = (id: string, operation: string, attempt: number) =>
    `aws/eu-west-1/${scope.projectId}/${instanceId}/snapshots/${id}/${operation}-${attempt}/`;
  const keep = async (folder: string) => {
    for (const name of ["data", "manifest.json"]) await store.put(`${folder}${name}`, bytes());
  };
  async function add(changes: Partial<SnapshotRow>): Promise<SnapshotRow> {
    const row = snapshotRow(scope, instanceId, { exportableUntil: null, ...changes });
    const operation = randomUUID();
    const artifactKey = folderOf(row.id ?? "", operation, 2);
    const values = { ...row, artifactKey, purgeCheckAt: row.restorableUntil };
    const [added] = await db.insert(snapshots).values(values).returning();
    await db.insert(operations).values({
      ...{ id: operation, projectId: scope.projectId, instanceId, kind: "SNAPSHOT", exclusive: true },
      ...{
        status: "SUCCEEDED",
        phase: "DONE",
        percent: 100,
        snapshotId: row.id,
        createdAt: start,
        finishedAt: start,
      },
    });
    await keep(artifactKey);
    await keep(folderOf(row.id ?? "", operation, 1));
    return added as SnapshotRow;
  }
  const base = await add({});
  await add({
    ...{
      type: "SCHEDULED",
      kind: "DIFFERENTIAL",
      baseId: base.id,
      chainRootId: base.chainRootId,
      chainDepth: 1,
    },
  });
  await add({});
  const open = await add({ restorableUntil: later(90_000) });
  return { store, open };
}

test("a purge that is killed at any step leaves nothing listed without its artifact, and the sweeps no artifact without a row", async () => {
  const now = later(10_000);
  let killed = 0;
  for (let lastStep = 0; ; lastStep++) {
    const { store, open } = await prepare();
    const life = new Mortal(lastStep);
    const pool = new MortalPool(database.url, life);
    const db = drizzle<typeof tables, pg.Pool>({ client: pool, schema: tables });
    // Object by object, as any store removes them.
    const removing = {
      ...store,
      async removeAll(prefix: string) {
        for (const key of store.keys().filter((each) => each.startsWith(prefix))) {
          life.step();
          await store.remove(key);
        }
      },
    };
    const artifactsIn = (place: typeof store) => createArtifacts({ store: place, wrapper, randomBytes });
    const mortal = { db, clock: createTestClock(now), artifacts: artifactsIn(removing) };
    await purgeArtifacts(mortal, { dueAt: now }).catch(() => undefined);
    await pool.end();

    const listed = await database.db
      .select()
      .from(snapshots)
      .where(and(eq(snapshots.status, "COMPLETED"), matching({ restorableOnly: true }, now)));
    expect(listed.map((row) => row.id)).toEqual([open.id]);
    for (const row of listed) expect(store.keys()).toContain(`${row.artifactKey}manifest.json`);

    const next = { db: database.db, clock: createTestClock(now), artifacts: artifactsIn(store) };
    await purgeArtifacts(next, { dueAt: now });
    const graceMs = 3_600_000;
    const sweep = sweepOrphans(orphanObjects(next), {
      ...{ name: "objects", everyMs: 0, graceMs, logger: createLogger({ level: "silent" }) },
      clock: createTestClock(new Date(start.getTime() + graceMs)),
    });
    await sweep.run();
    expect(store.keys()).toEqual(["data", "manifest.json"].map((name) => `${open.artifactKey}${name}`));
    if (!life.dead) break;
    killed++;
  }
  // Each statement of the purge twice, and each object.
  expect(killed).toBeGreaterThan(20);
}, 120_000);
