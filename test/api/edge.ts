import { randomBytes, randomUUID } from "node:crypto";
import type { DownloadFile } from "../../src/api/downloads.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { createActions } from "../../src/app/create-actions.js";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { createHttpServer, type HttpParts } from "../../src/app/http-server.js";
import { defaultLimits } from "../../src/config/limits.js";
import type { Database } from "../../src/db/client.js";
import { operations } from "../../src/db/tables/index.js";
import type { EventBus } from "../../src/events/event-bus.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { defaultLocations } from "../../src/instances/placement.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { operationQueueDefinition } from "../../src/operations/run-operation.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { unusedPort } from "../support/unused-port.js";
import { insertInstance, insertProject, start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase } from "../support/database.js";

export interface Answer<Data> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
}

/** The edge over a real database, bus and socket; keys are named for their roles, `soon` ends in 300 ms. */
export async function startEdge(changes: Partial<HttpParts> = {}, file?: DownloadFile, withQueue = false) {
  const database = await createTestDatabase();
  const { db } = database;
  const events: EventBus = await createEventBus({
    url: database.url,
    logger: createLogger({ level: "silent" }),
    reconnectDelayMs: 50,
  });
  const clock = createTestClock(start);
  const scope = await insertProject(db);
  const instanceId = await insertInstance(db, scope);
  const viewer = (role: Viewer["role"], expiresAt: Date | null = null): Viewer => ({
    ...scope,
    projectName: "tenant",
    role,
    keyId: randomUUID(),
    keyName: role,
    expiresAt,
  });
  const keys = new Map([
    ["viewer", viewer("VIEWER")],
    ["member", viewer("MEMBER")],
    ["admin", viewer("ADMIN")],
    ["soon", viewer("MEMBER", new Date(start.getTime() + 300))],
  ]);
  const logged: unknown[] = [];
  const url = database.url;
  const logger = createLogger({ level: "silent" });
  // Jobs are recorded, and run by nobody: what they do is tried where they live.
  const jobs = withQueue
    ? await createJobQueue({ url, logger, queues: [operationQueueDefinition] })
    : undefined;
  const refuse = () => Promise.reject(new Error("not a part of this test"));
  const parts = {
    tenants: database.tenants,
    events,
    clock,
    metrics: createMetrics(),
    logger: createLogger({ level: "silent" }),
    readiness: { check: () => Promise.resolve({ ready: true, parts: {} }), retire: () => undefined },
    refreshMetrics: () => Promise.resolve(),
    metricsToken: undefined,
    policy: defaultRetentionTable,
    locations: defaultLocations,
    maxHolds: 100,
    limits: defaultLimits,
    introspection: "keys",
    buckets: new Buckets({ clock, capacity: 1e9, perSecond: 1e6 }),
    // Costs do not depend on how busy the machine is.
    stopwatch: () => 0,
    // Whatever asks this edge runs with and without the compiler: `npm run test:compiled` sets 0, so that all is compiled.
    compileAfter: Number(process.env["DAGUERRE_COMPILE_AFTER"] ?? Infinity),
    publicUrl: "http://localhost",
    closeGraceMs: 10_000,
    webhooks: {
      wrapper: createKeyWrapper(createFileKeyring(randomBytes(32))),
      jobs: { revive: () => Promise.resolve([]) },
      rules: { allowPrivate: false },
      mostWebhooks: 3,
    },
    downloadKey: randomBytes(32),
    actionsOn: (projectDb: Database) =>
      jobs
        ? createActions({
            db: projectDb,
            clock,
            newId: randomUUID,
            jobs,
            events,
            policy: defaultRetentionTable,
            locations: defaultLocations,
            engineName: "ladybug",
          })
        : {},
    newId: randomUUID,
    randomBytes,
    newRequestId: randomUUID,
    logError: (error: unknown) => void logged.push(error),
    authenticate: (key: string) => Promise.resolve(keys.get(key)),
    runStatement: refuse,
    openDownload: () => Promise.resolve(file),
    ...changes,
  } as unknown as HttpParts;
  const server = createHttpServer(parts);
  const port = await unusedPort();
  await server.listen(port, "127.0.0.1");
  return {
    parts,
    db,
    databaseUrl: database.url,
    events,
    clock,
    scope,
    instanceId,
    viewer,
    /** Under which its costs are counted. */
    keyIdOf: (name: string) => keys.get(name)?.keyId ?? "",
    logged,
    url: `http://127.0.0.1:${port}`,
    /** Sends a document as clients do, over HTTP. */
    async ask<Data = Record<string, unknown>>(
      document: { toString(): string },
      variables: object = {},
      key = "viewer",
    ): Promise<Answer<Data>> {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          accept: "application/graphql-response+json",
        },
        body: JSON.stringify({ query: document.toString(), variables }),
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    async insertOperation(changes: Partial<typeof operations.$inferInsert> = {}): Promise<string> {
      const id = randomUUID();
      await db.insert(operations).values({
        id,
        projectId: scope.projectId,
        instanceId,
        kind: "CREATE_INSTANCE",
        status: "RUNNING",
        phase: "COPYING",
        exclusive: true,
        createdAt: start,
        ...changes,
      });
      return id;
    },
    async close() {
      await server.close();
      await jobs?.stop();
      await events.close();
      await database.drop();
    },
  };
}
export type Edge = Awaited<ReturnType<typeof startEdge>>;
