import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { recordAudit } from "../../src/audit/record-audit.js";
import type { ServiceDatabase } from "../../src/db/client.js";
import {
  auditEvents,
  exports_,
  operations,
  snapshots,
  webhookDeliveries,
  webhooks,
} from "../../src/db/tables/index.js";
import { toGlobalId, type IdKind } from "../../src/ids.js";
import { makeApiKey } from "../../src/projects/api-key.js";
import { insertApiKey } from "../../src/projects/api-keys.queries.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { asAdmin, insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";

export interface TenantRows {
  readonly viewer: Viewer;
  /** Public ids, one of every kind there is. */
  readonly ids: Readonly<Record<IdKind, string>>;
  readonly idempotencyKey: string;
}

/** A project that has one of everything. */
export async function insertTenantRows(db: ServiceDatabase): Promise<TenantRows> {
  const scope = await insertProject(db);
  const viewer = asAdmin(scope);
  const instanceId = await insertInstance(db, scope, { status: "RUNNING", generation: 1 });
  const snapshot = snapshotRow(scope, instanceId);
  await db.insert(snapshots).values(snapshot);
  const key = { id: randomUUID(), projectId: scope.projectId, name: "key", role: "VIEWER" } as const;
  await insertApiKey(db, makeApiKey(randomBytes), { ...key, createdAt: start, expiresAt: null });
  const operation = { id: randomUUID(), idempotencyKey: randomUUID() };
  await db.insert(operations).values({
    ...operation,
    projectId: scope.projectId,
    instanceId,
    kind: "EXPORT",
    status: "RUNNING",
    phase: "COPYING",
    exclusive: false,
    sourceSnapshotId: snapshot.id,
    createdAt: start,
  });
  // One that takes the snapshot, for what follows it by that.
  await db.insert(operations).values({
    id: randomUUID(),
    projectId: scope.projectId,
    instanceId,
    kind: "SNAPSHOT",
    status: "SUCCEEDED",
    phase: "DONE",
    percent: 100,
    exclusive: true,
    snapshotId: snapshot.id,
    createdAt: start,
    finishedAt: start,
  });
  await db.insert(exports_).values({
    operationId: operation.id,
    fileName: "graph.backup",
    objectKey: "exports/1",
    wrappedKey: "",
    sizeBytes: 1,
    sha256: "b".repeat(64),
    expiresAt: later(1_000_000),
  });
  const webhook = { id: randomUUID(), projectId: scope.projectId, createdAt: start };
  await db.insert(webhooks).values({
    ...webhook,
    url: "https://example.com/",
    events: ["OPERATION_SUCCEEDED"],
    wrappedSecret: "",
    createdBy: "key",
  });
  const delivery = { id: randomUUID(), projectId: scope.projectId, webhookId: webhook.id, createdAt: start };
  await db.insert(webhookDeliveries).values({
    ...delivery,
    event: "OPERATION_SUCCEEDED",
    subjectId: operation.id,
    body: "{}",
    status: "PENDING",
  });
  const ids = {
    project: toGlobalId("project", scope.projectId),
    instance: toGlobalId("instance", instanceId),
    snapshot: toGlobalId("snapshot", snapshot.id ?? ""),
    operation: toGlobalId("operation", operation.id),
    apiKey: toGlobalId("apiKey", key.id),
    webhook: toGlobalId("webhook", webhook.id),
    delivery: toGlobalId("delivery", delivery.id),
  };
  for (const objectId of Object.values(ids))
    await recordAudit(db, { ...viewer, keyId: key.id }, start, { action: "seed", objectId });
  const [event] = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(eq(auditEvents.projectId, scope.projectId));
  const auditEvent = toGlobalId("auditEvent", event?.id ?? "");
  return { viewer, ids: { ...ids, auditEvent }, idempotencyKey: operation.idempotencyKey };
}
