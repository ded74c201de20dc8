import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { exports_, instances, operations, snapshots } from "../../src/db/tables/index.js";
import { runStatement } from "../../src/instances/run-statement.js";
import type { ActionResult, OperationRow } from "../../src/operations/action.js";
import { insertOperations } from "../../src/operations/insert-operations.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import { requestTakeSnapshot } from "../../src/operations/request-take-snapshot.js";
import { runOperation } from "../../src/operations/run-operation.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { type ServiceParts, startServiceParts } from "../support/service-parts.js";

const place = { version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
const never = new AbortController().signal;

/** Something that waits until the test lets it go on. */
export class Gate {
  private readonly reached = Promise.withResolvers<void>();
  private readonly opened = Promise.withResolvers<void>();

  async pass(): Promise<void> {
    this.reached.resolve();
    await this.opened.promise;
  }
  whenReached(): Promise<void> {
    return this.reached.promise;
  }
  open(): void {
    this.opened.resolve();
  }
}

/** The parts of a service without workers: the test itself runs operations, as often and as broken as it likes. */
export async function startByHand() {
  const parts: ServiceParts = await startServiceParts({ workers: 0 });
  const { context, viewer, work } = parts;
  const logger = createLogger({ level: "silent" });
  const { db } = work;

  async function read(id: string): Promise<OperationRow> {
    const [row] = await db.select().from(operations).where(eq(operations.id, id));
    if (!row) throw new Error(`no operation ${id}`);
    return row;
  }
  function idOf(result: ActionResult): string {
    if (!result.operation) throw new Error(`refused: ${result.errors[0].message}`);
    return result.operation.id;
  }
  /** One attempt, in surroundings that may differ from the real ones. */
  const attempt = (id: string, changes: Partial<WorkContext> = {}, signal: AbortSignal = never) =>
    runOperation({ ...work, ...changes }, logger, { id, signal });
  async function run(result: ActionResult, changes: Partial<WorkContext> = {}): Promise<OperationRow> {
    await attempt(idOf(result), changes);
    return read(idOf(result));
  }
  const query = async (instanceId: string, text: string) =>
    (await runStatement({ db: context.db, engine: () => parts.engine }, viewer, instanceId, { text })).values;

  return {
    ...parts,
    logger,
    read,
    idOf,
    attempt,
    run,
    query,
    async createInstance(name: string, tier: "FREE" | "BUSINESS_CRITICAL" = "FREE"): Promise<string> {
      const row = await run(await requestCreateInstance(context, viewer, { ...place, name, tier }));
      await query(row.instanceId, "CREATE NODE TABLE Person(name STRING PRIMARY KEY)");
      await query(row.instanceId, "CREATE (:Person {name: 'Ada'})");
      return row.instanceId;
    },
    async takeSnapshot(instanceId: string): Promise<string> {
      const row = await run(await requestTakeSnapshot(context, viewer, { instanceId }));
      if (row.status !== "SUCCEEDED") throw new Error(`no snapshot: ${row.failureMessage}`);
      return row.snapshotId ?? "";
    },
    /** As the scheduler does it: a DIFFERENTIAL where there is a base, a FULL that stands alone. */
    async takeScheduled(instanceId: string, base?: string): Promise<string> {
      const id = randomUUID();
      const now = work.clock.now();
      const { projectId } = viewer;
      const [operation] = await db.transaction(async (tx) => {
        await tx.insert(snapshots).values({
          id,
          projectId,
          instanceId,
          type: "SCHEDULED",
          kind: base === undefined ? "FULL" : "DIFFERENTIAL",
          cause: "CADENCE",
          status: "PENDING",
          takenAt: now,
          baseId: base ?? null,
          chainRootId: base ?? id,
          chainDepth: base === undefined ? 0 : 1,
          createdAt: now,
        });
        const taken = { id: randomUUID(), projectId, instanceId, kind: "SNAPSHOT", exclusive: true } as const;
        return insertOperations(tx, context, [{ ...taken, snapshotId: id }], now);
      });
      await attempt(operation?.id ?? "");
      const { status, failureMessage } = await read(operation?.id ?? "");
      if (status !== "SUCCEEDED") throw new Error(`no snapshot: ${failureMessage}`);
      return id;
    },
    async markExportPurged(operationId: string): Promise<void> {
      const purged = { purgedAt: new Date() };
      await db.update(exports_).set(purged).where(eq(exports_.operationId, operationId));
    },
    async readSnapshot(id: string) {
      return (await db.select().from(snapshots).where(eq(snapshots.id, id)))[0];
    },
    async readInstance(id: string) {
      return (await db.select().from(instances).where(eq(instances.id, id)))[0];
    },
    async generationsOf(instanceId: string): Promise<number[]> {
      const all = await parts.engine.list();
      return all.filter((each) => each.instanceId === instanceId).map(({ number }) => number);
    },
    async storedKeys(): Promise<string[]> {
      const keys: string[] = [];
      for await (const { key } of parts.store.list("")) keys.push(key);
      return keys;
    },
  };
}
export type ByHand = Awaited<ReturnType<typeof startByHand>>;
