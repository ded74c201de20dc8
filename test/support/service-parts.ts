import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifacts } from "../../src/artifacts/artifact.js";
import type { ArtifactStore } from "../../src/artifacts/artifact-store.js";
import { createArtifacts } from "../../src/artifacts/create-artifacts.js";
import { createFilesystemStore } from "../../src/artifacts/filesystem-store.js";
import { createKeyWrapper, type KeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { systemClock } from "../../src/clock.js";
import { projects } from "../../src/db/tables/index.js";
import { createLadybugEngine } from "../../src/engines/ladybug/ladybug-engine.js";
import type { Engine } from "../../src/engines/engine.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createIds } from "../../src/ids.js";
import { defaultLocations } from "../../src/instances/placement.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import type { ActionContext, ActionResult } from "../../src/operations/action.js";
import type { ShownOperation } from "../../src/operations/operations.queries.js";
import { operationQueueDefinition, workOnOperations } from "../../src/operations/run-operation.js";
import { watchOperation } from "../../src/operations/watch-operation.js";
import type { WorkContext } from "../../src/operations/work-context.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestDatabase } from "./database.js";

export interface ServiceParts {
  readonly context: ActionContext;
  readonly work: WorkContext;
  readonly viewer: Viewer;
  readonly store: ArtifactStore;
  readonly wrapper: KeyWrapper;
  readonly artifacts: Artifacts;
  readonly engine: Engine;
  readonly directory: string;
  /** Every state of the operation as a subscriber meets it; resolves when it has ended. */
  follow(result: ActionResult): Promise<ShownOperation[]>;
  close(): Promise<void>;
}

/** The real parts of a service around a database of its own, with so many workers, and without the edge. */
export async function startServiceParts({ workers = 2 } = {}): Promise<ServiceParts> {
  const directory = await mkdtemp(join(tmpdir(), "dag-parts-"));
  const { db, tenants, url, drop } = await createTestDatabase();
  const logger = createLogger({ level: "silent" });
  const newId = createIds(systemClock, randomBytes);
  const events = await createEventBus({ url, logger, reconnectDelayMs: 50 });
  const jobs = await createJobQueue({ url, logger, queues: [operationQueueDefinition] });
  const engine = createLadybugEngine({ directory: join(directory, "engine"), clock: systemClock });
  const store = createFilesystemStore({ directory: join(directory, "store") });
  const wrapper = createKeyWrapper(createFileKeyring(randomBytes(32)));
  const artifacts = createArtifacts({ store, wrapper, randomBytes });
  const shared = { db, clock: systemClock, events, policy: defaultRetentionTable };
  const work: WorkContext = { ...shared, artifacts, engine: () => engine, exportLifetimeMs: 3_600_000 };
  const projectId = newId();
  // Use cases see the database as their project does, as they do in the service.
  const context: ActionContext = {
    ...shared,
    db: tenants.open(projectId),
    newId,
    jobs,
    locations: defaultLocations,
    engineName: engine.name,
  };
  await db.insert(projects).values({ id: projectId, name: "test", createdAt: systemClock.now() });
  if (workers > 0) await workOnOperations(work, jobs, logger, workers);
  return {
    context,
    work,
    store,
    wrapper,
    artifacts,
    engine,
    directory,
    viewer: {
      projectId,
      projectName: "test",
      role: "ADMIN",
      keyId: newId(),
      keyName: "test",
      expiresAt: null,
    },
    async follow(result) {
      if (!result.operation) throw new Error(`refused: ${result.errors[0].message}`);
      const states: ShownOperation[] = [];
      const { projectId: project, id } = result.operation;
      for await (const state of watchOperation(shared, { projectId: project }, id)) states.push(state);
      return states;
    },
    async close() {
      await jobs.stop();
      await events.close();
      await engine.close();
      await drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
