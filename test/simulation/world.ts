import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, inArray, sql } from "drizzle-orm";
import { EngineError } from "../../src/engines/engine.js";
import { instances, operations, projects, snapshots } from "../../src/db/tables/index.js";
import type { DomainEvent, EventBus } from "../../src/events/event-bus.js";
import { createIds } from "../../src/ids.js";
import type { JobQueue } from "../../src/jobs/job-queue.js";
import type { ActionContext, ActionResult } from "../../src/operations/action.js";
import { purgeArtifacts } from "../../src/operations/purge-artifacts.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestDeleteInstance } from "../../src/operations/request-delete-instance.js";
import { runOperation } from "../../src/operations/run-operation.js";
import { scheduleDue } from "../../src/operations/schedule-due.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { closeWindows } from "../../src/snapshots/close-windows.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";
import { StoreError } from "../../src/artifacts/artifact-store.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestDatabase } from "../support/database.js";
import { createMemoryEngine, MemoryEngineData } from "../support/memory-engine/memory-engine.js";
import { createMemoryStore } from "../support/memory-store.js";
import { createPlainArtifacts } from "./plain-artifacts.js";
import { isWithin, type Plan, start } from "./plan.js";
import { connectQuickDatabase } from "./quick-database.js";

export interface OpenOperation {
  readonly id: string;
  readonly instanceId: string;
}

/** One instance with its plan, and what its operation at work will meet. */
export interface Member {
  readonly plan: Plan;
  instanceId: string;
  createdAt: Date;
  /** When its deletion was asked for. */
  deletedAt: Date | undefined;
  /** Steps until the fault; undefined: none. */
  fault: { steps: number; kill: boolean } | undefined;
  atWork: boolean;
  /** Resolves when the worker at hand has been killed. */
  killed: () => void;
}

const place = { cloudProvider: "AWS", region: "eu-west-1" } as const;
const never = new Promise<never>(() => undefined);

/**
 * A fleet on the real scheduler, operations, jobs and purge, and on a real Postgres. Time is passed in; engine and store
 * are in memory; the queue's part, to run what the table of operations says is unfinished, is played by `settle`.
 */
export async function createWorld(plans: readonly Plan[]) {
  const database = await createTestDatabase();
  const db = connectQuickDatabase(database.url, 6);
  let now = start;
  const clock = { now: () => now };
  const members = plans.map((plan): Member => ({
    ...{
      plan,
      instanceId: "",
      createdAt: start,
      deletedAt: undefined,
      fault: undefined,
      atWork: false,
      killed: () => undefined,
    },
  }));
  const byInstance = new Map<string, Member>();
  const hourNow = () => Math.floor((now.getTime() - start.getTime()) / 3_600_000);

  /** What every call into engine and store of a member's operation goes through. */
  function meet(instanceId: string, unavailable: () => Error): void | Promise<never> {
    const member = byInstance.get(instanceId);
    if (!member?.atWork) return;
    // An instance whose creation fails stays FAILED, and has nothing to simulate.
    const created = now.getTime() > member.createdAt.getTime();
    if (created && isWithin(member.plan.outages, hourNow())) throw unavailable();
    if (!member.fault || member.fault.steps-- > 0) return;
    const { kill } = member.fault;
    member.fault = undefined;
    if (!kill) throw unavailable();
    member.killed();
    return never;
  }
  const data = new MemoryEngineData();
  const version = { current: "1.0.0" };
  const engine = createMemoryEngine({
    clock,
    data,
    version: () => version.current,
    before: ({ generation }) => meet(generation.instanceId, () => new EngineError("UNAVAILABLE", "outage")),
  });
  const store = createMemoryStore({
    clock,
    fault: ({ key }) => meet(key.split("/")[3] ?? "", () => new StoreError("UNAVAILABLE", "outage")),
  });
  const artifacts = createPlainArtifacts(store);
  const told: DomainEvent[] = [];
  const events: EventBus = {
    publish: async (_tx, ...all) => void told.push(...all),
    // Nobody cancels: a listener hears nothing, until it is ended.
    listen: () => {
      let end: (result: { done: true; value: undefined }) => void = () => undefined;
      const ended = new Promise<{ done: true; value: undefined }>((resolve) => (end = resolve));
      const close = async () => {
        end({ done: true, value: undefined });
        return ended;
      };
      return {
        next: () => ended,
        return: close,
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    close: async () => undefined,
  };
  const jobs: JobQueue = {
    enqueue: async () => undefined,
    revive: async () => [],
    work: async () => undefined,
    check: () => Promise.resolve(),
    stop: async () => undefined,
  };
  const shared = { db, clock, events, policy: defaultRetentionTable };
  const work: WorkContext = { ...shared, artifacts, engine: () => engine, exportLifetimeMs: 3_600_000 };
  const context: ActionContext = {
    ...shared,
    ...{ newId: createIds(clock, randomBytes), jobs, locations: [place], engineName: engine.name },
  };
  const logger = createLogger({ level: "silent" });
  const projectId = randomUUID();
  await db.insert(projects).values({ id: projectId, name: "fleet", createdAt: start });
  const viewer: Viewer = {
    ...{
      projectId,
      projectName: "fleet",
      role: "ADMIN",
      keyId: randomUUID(),
      keyName: "fleet",
      expiresAt: null,
    },
  };

  async function runOne({ id, instanceId }: OpenOperation): Promise<void> {
    const member = byInstance.get(instanceId);
    if (!member) throw new Error("an operation of nobody");
    if (member.atWork) throw new Error(`seed ${member.plan.seed}: two operations at once`);
    const { random, faults } = member.plan;
    const draw = random();
    const steps = Math.floor(random() * 8);
    member.fault =
      draw < faults.kill
        ? { steps, kill: true }
        : draw < faults.kill + faults.fail
          ? { steps, kill: false }
          : undefined;
    member.atWork = true;
    const killed = new Promise<"killed">((resolve) => (member.killed = () => resolve("killed")));
    const signal = new AbortController().signal;
    const ended = await Promise.race([
      // What it throws, another attempt is to follow: the operation is unfinished and comes again.
      runOperation(work, logger, { id, signal }).catch(() => undefined),
      killed,
    ]);
    if (ended === "killed")
      for (const generation of await engine.list())
        if (generation.instanceId === instanceId) data.crash(generation);
    member.atWork = false;
    member.fault = undefined;
  }

  /** Runs the unfinished operations, each once; answers the snapshots that completed by that. */
  async function runOpen(open: readonly OpenOperation[]): Promise<SnapshotRow[]> {
    for (const { instanceId } of open)
      if (open.filter((other) => other.instanceId === instanceId).length > 1)
        throw new Error(`seed ${seedOf(instanceId)}: two unfinished operations of one instance`);
    const queue = open.values();
    const worker = async () => {
      for (const row of queue) await runOne(row);
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    const ids = open.map(({ id }) => id);
    const taken = await db
      .select({ snapshot: snapshots })
      .from(operations)
      .innerJoin(snapshots, eq(snapshots.id, operations.snapshotId))
      .where(and(inArray(operations.id, ids), eq(operations.status, "SUCCEEDED")));
    return taken.map((row) => row.snapshot);
  }
  const seedOf = (instanceId: string): string => String(byInstance.get(instanceId)?.plan.seed);

  return {
    ...{ db, store, artifacts, told, members, byInstance, context, work, viewer, version, clock, logger },
    setTime: (at: Date) => void (now = at),
    runOpen,
    seedOf,
    /** The scheduler's tick. */
    tick: () => scheduleDue({ ...context, schedule: { perLocation: 40, busyPauseMs: 10_000 } }),
    /** The operations that are open, and when the scheduler has something to do next. */
    async pending(): Promise<{ readonly open: readonly OpenOperation[]; readonly dueAt: Date | null }> {
      const { rows } = await db.execute<{ open: OpenOperation[] | null; due_at: string | null }>(sql`
        select (select min(due_at) from slots) as due_at,
          (select json_agg(json_build_object('id', id, 'instanceId', instance_id)) from operations
           where status in ('QUEUED', 'RUNNING', 'CANCELING')) as open`);
      const { open = null, due_at = null } = rows[0] ?? {};
      return { open: open ?? [], dueAt: due_at === null ? null : new Date(due_at) };
    },
    sweep: async () => {
      await closeWindows({ db, events, now });
      await purgeArtifacts({ db, clock, artifacts }, { dueAt: now });
    },
    /** Postgres's own worker looks at tables every minute or so, and days pass faster here. */
    analyze: () => db.execute(sql`analyze snapshots, operations, slots`),
    async create(member: Member): Promise<void> {
      const { tier, version: major, seed } = member.plan;
      const request = { ...place, tier, version: major, name: `seed ${seed}` };
      const { instanceId } = begun(await requestCreateInstance(context, viewer, request));
      member.instanceId = instanceId;
      member.createdAt = now;
      byInstance.set(instanceId, member);
    },
    async delete(member: Member): Promise<void> {
      const confirmation = `seed ${member.plan.seed}`;
      const request = { instanceId: member.instanceId, confirmation, retainSnapshots: true };
      begun(await requestDeleteInstance(context, viewer, request));
      member.deletedAt = now;
    },
    async isRunning(member: Member): Promise<boolean> {
      const [row] = await db.select().from(instances).where(eq(instances.id, member.instanceId));
      return row?.status === "RUNNING";
    },
    async close() {
      await db.$client.end();
      await database.drop();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

export function begun(result: ActionResult) {
  if (!result.operation) throw new Error(`refused: ${result.errors[0].message}`);
  return result.operation;
}
