import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { Buckets } from "../api/limits/buckets.js";
import { shareBuckets } from "../api/limits/share-buckets.js";
import { readTrustedDocuments } from "../api/trusted-documents.js";
import { readMasterKey } from "../artifacts/master-key.js";
import { type Clock, systemClock } from "../clock.js";
import { addressOf, type Config } from "../config/config.js";
import { readConsoleFiles } from "../console/console-files.js";
import { createLadybugEngine } from "../engines/ladybug/ladybug-engine.js";
import { registerEngines } from "../engines/register-engines.js";
import { createEventBus } from "../events/postgres-event-bus.js";
import { createIds } from "../ids.js";
import { defaultLocations } from "../instances/placement.js";
import { runStatement } from "../instances/run-statement.js";
import { createJobQueue } from "../jobs/pg-boss-queue.js";
import { repeat } from "../jobs/repeat.js";
import { scheduleDueSweep } from "../operations/schedule-due.js";
import { findDownload } from "../operations/find-download.js";
import { closeWindowsSweep } from "../operations/purge-artifacts.js";
import { operationQueueDefinition, workOnOperations } from "../operations/run-operation.js";
import { createSweeper } from "../operations/sweep.js";
import type { WorkContext } from "../operations/work-context.js";
import { createAuthenticator } from "../projects/create-authenticator.js";
import { toTokenSettings } from "../projects/token-settings.js";
import { bootstrapProject } from "../projects/bootstrap.js";
import { readPolicyFile } from "../snapshots/policy-file.js";
import { recordPolicy } from "../snapshots/record-policy.js";
import { defaultRetentionTable } from "../snapshots/retention-table.js";
import { createLogger, type Logger } from "../telemetry/logger.js";
import { createMetrics } from "../telemetry/metrics.js";
import { startTracing } from "../telemetry/tracing.js";
import { deliver } from "../webhooks/deliver.job.js";
import { deliveryQueue } from "../webhooks/delivery-queue.js";
import { recordEvents } from "../webhooks/record-events.js";
import { createSender } from "../webhooks/send-request.js";
import { choosePort } from "./choose-port.js";
import { Closers, type OnClose } from "./closers.js";
import { createActions } from "./create-actions.js";
import { createFleetMetrics } from "./fleet-metrics.js";
import { createHttpServer } from "./http-server.js";
import { openArtifacts } from "./open-artifacts.js";
import { openDatabases } from "./open-databases.js";
import { openHome } from "./open-home.js";
import { createReadiness } from "./readiness.js";
import { createSweeps } from "./create-sweeps.js";
import { createUnshownKey } from "./unshown-key.js";

export interface Service {
  readonly graphqlUrl: string;
  /** Where GraphiQL is served. */
  readonly graphiqlUrl?: string;
  /** The first ADMIN key, as long as nobody has seen it: made by this start, or by one that failed afterwards. */
  readonly adminKey?: string;
  /** To be called once `adminKey` has been shown; until then every start has it. */
  adminKeyShown(): Promise<void>;
  readonly home: string;
  /** Stops taking work, finishes requests and closes everything; data stays. */
  close(): Promise<void>;
}

const exportLifetimeMs = 24 * 3_600_000;
/** So long a key may use up its points in several processes before they hear of each other. */
const shareBucketsEveryMs = 1000;
/** How often sweeps are looked at; each says itself when it is due. */
const sweepEveryMs = 10_000;
/** So long at most after its instant a slot is taken, on a service that has room. */
const tickMs = 2_000;
/** After this, a slot whose instance was busy is looked at again. */
const busyPauseMs = 5_000;
/** Webhooks that a project may have. */
const mostWebhooks = 20;
/** How many requests to webhooks run at a time in this process, and of one project's, whose receivers may all be slow. */
const deliveries = { concurrency: 8, perGroup: 2 };
const deliveryTimeoutMs = 10_000;
/** A part that takes longer to answer a probe counts as down. */
const readyWithinMs = 2_000;
/** What is asked when the service stops may still take so long; jobs, the pools and Postgres are stopped after it. */
const closeGraceMs = 10_000;

/** The composition root: everything is made here, in order, and closed in the opposite one. */
export async function startService(
  config: Config,
  clock: Clock = systemClock,
  logger: Logger = createLogger({ level: config.logLevel }),
): Promise<Service> {
  const { onClose, close } = new Closers();
  try {
    return { ...(await start(config, clock, logger, onClose)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  config: Config,
  clock: Clock,
  logger: Logger,
  onClose: OnClose,
): Promise<Omit<Service, "close">> {
  const port = await choosePort(config.host, config.port);
  const publicUrl = config.publicUrlGiven ? config.publicUrl : addressOf(config.host, port);
  const metrics = createMetrics();
  if (config.tracing) {
    const tracing = await startTracing(config.tracing);
    onClose(() => tracing.stop());
  }
  const policy = config.policyFile ? await readPolicyFile(config.policyFile) : defaultRetentionTable;
  await openHome(config.home);
  const newId = createIds(clock, randomBytes);
  const trustedDocuments = await readTrustedDocuments(config.trustedDocuments);
  const console = config.graphiql ? await readConsoleFiles() : undefined;
  // A file that somebody named and that is no key ends the start before a database is made.
  if (config.masterKeyFileGiven)
    await readMasterKey({ path: config.masterKeyFile, randomBytes, createIfAbsent: false });

  const { url, db, tenants } = await openDatabases(config, logger, onClose);
  const { store, artifacts, wrapper, downloadKey } = await openArtifacts(config, { db, clock, logger });
  await recordPolicy(db, policy, clock.now());
  const unshown = createUnshownKey(join(config.home, "admin.key"));
  const key = config.bootstrapKey;
  const first = await bootstrapProject(db, { clock, newId, randomBytes, key, unshown });

  // Before the queue, so that it closes after it: a job that is being stopped still needs its engine.
  const ladybug = createLadybugEngine({
    directory: join(config.home, "engines", "ladybug"),
    clock,
    logger,
    maxChildren: config.limits.openInstances,
    maxResultBytes: config.limits.queryAnswerBytes,
  });
  onClose(() => ladybug.close());
  const bus = await createEventBus({ url, logger, reconnectDelayMs: 250 });
  onClose(() => bus.close());
  const jobs = await createJobQueue({ url, logger, queues: [operationQueueDefinition, deliveryQueue] });
  onClose(() => jobs.stop());
  const events = recordEvents(bus, { clock, newId, jobs });
  const engine = registerEngines([ladybug]);

  const work: WorkContext = {
    db,
    clock,
    events,
    policy,
    artifacts,
    engine,
    exportLifetimeMs,
    onEnded: (kind, outcome) => metrics.operationEnded(kind, outcome),
  };
  const { limits } = config;
  const buckets = new Buckets({
    clock,
    capacity: limits.bucketPoints,
    perSecond: limits.bucketPointsPerSecond,
  });
  const { orphanGraceMs } = config;
  const engines = [ladybug];
  const sweeps = createSweeps({ db, work, jobs, engines, store, buckets, logger, metrics, orphanGraceMs });
  const locations = defaultLocations;
  const shared = {
    clock,
    newId,
    jobs,
    events,
    policy,
    locations,
    engineName: ladybug.name,
  };
  const webhookRules = { allowPrivate: config.webhooksToPrivate };
  const readiness = createReadiness({
    checks: {
      database: () => db.execute(sql`select 1`),
      queue: () => jobs.check(),
      store: () => store.check(),
      engine: () => ladybug.ready(),
    },
    logger,
    timeoutMs: readyWithinMs,
  });
  const fleet = createFleetMetrics({ db, registry: metrics.registry, clock });
  const sharing = repeat(shareBucketsEveryMs, () =>
    shareBuckets(db, buckets).catch((error: unknown) =>
      logger.warn({ err: error }, "buckets were not shared"),
    ),
  );
  onClose(() => sharing.stop());
  const server = createHttpServer({
    metrics,
    logger,
    readiness,
    refreshMetrics: () => fleet.refresh(),
    metricsToken: config.metricsToken,
    tenants,
    events,
    clock,
    newId,
    randomBytes,
    policy,
    locations,
    maxHolds: config.maxHolds,
    limits,
    introspection: config.introspection,
    buckets,
    stopwatch: () => performance.now(),
    trustedDocuments,
    console,
    closeGraceMs,
    compileAfter: config.compileAfter,
    publicUrl,
    downloadKey,
    webhooks: { wrapper, jobs, rules: webhookRules, mostWebhooks },
    actionsOn: (projectDb) => createActions({ ...shared, db: projectDb }),
    authenticate: createAuthenticator(db, clock, config.oidc && toTokenSettings(config.oidc)),
    runStatement: (viewer, instanceId, statement, signal) =>
      runStatement({ db: tenants.open(viewer.projectId), engine }, viewer, instanceId, statement, {
        signal,
        party: viewer.projectId,
      }),
    openDownload: async (operationId) => {
      const file = await findDownload(db, operationId, clock.now());
      return (
        file && { ...file, open: (range) => artifacts.openExport({ ...file, key: file.objectKey }, range) }
      );
    },
    newRequestId: newId,
    logError: (error, requestId) => logger.error({ err: error, requestId }, "a request failed"),
  });
  await workOnOperations(work, jobs, logger, config.concurrency);
  const send = createSender({ ...webhookRules, timeoutMs: deliveryTimeoutMs });
  const delivering = { db, clock, wrapper, send, onAttempt: metrics.delivery };
  await jobs.work(deliveryQueue.name, deliveries, (job) => deliver(delivering, job));
  const sweeping = repeat(sweepEveryMs, createSweeper(sweeps, { clock, logger }));
  onClose(() => sweeping.stop());
  const schedule = { perLocation: config.scheduledPerLocation, busyPauseMs };
  const ticks = [scheduleDueSweep({ ...shared, db, schedule }), closeWindowsSweep(work)];
  const ticking = repeat(tickMs, createSweeper(ticks, { clock, logger }));
  onClose(() => ticking.stop());
  await server.listen(port, config.host);
  onClose(() => server.close());
  onClose(() => Promise.resolve(readiness.retire()));
  return {
    graphqlUrl: `${publicUrl}/graphql`,
    ...(console && { graphiqlUrl: `${publicUrl}/graphiql/` }),
    adminKey: first.key,
    adminKeyShown: () => unshown.forget(),
    home: config.home,
  };
}
