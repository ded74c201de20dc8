import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../../src/db/tables/index.js";
import { type Engine, EngineError } from "../../src/engines/engine.js";
import { requestExport, requestRestore } from "../../src/operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { mostLostWorkers, mostRetries, workOnOperations } from "../../src/operations/run-operation.js";
import { type ByHand, Gate, startByHand } from "./hand-run.js";

const people = "MATCH (p:Person) RETURN count(p) AS people";
const confirmation = "RESTORE";
let by: ByHand;
beforeAll(async () => {
  by = await startByHand();
});
afterAll(() => by.close());

const take = async (instanceId: string) =>
  by.idOf(await requestTakeSnapshot(by.context, by.viewer, { instanceId }));
const restore = async (snapshotId: string) =>
  by.idOf(await requestRestore(by.context, by.viewer, { snapshotId, confirmation }));

it("asks its engine for room on the project's behalf, as the project's statements do", async () => {
  const instanceId = await by.createInstance("on behalf");
  const parties: Record<string, string | undefined> = {};
  const engine: Engine = {
    ...by.engine,
    capture: (generation, options) => {
      parties["capture"] = options?.party;
      return by.engine.capture(generation, options);
    },
    check: (generation, options) => {
      parties["check"] = options?.party;
      return by.engine.check(generation, options);
    },
    holdWrites: (generation, options) => {
      parties["hold"] = options?.party;
      return by.engine.holdWrites(generation, options);
    },
  };
  const taken = await take(instanceId);
  await by.attempt(taken, { engine: () => engine });
  const { snapshotId } = await by.read(taken);
  await by.attempt(await restore(snapshotId ?? ""), { engine: () => engine });
  const { projectId } = by.viewer;
  expect(parties).toEqual({ capture: projectId, check: projectId, hold: projectId });
});

describe("a worker that stalled while another took its operation over", () => {
  it("neither completes its snapshot nor takes the other's away", async () => {
    const id = await take(await by.createInstance("stalled snapshot"));
    const gate = new Gate();
    const stalled = by.attempt(id, {
      artifacts: {
        ...by.artifacts,
        async verify(...args: Parameters<typeof by.artifacts.verify>) {
          await gate.pass();
          return by.artifacts.verify(...args);
        },
      },
    });
    await gate.whenReached();
    await by.attempt(id);
    const after = await by.read(id);
    expect(after).toMatchObject({ status: "SUCCEEDED", attempt: 2 });
    gate.open();
    await stalled;
    expect(await by.read(id)).toEqual(after);
    const snapshot = await by.readSnapshot(after.snapshotId ?? "");
    await by.artifacts.verify({ key: snapshot?.artifactKey ?? "", sha256: snapshot?.sha256 ?? "" });
  });

  it("does not touch what a later restore has made live", async () => {
    const instanceId = await by.createInstance("stalled restore");
    const snapshotId = await by.takeSnapshot(instanceId);
    const first = await restore(snapshotId);
    const gate = new Gate();
    const engine = {
      ...by.engine,
      async check(...args: Parameters<typeof by.engine.check>) {
        await gate.pass();
        return by.engine.check(...args);
      },
    };
    const stalled = by.attempt(first, { engine: () => engine });
    await gate.whenReached();
    await by.attempt(first);
    // Two more follow, so that numbers reckoned from the live one would meet.
    for (let count = 0; count < 2; count++) {
      await by.query(instanceId, `CREATE (:Person {name: 'Grace ${count}'})`);
      await by.attempt(await restore(snapshotId));
    }
    await by.query(instanceId, "CREATE (:Person {name: 'Mary'})");
    gate.open();
    await stalled;
    expect(await by.query(instanceId, people)).toEqual([[2]]);
    const live = (await by.readInstance(instanceId))?.generation;
    expect(await by.generationsOf(instanceId)).toEqual([live]);
  });

  it("does not undo a success whose answer it never got", async () => {
    const instanceId = await by.createInstance("lost answer");
    const id = await restore(await by.takeSnapshot(instanceId));
    let broken = false;
    // Everything is committed; then the connection breaks before anybody is told.
    const db = new Proxy(by.work.db, {
      get: (target, name) =>
        name !== "transaction"
          ? (Reflect.get(target, name) as unknown)
          : async (effect: Parameters<typeof target.transaction>[0]) => {
              const result = await target.transaction(effect);
              const ended = (await by.read(id)).status === "SUCCEEDED";
              if (!ended || broken) return result;
              broken = true;
              throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "08006" });
            },
    });
    await by.attempt(id, { db });
    expect(broken).toBe(true);
    expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED", percent: 100 });
    expect(await by.query(instanceId, people)).toEqual([[1]]);
  });
});

describe("an operation's attempts", () => {
  it("end as WORKER_LOST when too many workers have died over them", async () => {
    const id = await take(await by.createInstance("lost workers"));
    await by.work.db
      .update(operations)
      .set({ unreportedAttempts: mostLostWorkers })
      .where(eq(operations.id, id));
    await by.attempt(id);
    const row = await by.read(id);
    expect(row).toMatchObject({ status: "FAILED", failureCode: "WORKER_LOST", failureRetryable: true });
    expect(await by.readSnapshot(row.snapshotId ?? "")).toMatchObject({
      status: "FAILED",
      artifactState: "NONE",
    });
  });

  it("cost nothing where the service is asked to stop", async () => {
    const instanceId = await by.createInstance("stopped workers");
    const id = await take(instanceId);
    for (let stops = 0; stops <= mostLostWorkers; stops++) {
      const stopping = new AbortController();
      const gate = new Gate();
      const engine = {
        ...by.engine,
        async capture(...args: Parameters<typeof by.engine.capture>) {
          await gate.pass();
          return by.engine.capture(...args);
        },
      };
      const attempt = by.attempt(id, { engine: () => engine }, stopping.signal);
      await gate.whenReached();
      stopping.abort();
      gate.open();
      // The queue must know that it was not done.
      await expect(attempt).rejects.toThrow();
      expect(await by.read(id)).toMatchObject({ status: "RUNNING", unreportedAttempts: 0 });
    }
    await by.attempt(id);
    expect(await by.read(id)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("are repeated while the engine does not answer, then fail and say so", async () => {
    const instanceId = await by.createInstance("missing engine");
    const id = await take(instanceId);
    const engine = {
      ...by.engine,
      capture: () => Promise.reject(new EngineError("UNAVAILABLE", "The engine's process is gone.")),
    };
    for (let retry = 0; retry < mostRetries; retry++) {
      await expect(by.attempt(id, { engine: () => engine })).rejects.toThrow("process is gone");
      expect(await by.read(id)).toMatchObject({
        status: "RUNNING",
        retries: retry + 1,
        unreportedAttempts: 0,
      });
    }
    await by.attempt(id, { engine: () => engine });
    const row = await by.read(id);
    expect(row).toMatchObject({
      status: "FAILED",
      failureCode: "ENGINE_UNAVAILABLE",
      failureRetryable: true,
    });
    // The instance is free again.
    await by.takeSnapshot(instanceId);
  });

  it("end although what they left cannot be removed now", async () => {
    const instanceId = await by.createInstance("stuck store");
    const id = await take(instanceId);
    const artifacts = {
      ...by.artifacts,
      write: () => Promise.reject(new Error("a fault")),
      remove: () => Promise.reject(new Error("the store is away")),
    };
    await by.attempt(id, { artifacts });
    expect(await by.read(id)).toMatchObject({ status: "FAILED", failureCode: "INTERNAL" });
  });
});

it("a process runs as many operations at a time as DAGUERRE_CONCURRENCY says, and no more", async () => {
  const own = await startByHand();
  try {
    const concurrency = 3;
    const snapshotId = await own.takeSnapshot(await own.createInstance("popular"));
    const asked = [];
    for (let count = 0; count < 2 * concurrency; count++)
      asked.push(await requestExport(own.context, own.viewer, { snapshotId }));
    let [atWork, most] = [0, 0];
    const full = Promise.withResolvers<void>();
    const artifacts: typeof own.artifacts = {
      ...own.artifacts,
      async writeExport(...args) {
        most = Math.max(most, ++atWork);
        if (atWork === concurrency) full.resolve();
        // The first ones wait for each other: nobody works alone.
        await full.promise;
        try {
          return await own.artifacts.writeExport(...args);
        } finally {
          atWork--;
        }
      },
    };
    await workOnOperations({ ...own.work, artifacts }, own.context.jobs, own.logger, concurrency);
    for (const states of await Promise.all(asked.map((each) => own.follow(each))))
      expect(states.at(-1)).toMatchObject({ status: "SUCCEEDED" });
    expect(most).toBe(concurrency);
  } finally {
    await own.close();
  }
});
