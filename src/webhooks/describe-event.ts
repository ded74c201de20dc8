import type { OperationKind, WebhookEvent } from "../db/enums.js";
import type { operations, snapshots } from "../db/tables/index.js";
import { toGlobalId } from "../ids.js";

type OperationRow = typeof operations.$inferSelect;
type SnapshotRow = typeof snapshots.$inferSelect;

/** As Standard Webhooks has it: what happened, when, and enough to ask for the rest. */
interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const idOf = (kind: "snapshot", uuid: string | null) => (uuid === null ? null : toGlobalId(kind, uuid));

/** `OPERATION_SUCCEEDED` is `operation.succeeded` in a message. */
const typeOf = (event: WebhookEvent): string => event.toLowerCase().replace("_", ".");

export function describeOperation(event: WebhookEvent, row: OperationRow): Message {
  const kind: OperationKind = row.kind;
  return {
    type: typeOf(event),
    timestamp: (row.finishedAt ?? row.createdAt).toISOString(),
    data: {
      operationId: toGlobalId("operation", row.id),
      kind,
      status: row.status,
      instanceId: toGlobalId("instance", row.instanceId),
      snapshotId: idOf("snapshot", row.snapshotId),
      sourceSnapshotId: idOf("snapshot", row.sourceSnapshotId),
      requestedBy: row.requestedBy,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
      failure: row.failureCode && {
        code: row.failureCode,
        message: row.failureMessage,
        retryable: row.failureRetryable,
      },
    },
  };
}

export function describeSnapshot(event: WebhookEvent, row: SnapshotRow, now: Date): Message {
  return {
    type: typeOf(event),
    timestamp: now.toISOString(),
    data: {
      snapshotId: toGlobalId("snapshot", row.id),
      instanceId: toGlobalId("instance", row.instanceId),
      kind: row.kind,
      name: row.name,
      takenAt: row.takenAt.toISOString(),
    },
  };
}
