import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createKeyWrapper } from "../../src/artifacts/key-wrapper.js";
import { createFileKeyring } from "../../src/artifacts/file-keyring.js";
import { operations, snapshots, webhookDeliveries, webhooks } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import type { JobQueue } from "../../src/jobs/job-queue.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createWebhook } from "../../src/webhooks/create-webhook.js";
import { deleteWebhook } from "../../src/webhooks/delete-webhook.js";
import { deliver } from "../../src/webhooks/deliver.job.js";
import { deliveryQueue, mostAttempts } from "../../src/webhooks/delivery-queue.js";
import { purgeDeliveries } from "../../src/webhooks/purge-deliveries.js";
import { recordEvents } from "../../src/webhooks/record-events.js";
import { redeliver } from "../../src/webhooks/redeliver.js";
import { rotateWebhookSecret } from "../../src/webhooks/rotate-webhook-secret.js";
import { createSender } from "../../src/webhooks/send-request.js";
import type { WebhookContext } from "../../src/webhooks/webhook-context.js";
import { type Edge, startEdge } from "../api/edge.js";
import { snapshotRow } from "../snapshots/rows.js";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let edge: Edge;
let jobs: JobQueue;
let context: WebhookContext;
let received: Received[];
let statuses: number[];
let url: string;
let close: () => Promise<void>;
/** Resolves when so many requests have come. */
let arrived: (count: number) => Promise<void>;

const wrapper = createKeyWrapper(createFileKeyring(randomBytes(32)));
const send = createSender({ allowPrivate: true, timeoutMs: 5_000 });

beforeEach(async () => {
  edge = await startEdge();
  const fast = { ...deliveryQueue, backoff: { firstSeconds: 1, maxSeconds: 1 } };
  jobs = await createJobQueue({
    url: edge.databaseUrl,
    logger: createLogger({ level: "silent" }),
    queues: [fast],
  });
  context = {
    db: edge.db,
    clock: edge.clock,
    newId: randomUUID,
    randomBytes,
    webhooks: { wrapper, jobs, rules: { allowPrivate: true }, mostWebhooks: 3 },
  };
  received = [];
  statuses = [];
  const waiting: [number, () => void][] = [];
  arrived = (count) =>
    new Promise((resolve) => (received.length >= count ? resolve() : waiting.push([count, resolve])));
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 204).end();
      waiting.filter(([count]) => received.length >= count).forEach(([, resolve]) => resolve());
    });
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  close = async () => {
    await jobs.stop();
    receiver.closeAllConnections();
    receiver.close();
    await edge.close();
  };
});
afterEach(() => close());

const admin = () => edge.viewer("ADMIN");
const make = (secret?: string) =>
  createWebhook(context, admin(), { url, events: ["OPERATION_SUCCEEDED", "SNAPSHOT_REMOVED"], secret });
const work = () =>
  jobs.work(deliveryQueue.name, { concurrency: 2 }, (job) => deliver({ ...context, wrapper, send }, job));
const recording = () => recordEvents(edge.events, { clock: edge.clock, newId: randomUUID, jobs });
const ended = () =>
  ({ status: "SUCCEEDED", phase: "DONE", percent: 100, finishedAt: edge.clock.now() }) as const;

/** Ends an operation as a worker does, events and all. */
async function succeed(): Promise<string> {
  const id = await edge.insertOperation({ exclusive: false });
  await edge.db.transaction(async (tx) => {
    await tx.update(operations).set(ended()).where(eq(operations.id, id));
    await recording().publish(tx, { topic: "operation", id, instanceId: edge.instanceId, revision: 2 });
  });
  return id;
}
const rows = () => edge.db.select().from(webhookDeliveries);
const verify = (secret: string | undefined, request: Received | undefined) =>
  new Webhook(secret ?? "").verify(request?.body ?? "", request?.headers as Record<string, string>);
/** Signatures are good for five minutes, so the clock of the test must be today's. */
const meetToday = () => edge.clock.advance(Date.now() - edge.clock.now().getTime());

it("tells of an operation's end, signed, once for each webhook", async () => {
  meetToday();
  const { secret } = await make();
  await work();
  const id = await succeed();
  await arrived(1);
  expect(verify(secret, received[0])).toMatchObject({
    type: "operation.succeeded",
    data: { operationId: toGlobalId("operation", id), status: "SUCCEEDED" },
  });
  expect(() => verify(`whsec_${randomBytes(32).toString("base64")}`, received[0])).toThrow();
  const [row] = await rows();
  expect(received[0]?.headers["webhook-id"]).toBe(toGlobalId("delivery", row?.id ?? ""));
});

it("tries again, under the same id, until it is accepted", async () => {
  statuses = [500, 302, 200];
  await make();
  await work();
  await succeed();
  await arrived(3);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  await jobs.stop();
  expect(await rows()).toMatchObject([
    { status: "DELIVERED", attempts: 3, lastStatus: 200, lastError: null },
  ]);
});

it("gives up after the last attempt, and sends again when asked", async () => {
  statuses = [500];
  await make();
  await succeed();
  const [row] = await rows();
  const id = row?.id ?? "";
  await edge.db.update(webhookDeliveries).set({ attempts: mostAttempts - 1 });
  await deliver({ ...context, wrapper, send }, { id });
  expect(await rows()).toMatchObject([{ status: "FAILED", attempts: mostAttempts, lastStatus: 500 }]);
  const projectDb = edge.parts.tenants.open(edge.scope.projectId);
  const again = await redeliver({ ...context, db: projectDb }, admin(), id);
  expect(again.delivery).toMatchObject({ status: "PENDING" });
  await work();
  await arrived(2);
  expect(received[1]?.headers["webhook-id"]).toBe(received[0]?.headers["webhook-id"]);
});

it("leaves nothing for what was rolled back, or not asked for, or told before", async () => {
  await make();
  const id = await edge.insertOperation({ exclusive: false, ...ended() });
  const events = recording();
  const event = { topic: "operation", id, instanceId: edge.instanceId, revision: 2 } as const;
  const undone = edge.db.transaction(async (tx) => {
    await events.publish(tx, event);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await rows()).toEqual([]);
  await edge.db.update(webhooks).set({ events: ["OPERATION_FAILED"] });
  await edge.db.transaction((tx) => events.publish(tx, event));
  expect(await rows()).toEqual([]);
  await edge.db.update(webhooks).set({ events: ["OPERATION_SUCCEEDED"] });
  for (let told = 0; told < 2; told++) await edge.db.transaction((tx) => events.publish(tx, event));
  expect(await rows()).toHaveLength(1);
});

it("tells of snapshots that go", async () => {
  await make();
  await work();
  const row = snapshotRow(edge.scope, edge.instanceId, {});
  await edge.db.insert(snapshots).values(row);
  await edge.db.transaction((tx) =>
    recording().publish(tx, {
      topic: "snapshot",
      id: row.id,
      instanceId: edge.instanceId,
      change: "REMOVED",
    }),
  );
  await arrived(1);
  expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
    type: "snapshot.removed",
    data: { snapshotId: toGlobalId("snapshot", row.id) },
  });
});

it("tells of every snapshot that went in one transaction, and of none where none went", async () => {
  await make();
  const gone = [0, 1, 2].map(() => snapshotRow(edge.scope, edge.instanceId, { id: randomUUID() }));
  await edge.db.insert(snapshots).values(gone);
  const removed = gone.map(({ id }) => {
    return { topic: "snapshot", id, instanceId: edge.instanceId, change: "REMOVED" } as const;
  });
  await edge.db.transaction((tx) => recording().publish(tx, ...removed));
  await edge.db.transaction((tx) => recording().publish(tx));
  expect((await rows()).map(({ subjectId }) => subjectId).sort()).toEqual(gone.map(({ id }) => id).sort());
});

it("signs with both secrets while one takes over from the other", async () => {
  meetToday();
  const chosen = `whsec_${randomBytes(24).toString("base64")}`;
  const { webhook, secret } = await make(chosen);
  expect(secret).toBe(chosen);
  const change = { webhookId: webhook?.id ?? "", overlapHours: 1 };
  const rotated = await rotateWebhookSecret(context, admin(), change);
  await work();
  await succeed();
  await arrived(1);
  for (const good of [secret, rotated.secret]) expect(() => verify(good, received[0])).not.toThrow();
  edge.clock.advance(3_600_000);
  await succeed();
  await arrived(2);
  expect(received[1]?.headers["webhook-signature"]?.toString().split(" ")).toHaveLength(1);
});

it("keeps secrets where only the master key opens them", async () => {
  const { secret } = await make();
  const [row] = await edge.db.select().from(webhooks);
  expect(JSON.stringify(row)).not.toContain(secret?.slice(6));
  expect(row?.wrappedSecret).not.toContain(Buffer.from(secret ?? "").toString("base64"));
  // Copied to another webhook's row, it does not open.
  const elsewhere = wrapper.decrypt(row?.wrappedSecret ?? "", { purpose: "webhook", webhook: randomUUID() });
  await expect(elsewhere).rejects.toThrow();
});

it.each([
  [{ url: "nowhere" }, "url"],
  [{ events: [] }, "events"],
  [{ secret: "whsec_c2hvcnQ=" }, "secret"],
  [{ secret: "not a secret" }, "secret"],
])("refuses %j", async (change, field) => {
  const result = await createWebhook(context, admin(), { url, events: ["OPERATION_FAILED"], ...change });
  expect(result.errors).toMatchObject([{ kind: "InvalidInput", path: ["input", field] }]);
});

it("bounds how many there are, and deletes one with what it was told", async () => {
  const made = [await make(), await make(), await make()];
  expect((await make()).errors).toMatchObject([{ kind: "QuotaExceeded", limit: 3 }]);
  await succeed();
  expect(await rows()).toHaveLength(3);
  await deleteWebhook(context, admin(), made[0]?.webhook?.id ?? "");
  expect(await rows()).toHaveLength(2);
  edge.clock.advance(31 * 86_400_000);
  expect(await purgeDeliveries({ db: edge.db, clock: edge.clock }).run()).toBe(2);
});
