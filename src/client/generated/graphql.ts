/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which operation to stop. */
export type CancelOperationInput = {
  /** The operation. */
  operationId: string;
};

/** What happened to a snapshot. */
export type ChangeKind =
  /** It appeared. */
  | 'ADDED'
  /** It is gone. */
  | 'REMOVED'
  /** It changed. */
  | 'UPDATED';

/** What an instance is to be sold as from now on. */
export type ChangeTierInput = {
  /** Give existing snapshots the new windows too; tierChangePreview lists what that would lose. */
  applyToExisting?: boolean | null | undefined;
  /** The instance. */
  instanceId: string;
  /** Its new tier. */
  tier: Tier;
};

/** Whose cloud an instance lives in. */
export type CloudProvider =
  /** Amazon Web Services. */
  | 'AWS'
  /** Microsoft Azure. */
  | 'AZURE'
  /** Google Cloud. */
  | 'GCP';

/** A new key of the project. */
export type CreateApiKeyInput = {
  /** When it ends by itself; must lie ahead. */
  expiresAt?: string | null | undefined;
  /** A name of 1 to 100 characters. */
  name: string;
  /** What it may do. */
  role: Role;
};

/** A new instance with a snapshot's data; what is left out is as in the original. */
export type CreateInstanceFromSnapshotInput = {
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** Name of the new instance. */
  name: string;
  /** Where it lives. */
  region?: string | null | undefined;
  /** The snapshot. */
  snapshotId: string;
  /** Its tier. */
  tier?: Tier | null | undefined;
  /** Its major version. */
  version?: MajorVersion | null | undefined;
};

/** A new, empty instance. */
export type CreateInstanceInput = {
  /** Whose cloud; see locations. */
  cloudProvider: CloudProvider;
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** Its name. */
  name: string;
  /** Where in it; see locations. */
  region: string;
  /** Its tier. */
  tier: Tier;
  /** Its major version. */
  version: MajorVersion;
};

/** A new webhook of the project. */
export type CreateWebhookInput = {
  /** What to be told of; at least one. */
  events: Array<WebhookEvent>;
  /** `whsec_` and 24 to 64 bytes in base64, if you want to choose it; otherwise one is made. */
  secret?: string | null | undefined;
  /** An https:// address in the open internet. */
  url: string;
};

/** Which instance to delete. */
export type DeleteInstanceInput = {
  /** The instance's name, typed. */
  confirmation: string;
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** The instance. */
  instanceId: string;
  /** Keep its snapshots until their windows close and their holds end; createInstanceFromSnapshot restores them. */
  retainSnapshots?: boolean | null | undefined;
};

/** Which webhook to end. */
export type DeleteWebhookInput = {
  /** The webhook. */
  webhookId: string;
};

/** How far the sending of an event is. */
export type DeliveryStatus =
  /** Accepted by the receiver, with a status from 200 to 299. */
  | 'DELIVERED'
  /** Given up after the last attempt; it can be sent again. */
  | 'FAILED'
  /** Being tried. */
  | 'PENDING';

/** Which snapshot to make a file of. */
export type ExportSnapshotInput = {
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** The snapshot. */
  snapshotId: string;
};

/** Why an operation failed. */
export type FailureCode =
  /** The stored snapshot is damaged. */
  | 'ARTIFACT_DAMAGED'
  /** The database did not answer. */
  | 'ENGINE_UNAVAILABLE'
  /** A fault of the service. */
  | 'INTERNAL'
  /** No space was left. */
  | 'OUT_OF_SPACE'
  /** The store did not answer. */
  | 'STORE_UNAVAILABLE'
  /** It took too long. */
  | 'TIMED_OUT'
  /** Its workers were lost. */
  | 'WORKER_LOST';

/** Which snapshot to keep, and why. */
export type HoldSnapshotInput = {
  /** Why, for those who read it later: 1 to 500 characters. */
  reason: string;
  /** The snapshot; it must be restorable now. */
  snapshotId: string;
};

/** Why a snapshot may not be restored or exported. */
export type IneligibilityReason =
  /** Its artifact is damaged. */
  | 'ARTIFACT_DAMAGED'
  /** One it builds on is gone. */
  | 'CHAIN_BROKEN'
  /** Differentials are never exported. */
  | 'DIFFERENTIAL_NOT_EXPORTABLE'
  /** It is not complete. */
  | 'NOT_COMPLETED'
  /** Only the day's first full one is exported. */
  | 'NOT_FIRST_FULL_OF_DAY'
  /** A newer one took its place. */
  | 'SUPERSEDED'
  /** Its window has closed. */
  | 'WINDOW_CLOSED';

/** Which instances to list; all that is given must hold. */
export type InstanceFilter = {
  /** Only this cloud. */
  cloudProvider?: CloudProvider | null | undefined;
  /** Only deleted ones: what was retained of their snapshots can still be exported and cloned. */
  deleted?: boolean | null | undefined;
  /** Only names that contain this. */
  nameContains?: string | null | undefined;
  /** Only this status. */
  status?: InstanceStatus | null | undefined;
  /** Only this tier. */
  tier?: Tier | null | undefined;
};

/** What an instance is doing. */
export type InstanceStatus =
  /** Being made. */
  | 'CREATING'
  /** Being deleted. */
  | 'DELETING'
  /** Could not be made. */
  | 'FAILED'
  /** A snapshot is being restored over it. */
  | 'RESTORING'
  /** Answers queries. */
  | 'RUNNING';

/** Major version of the database. */
export type MajorVersion =
  /** Version 4. */
  | 'V4'
  /** Version 5. */
  | 'V5';

/** What an operation is doing now. */
export type OperationPhase =
  /** Moving data. */
  | 'COPYING'
  /** Nothing more. */
  | 'DONE'
  /** Tidying up. */
  | 'FINISHING'
  /** Getting ready. */
  | 'PREPARING'
  /** Waiting. */
  | 'QUEUED'
  /** Making the result live. */
  | 'SWITCHING'
  /** Checking what was moved. */
  | 'VERIFYING';

/** State of an operation. */
export type OperationStatus =
  /** Stopped by a user. */
  | 'CANCELED'
  /** Being stopped. */
  | 'CANCELING'
  /** Ended in failure. */
  | 'FAILED'
  /** Waiting for a worker. */
  | 'QUEUED'
  /** At work. */
  | 'RUNNING'
  /** Done. */
  | 'SUCCEEDED';

/** A hold on what the imaginary instance took. */
export type PreviewHoldInput = {
  /** When it is placed. Ignored where the snapshot is not restorable then: a hold brings nothing back. */
  placedAt: string;
  /** When it is released, after placedAt; null: not yet. */
  releasedAt?: string | null | undefined;
  /** On which snapshot: the one that is taken at this instant. */
  takenAt: string;
};

/** An imaginary instance, and the instant at which to look at it. */
export type PreviewInput = {
  /** When to look: at most 400 days after createdAt. */
  at: string;
  /** When it was made; its schedule counts from here. */
  createdAt: string;
  /** What is held. */
  holds?: Array<PreviewHoldInput> | null | undefined;
  /** When a user takes snapshots. */
  onDemandAt?: Array<string> | null | undefined;
  /** When the system beneath it changes, which takes one. */
  systemChangeAt?: Array<string> | null | undefined;
  /** Its tier. */
  tier: Tier;
  /** Its major version. */
  version: MajorVersion;
};

/** What a change in the project concerns. */
export type ProjectSubject =
  /** An instance. */
  | 'INSTANCE'
  /** An operation. */
  | 'OPERATION'
  /** A snapshot. */
  | 'SNAPSHOT';

/** What to send again. */
export type RedeliverWebhookInput = {
  /** The delivery. */
  deliveryId: string;
};

/** Which snapshot to hold no longer. */
export type ReleaseSnapshotInput = {
  /** The snapshot. */
  snapshotId: string;
};

/** Which snapshot to restore over its instance. */
export type RestoreSnapshotInput = {
  /** The word RESTORE. */
  confirmation: string;
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** The snapshot. */
  snapshotId: string;
};

/** Which key to end. */
export type RevokeApiKeyInput = {
  /** The key's id, not the key itself. */
  keyId: string;
};

/** What an API key may do. */
export type Role =
  /** Also manages instances, tiers, keys, holds and webhooks, and reads the audit log. */
  | 'ADMIN'
  /** Also takes, restores, exports and clones snapshots, and cancels operations. */
  | 'MEMBER'
  /** Reads all but keys, webhooks and the audit log. */
  | 'VIEWER';

/** Which webhook gets a new secret. */
export type RotateWebhookSecretInput = {
  /** For how many hours the former secret signs too: 0 to 168. */
  overlapHours?: number | null | undefined;
  /** `whsec_` and 24 to 64 bytes in base64, if you want to choose it; otherwise one is made. */
  secret?: string | null | undefined;
  /** The webhook. */
  webhookId: string;
};

/** Why the snapshot was taken. */
export type SnapshotCause =
  /** Its time had come. */
  | 'CADENCE'
  /** The instance was made. */
  | 'INSTANCE_CREATED'
  /** A user asked. */
  | 'ON_DEMAND'
  /** The system beneath the instance has changed. */
  | 'SYSTEM_CHANGE';

/** Which snapshots to list; all that is given must hold. */
export type SnapshotFilter = {
  /** Only those that may be exported now. */
  exportableOnly?: boolean | null | undefined;
  /** Only those that are held. */
  heldOnly?: boolean | null | undefined;
  /** Also those whose window has closed. */
  includeExpired?: boolean | null | undefined;
  /** Only this kind. */
  kind?: SnapshotKind | null | undefined;
  /** Only those that may be restored now. */
  restorableOnly?: boolean | null | undefined;
  /** Only this status. */
  status?: SnapshotStatus | null | undefined;
  /** Only those taken after this. */
  takenAfter?: string | null | undefined;
  /** Only those taken before this. */
  takenBefore?: string | null | undefined;
  /** Only this type. */
  type?: SnapshotType | null | undefined;
};

/** How much of the data the snapshot holds. */
export type SnapshotKind =
  /** The changes since its base. */
  | 'DIFFERENTIAL'
  /** All of it. */
  | 'FULL'
  /** All of it, kept for a short time. */
  | 'SHORT_RETENTION';

/** How far the snapshot is. */
export type SnapshotStatus =
  /** Canceled by a user. */
  | 'CANCELED'
  /** Taken. */
  | 'COMPLETED'
  /** Its restore window has closed. */
  | 'EXPIRED'
  /** Could not be taken. */
  | 'FAILED'
  /** Being taken. */
  | 'IN_PROGRESS'
  /** Waiting to start. */
  | 'PENDING';

/** Who asked for the snapshot. */
export type SnapshotType =
  /** A user. */
  | 'ON_DEMAND'
  /** The schedule or the system. */
  | 'SCHEDULED';

/** Which instance to take a snapshot of. */
export type TakeSnapshotInput = {
  /** For 24 hours the same key with the same input gives the first answer again; the header Idempotency-Key does too. */
  idempotencyKey?: string | null | undefined;
  /** The instance. */
  instanceId: string;
  /** A name of 1 to 100 characters. */
  name?: string | null | undefined;
};

/** What an instance is sold as; it decides when snapshots are taken and how long they are kept: see retentionPolicies. */
export type Tier =
  /** Business critical; V5 only. */
  | 'BUSINESS_CRITICAL'
  /** Data science, enterprise. */
  | 'DS_ENTERPRISE'
  /** Data science, professional. */
  | 'DS_PROFESSIONAL'
  /** Free. */
  | 'FREE'
  /** Professional. */
  | 'PROFESSIONAL'
  /** Virtual dedicated cloud. */
  | 'VIRTUAL_DEDICATED_CLOUD';

/** What a webhook can be told of; messages name it in small letters with a dot, as in operation.succeeded. */
export type WebhookEvent =
  /** An operation was stopped by a user. */
  | 'OPERATION_CANCELED'
  /** An operation ended in failure. */
  | 'OPERATION_FAILED'
  /** An operation ended in success. */
  | 'OPERATION_SUCCEEDED'
  /** A snapshot left the list: it expired or its instance was deleted. */
  | 'SNAPSHOT_REMOVED';

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string | null, apiKey: { id: string, name: string, role: Role, prefix: string, createdAt: string, expiresAt: string | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { apiKey: { id: string, revokedAt: string | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type InstanceSummaryFragment = { id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { project: string, role: Role, keyName: string } };

export type LocationsQueryVariables = Exact<{ [key: string]: never; }>;


export type LocationsQuery = { locations: Array<{ cloudProvider: CloudProvider, region: string }> };

export type InstancesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: InstanceFilter | null | undefined;
}>;


export type InstancesQuery = { instances: { totalCount: number, nodes: Array<{ id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null }>, edges: Array<{ cursor: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type InstanceQueryVariables = Exact<{
  id: string;
}>;


export type InstanceQuery = { instance: { engine: string, engineVersion: string | null, sizeBytes: number | null, id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null, activeOperation:
      | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
     | null, latestRestorableSnapshot: { id: string, takenAt: string } | null } | null };

export type CreateInstanceMutationVariables = Exact<{
  input: CreateInstanceInput;
}>;


export type CreateInstanceMutation = { createInstance: { replayed: boolean, instance: { id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null } | null, operation: { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type DeleteInstanceMutationVariables = Exact<{
  input: DeleteInstanceInput;
}>;


export type DeleteInstanceMutation = { deleteInstance: { replayed: boolean, operation: { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type TierChangePreviewQueryVariables = Exact<{
  instanceId: string;
  tier: Tier;
}>;


export type TierChangePreviewQuery = { tierChangePreview: Array<{ id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }> };

export type ChangeTierMutationVariables = Exact<{
  input: ChangeTierInput;
}>;


export type ChangeTierMutation = { changeTier: { instance: { id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type PageFactsFragment = { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null };

type OperationState_CreateInstanceOperation_Fragment = { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null };

type OperationState_DeleteInstanceOperation_Fragment = { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null };

type OperationState_ExportOperation_Fragment = { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null };

type OperationState_RestoreOperation_Fragment = { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null };

type OperationState_SnapshotOperation_Fragment = { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null };

export type OperationStateFragment =
  | OperationState_CreateInstanceOperation_Fragment
  | OperationState_DeleteInstanceOperation_Fragment
  | OperationState_ExportOperation_Fragment
  | OperationState_RestoreOperation_Fragment
  | OperationState_SnapshotOperation_Fragment
;

type ErrorFacts_IdempotencyConflictError_Fragment = { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   };

type ErrorFacts_InstanceBusyError_Fragment = { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
   };

type ErrorFacts_InvalidInputError_Fragment = { __typename: 'InvalidInputError', message: string, path: Array<string> };

type ErrorFacts_NotEligibleError_Fragment = { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } };

type ErrorFacts_NotFoundError_Fragment = { __typename: 'NotFoundError', message: string, path: Array<string> };

type ErrorFacts_QuotaExceededError_Fragment = { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number };

export type ErrorFactsFragment =
  | ErrorFacts_IdempotencyConflictError_Fragment
  | ErrorFacts_InstanceBusyError_Fragment
  | ErrorFacts_InvalidInputError_Fragment
  | ErrorFacts_NotEligibleError_Fragment
  | ErrorFacts_NotFoundError_Fragment
  | ErrorFacts_QuotaExceededError_Fragment
;

export type OperationQueryVariables = Exact<{
  id: string;
}>;


export type OperationQuery = { operation:
    | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, download: { url: string, fileName: string, expiresAt: string, sizeBytes: number, sha256: string } | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
   | null };

export type OperationByIdempotencyKeyQueryVariables = Exact<{
  key: string;
}>;


export type OperationByIdempotencyKeyQuery = { operationByIdempotencyKey:
    | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
   | null };

export type OperationsQueryVariables = Exact<{
  instanceId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type OperationsQuery = { instance: { id: string, operations: { totalCount: number, nodes: Array<
        | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
        | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
        | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
        | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
        | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      >, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type NodeQueryVariables = Exact<{
  id: string;
}>;


export type NodeQuery = { node:
    | { __typename: 'ApiKey', id: string }
    | { __typename: 'AuditEvent', id: string }
    | { __typename: 'CreateInstanceOperation', id: string }
    | { __typename: 'DeleteInstanceOperation', id: string }
    | { __typename: 'ExportOperation', id: string }
    | { __typename: 'Instance', id: string }
    | { __typename: 'RestoreOperation', id: string }
    | { __typename: 'Snapshot', id: string }
    | { __typename: 'SnapshotOperation', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type NodesQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type NodesQuery = { nodes: Array<
    | { __typename: 'ApiKey', id: string }
    | { __typename: 'AuditEvent', id: string }
    | { __typename: 'CreateInstanceOperation', id: string }
    | { __typename: 'DeleteInstanceOperation', id: string }
    | { __typename: 'ExportOperation', id: string }
    | { __typename: 'Instance', id: string }
    | { __typename: 'RestoreOperation', id: string }
    | { __typename: 'Snapshot', id: string }
    | { __typename: 'SnapshotOperation', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null> };

export type CancelOperationMutationVariables = Exact<{
  input: CancelOperationInput;
}>;


export type CancelOperationMutation = { cancelOperation: { replayed: boolean, operation:
      | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
     | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type SnapshotSummaryFragment = { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } };

export type EligibilityFactsFragment = { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> };

export type SnapshotsQueryVariables = Exact<{
  instanceId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: SnapshotFilter | null | undefined;
}>;


export type SnapshotsQuery = { instance: { id: string, snapshots: { totalCount: number, nodes: Array<{ id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }>, edges: Array<{ cursor: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type SnapshotQueryVariables = Exact<{
  id: string;
}>;


export type SnapshotQuery = { snapshot: { sha256: string | null, id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, instance: { id: string }, base: { id: string } | null, chain: Array<{ id: string, kind: SnapshotKind, takenAt: string }>, operation:
      | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
     | null, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } | null };

export type TakeSnapshotMutationVariables = Exact<{
  input: TakeSnapshotInput;
}>;


export type TakeSnapshotMutation = { takeSnapshot: { replayed: boolean, snapshot: { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } | null, operation: { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type RestoreSnapshotMutationVariables = Exact<{
  input: RestoreSnapshotInput;
}>;


export type RestoreSnapshotMutation = { restoreSnapshot: { replayed: boolean, operation: { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type ExportSnapshotMutationVariables = Exact<{
  input: ExportSnapshotInput;
}>;


export type ExportSnapshotMutation = { exportSnapshot: { replayed: boolean, operation: { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type CreateInstanceFromSnapshotMutationVariables = Exact<{
  input: CreateInstanceFromSnapshotInput;
}>;


export type CreateInstanceFromSnapshotMutation = { createInstanceFromSnapshot: { replayed: boolean, instance: { id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null } | null, operation: { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type RetentionPoliciesQueryVariables = Exact<{ [key: string]: never; }>;


export type RetentionPoliciesQuery = { retentionPolicies: Array<{ tier: Tier, version: MajorVersion, policyVersion: string, secondsPerHour: number, cadenceHours: number | null, latestOnly: boolean, scheduledPerDay: Array<{ kind: SnapshotKind, perDay: number }>, windows: Array<{ type: SnapshotType, kind: SnapshotKind, restorableDays: number, exportableDays: number | null, firstFullOfDayOnly: boolean }> }> };

export type RetentionPreviewQueryVariables = Exact<{
  input: PreviewInput;
}>;


export type RetentionPreviewQuery = { retentionPreview: { at: string, snapshots: Array<{ type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, takenAt: string, base: string | null, restorable: boolean, exportable: boolean, restorableUntil: string | null, exportableUntil: string | null, artifactHeldUntil: string, held: boolean, artifactHeldByHold: boolean }> } };

export type HoldSnapshotMutationVariables = Exact<{
  input: HoldSnapshotInput;
}>;


export type HoldSnapshotMutation = { holdSnapshot: { snapshot: { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type ReleaseSnapshotMutationVariables = Exact<{
  input: ReleaseSnapshotInput;
}>;


export type ReleaseSnapshotMutation = { releaseSnapshot: { snapshot: { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type HeldSnapshotsQueryVariables = Exact<{ [key: string]: never; }>;


export type HeldSnapshotsQuery = { heldSnapshots: Array<{ id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, hold: { reason: string, placedBy: string, placedAt: string } | null, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }> };

export type OperationProgressSubscriptionVariables = Exact<{
  operationId: string;
  afterRevision?: number | null | undefined;
}>;


export type OperationProgressSubscription = { operationProgress:
    | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
   };

export type SnapshotProgressSubscriptionVariables = Exact<{
  snapshotId: string;
  afterRevision?: number | null | undefined;
}>;


export type SnapshotProgressSubscription = { snapshotProgress:
    | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
    | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
   };

export type SnapshotChangedSubscriptionVariables = Exact<{
  instanceId: string;
}>;


export type SnapshotChangedSubscription = { snapshotChanged: { change: ChangeKind, snapshot: { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } } };

export type ProjectChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ProjectChangedSubscription = { projectChanged: { subject: ProjectSubject, instance: { id: string, name: string, tier: Tier, version: MajorVersion, cloudProvider: CloudProvider, region: string, status: InstanceStatus, connectionUrl: string | null, createdAt: string, nextScheduledSnapshotAt: string | null }, snapshot: { id: string, type: SnapshotType, kind: SnapshotKind, cause: SnapshotCause, status: SnapshotStatus, name: string | null, takenAt: string, completedAt: string | null, sizeBytes: number | null, storedBytes: number | null, restorable: boolean, exportable: boolean, restorability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> }, exportability: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } } | null, operation:
      | { __typename: 'CreateInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'DeleteInstanceOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'ExportOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'RestoreOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
      | { __typename: 'SnapshotOperation', id: string, status: OperationStatus, phase: OperationPhase, percent: number, bytesDone: number, bytesTotal: number | null, etaSeconds: number | null, revision: number, cancelable: boolean, createdAt: string, startedAt: string | null, finishedAt: string | null, requestedBy: string | null, instance: { id: string }, failure: { code: FailureCode, message: string, retryable: boolean } | null }
     | null } };

export type WebhookFactsFragment = { id: string, url: string, events: Array<WebhookEvent>, createdBy: string, createdAt: string, formerSecretEndsAt: string | null };

export type DeliveryFactsFragment = { id: string, event: WebhookEvent, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastStatus: number | null, lastError: string | null, createdAt: string, deliveredAt: string | null, payload: unknown };

export type WebhooksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type WebhooksQuery = { webhooks: { totalCount: number, nodes: Array<{ id: string, url: string, events: Array<WebhookEvent>, createdBy: string, createdAt: string, formerSecretEndsAt: string | null }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type WebhookDeliveriesQueryVariables = Exact<{
  webhookId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string, url: string, events: Array<WebhookEvent>, createdBy: string, createdAt: string, formerSecretEndsAt: string | null, deliveries: { totalCount: number, nodes: Array<{ id: string, event: WebhookEvent, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastStatus: number | null, lastError: string | null, createdAt: string, deliveredAt: string | null, payload: unknown }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { id: string }
   | null };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string | null, webhook: { id: string, url: string, events: Array<WebhookEvent>, createdBy: string, createdAt: string, formerSecretEndsAt: string | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { secret: string | null, webhook: { id: string, url: string, events: Array<WebhookEvent>, createdBy: string, createdAt: string, formerSecretEndsAt: string | null } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type DeleteWebhookMutationVariables = Exact<{
  input: DeleteWebhookInput;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { deletedId: string | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export type RedeliverWebhookMutationVariables = Exact<{
  input: RedeliverWebhookInput;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook: { delivery: { id: string, event: WebhookEvent, status: DeliveryStatus, attempts: number, lastAttemptAt: string | null, lastStatus: number | null, lastError: string | null, createdAt: string, deliveredAt: string | null, payload: unknown } | null, errors: Array<
      | { __typename: 'IdempotencyConflictError', message: string, path: Array<string>, original:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InstanceBusyError', message: string, path: Array<string>, blocking:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'InvalidInputError', message: string, path: Array<string> }
      | { __typename: 'NotEligibleError', message: string, path: Array<string>, eligibility: { allowed: boolean, until: string | null, reasons: Array<IneligibilityReason> } }
      | { __typename: 'NotFoundError', message: string, path: Array<string> }
      | { __typename: 'QuotaExceededError', message: string, path: Array<string>, limit: number }
    > } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const InstanceSummaryFragmentDoc = new TypedDocumentString(`
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
    `, {"fragmentName":"InstanceSummary"}) as unknown as TypedDocumentString<InstanceSummaryFragment, unknown>;
export const PageFactsFragmentDoc = new TypedDocumentString(`
    fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
    `, {"fragmentName":"PageFacts"}) as unknown as TypedDocumentString<PageFactsFragment, unknown>;
export const OperationStateFragmentDoc = new TypedDocumentString(`
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
    `, {"fragmentName":"OperationState"}) as unknown as TypedDocumentString<OperationStateFragment, unknown>;
export const EligibilityFactsFragmentDoc = new TypedDocumentString(`
    fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}
    `, {"fragmentName":"EligibilityFacts"}) as unknown as TypedDocumentString<EligibilityFactsFragment, unknown>;
export const ErrorFactsFragmentDoc = new TypedDocumentString(`
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
    fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"fragmentName":"ErrorFacts"}) as unknown as TypedDocumentString<ErrorFactsFragment, unknown>;
export const SnapshotSummaryFragmentDoc = new TypedDocumentString(`
    fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
    fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"fragmentName":"SnapshotSummary"}) as unknown as TypedDocumentString<SnapshotSummaryFragment, unknown>;
export const WebhookFactsFragmentDoc = new TypedDocumentString(`
    fragment WebhookFacts on Webhook {
  id
  url
  events
  createdBy
  createdAt
  formerSecretEndsAt
}
    `, {"fragmentName":"WebhookFacts"}) as unknown as TypedDocumentString<WebhookFactsFragment, unknown>;
export const DeliveryFactsFragmentDoc = new TypedDocumentString(`
    fragment DeliveryFacts on WebhookDelivery {
  id
  event
  status
  attempts
  lastAttemptAt
  lastStatus
  lastError
  createdAt
  deliveredAt
  payload
}
    `, {"fragmentName":"DeliveryFacts"}) as unknown as TypedDocumentString<DeliveryFactsFragment, unknown>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      id
      name
      role
      prefix
      createdAt
      expiresAt
    }
    secret
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:2c1ade4cf290c3f60af8fe6ac5f9a1feb942ae021203540c6f4cc81ebfac2357"}) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    apiKey {
      id
      revokedAt
    }
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:c823f48d29c7bac62d4ffd7b2aeeafb7d6da77a7fc4e9d2ab6a2e0230caf680f"}) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    project
    role
    keyName
  }
}
    `, {"hash":"sha256:55c1a87adf7fcc385a7db0ed3c4da8343ac9b0c54cf82a67b5d64eac643da30f"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const LocationsDocument = new TypedDocumentString(`
    query Locations {
  locations {
    cloudProvider
    region
  }
}
    `, {"hash":"sha256:1f8c858d3e6dfb99c8bfb0b5aa1bcf9710b881acadb125e4aea6349a20c050cf"}) as unknown as TypedDocumentString<LocationsQuery, LocationsQueryVariables>;
export const InstancesDocument = new TypedDocumentString(`
    query Instances($first: Int, $after: String, $last: Int, $before: String, $filter: InstanceFilter) {
  instances(
    first: $first
    after: $after
    last: $last
    before: $before
    filter: $filter
  ) {
    nodes {
      ...InstanceSummary
    }
    edges {
      cursor
    }
    pageInfo {
      ...PageFacts
    }
    totalCount
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}`, {"hash":"sha256:8e599fbe683ebdc4a9417eeacd0e453bc09365046475c5ea92efa9a103399668"}) as unknown as TypedDocumentString<InstancesQuery, InstancesQueryVariables>;
export const InstanceDocument = new TypedDocumentString(`
    query Instance($id: ID!) {
  instance(id: $id) {
    ...InstanceSummary
    engine
    engineVersion
    sizeBytes
    activeOperation {
      ...OperationState
    }
    latestRestorableSnapshot {
      id
      takenAt
    }
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:3dbeb5558e11803f7c1218779b6b988781cd3f000a3af577c8c2a278d10c7a61"}) as unknown as TypedDocumentString<InstanceQuery, InstanceQueryVariables>;
export const CreateInstanceDocument = new TypedDocumentString(`
    mutation CreateInstance($input: CreateInstanceInput!) {
  createInstance(input: $input) {
    instance {
      ...InstanceSummary
    }
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:af026a6829b6b7b84c8ab8496f2c5e479c44a9b7e20a01503bd0b50928c99745"}) as unknown as TypedDocumentString<CreateInstanceMutation, CreateInstanceMutationVariables>;
export const DeleteInstanceDocument = new TypedDocumentString(`
    mutation DeleteInstance($input: DeleteInstanceInput!) {
  deleteInstance(input: $input) {
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:3bdd07313f4ee0fdb6a7f5c2f18a2bb0ec97de6d70a28b3efb22f42a09193504"}) as unknown as TypedDocumentString<DeleteInstanceMutation, DeleteInstanceMutationVariables>;
export const TierChangePreviewDocument = new TypedDocumentString(`
    query TierChangePreview($instanceId: ID!, $tier: Tier!) {
  tierChangePreview(instanceId: $instanceId, tier: $tier) {
    ...SnapshotSummary
  }
}
    fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:9bc57bc5b7653495a9c5192451964e629827f9ed3617f0d90143fba57c3f8984"}) as unknown as TypedDocumentString<TierChangePreviewQuery, TierChangePreviewQueryVariables>;
export const ChangeTierDocument = new TypedDocumentString(`
    mutation ChangeTier($input: ChangeTierInput!) {
  changeTier(input: $input) {
    instance {
      ...InstanceSummary
    }
    errors {
      ...ErrorFacts
    }
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:54cb7506a250aa122bd4cb53864d146d04f7cfe5a62d133835839d612dbb95a1"}) as unknown as TypedDocumentString<ChangeTierMutation, ChangeTierMutationVariables>;
export const OperationDocument = new TypedDocumentString(`
    query Operation($id: ID!) {
  operation(id: $id) {
    ...OperationState
    ... on ExportOperation {
      download {
        url
        fileName
        expiresAt
        sizeBytes
        sha256
      }
    }
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:69c2df0bb6743af1a335e2fb4d1a9270966a46d020c43531f0f49f56db46ff3f"}) as unknown as TypedDocumentString<OperationQuery, OperationQueryVariables>;
export const OperationByIdempotencyKeyDocument = new TypedDocumentString(`
    query OperationByIdempotencyKey($key: String!) {
  operationByIdempotencyKey(key: $key) {
    ...OperationState
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:a2c849d767832d5b45ec5960d384cf503842e91da1dadce31b79e00e8c8cfdf7"}) as unknown as TypedDocumentString<OperationByIdempotencyKeyQuery, OperationByIdempotencyKeyQueryVariables>;
export const OperationsDocument = new TypedDocumentString(`
    query Operations($instanceId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  instance(id: $instanceId) {
    id
    operations(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        ...OperationState
      }
      pageInfo {
        ...PageFacts
      }
      totalCount
    }
  }
}
    fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:ddf97874b6c4bbf6e1a15da074a758e8f00864b497be6ada140db152eefbc57a"}) as unknown as TypedDocumentString<OperationsQuery, OperationsQueryVariables>;
export const NodeDocument = new TypedDocumentString(`
    query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
  }
}
    `, {"hash":"sha256:674a4e60b765ab762155deb5480b435445a7ecf217bd9a818ee68fa139bfb45a"}) as unknown as TypedDocumentString<NodeQuery, NodeQueryVariables>;
export const NodesDocument = new TypedDocumentString(`
    query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
  }
}
    `, {"hash":"sha256:061e5e74ee7113d4c05a2475b34214b4bfa1c7f3a4c3904eb3829d10d065773b"}) as unknown as TypedDocumentString<NodesQuery, NodesQueryVariables>;
export const CancelOperationDocument = new TypedDocumentString(`
    mutation CancelOperation($input: CancelOperationInput!) {
  cancelOperation(input: $input) {
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:f03edc25c634216ffdbdaca2ba31175c155c9a24f650333490be7538b4f7abb7"}) as unknown as TypedDocumentString<CancelOperationMutation, CancelOperationMutationVariables>;
export const SnapshotsDocument = new TypedDocumentString(`
    query Snapshots($instanceId: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: SnapshotFilter) {
  instance(id: $instanceId) {
    id
    snapshots(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: $filter
    ) {
      nodes {
        ...SnapshotSummary
      }
      edges {
        cursor
      }
      pageInfo {
        ...PageFacts
      }
      totalCount
    }
  }
}
    fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:45f67934591f782b48d0f26b56aa0d1b7ff04e7a9ca7a2704449648a1de1e660"}) as unknown as TypedDocumentString<SnapshotsQuery, SnapshotsQueryVariables>;
export const SnapshotDocument = new TypedDocumentString(`
    query Snapshot($id: ID!) {
  snapshot(id: $id) {
    ...SnapshotSummary
    sha256
    instance {
      id
    }
    base {
      id
    }
    chain {
      id
      kind
      takenAt
    }
    operation {
      ...OperationState
    }
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:0905435e959a4e7fe49eca0ddddfd546397b7baa4d9b46953aae4d12f9dad152"}) as unknown as TypedDocumentString<SnapshotQuery, SnapshotQueryVariables>;
export const TakeSnapshotDocument = new TypedDocumentString(`
    mutation TakeSnapshot($input: TakeSnapshotInput!) {
  takeSnapshot(input: $input) {
    snapshot {
      ...SnapshotSummary
    }
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:d3c4663fdf49b103c8ff24a50183342b7aea712b1eeab45001458db05e957e9e"}) as unknown as TypedDocumentString<TakeSnapshotMutation, TakeSnapshotMutationVariables>;
export const RestoreSnapshotDocument = new TypedDocumentString(`
    mutation RestoreSnapshot($input: RestoreSnapshotInput!) {
  restoreSnapshot(input: $input) {
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:14901c9eb07b73f248f9471a9789cd7a1d0af7a4210d35f80cd81481cf8ae03f"}) as unknown as TypedDocumentString<RestoreSnapshotMutation, RestoreSnapshotMutationVariables>;
export const ExportSnapshotDocument = new TypedDocumentString(`
    mutation ExportSnapshot($input: ExportSnapshotInput!) {
  exportSnapshot(input: $input) {
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:2655afc2af6568694f914afc2b57da8173b922c4e778ab85226e8f372854e0fa"}) as unknown as TypedDocumentString<ExportSnapshotMutation, ExportSnapshotMutationVariables>;
export const CreateInstanceFromSnapshotDocument = new TypedDocumentString(`
    mutation CreateInstanceFromSnapshot($input: CreateInstanceFromSnapshotInput!) {
  createInstanceFromSnapshot(input: $input) {
    instance {
      ...InstanceSummary
    }
    operation {
      ...OperationState
    }
    errors {
      ...ErrorFacts
    }
    replayed
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:dd766dbd9a99a35cce0424d8cd0056422fc15326f709bf937cfbc915229b59d7"}) as unknown as TypedDocumentString<CreateInstanceFromSnapshotMutation, CreateInstanceFromSnapshotMutationVariables>;
export const RetentionPoliciesDocument = new TypedDocumentString(`
    query RetentionPolicies {
  retentionPolicies {
    tier
    version
    policyVersion
    secondsPerHour
    cadenceHours
    latestOnly
    scheduledPerDay {
      kind
      perDay
    }
    windows {
      type
      kind
      restorableDays
      exportableDays
      firstFullOfDayOnly
    }
  }
}
    `, {"hash":"sha256:45f6ab02fa887f21ddd4b9edc7067c61925ffaf999843a2ae7937a0de61c9e50"}) as unknown as TypedDocumentString<RetentionPoliciesQuery, RetentionPoliciesQueryVariables>;
export const RetentionPreviewDocument = new TypedDocumentString(`
    query RetentionPreview($input: PreviewInput!) {
  retentionPreview(input: $input) {
    at
    snapshots {
      type
      kind
      cause
      takenAt
      base
      restorable
      exportable
      restorableUntil
      exportableUntil
      artifactHeldUntil
      held
      artifactHeldByHold
    }
  }
}
    `, {"hash":"sha256:36dd3669843acef2e6cdb5ed875ebc960dce8f0d9f0c5aec1480cb7bff57d784"}) as unknown as TypedDocumentString<RetentionPreviewQuery, RetentionPreviewQueryVariables>;
export const HoldSnapshotDocument = new TypedDocumentString(`
    mutation HoldSnapshot($input: HoldSnapshotInput!) {
  holdSnapshot(input: $input) {
    snapshot {
      ...SnapshotSummary
    }
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:f16295be01dd38f80cfc9468116954d34ef9ff661526c53de49e3c144d1743d1"}) as unknown as TypedDocumentString<HoldSnapshotMutation, HoldSnapshotMutationVariables>;
export const ReleaseSnapshotDocument = new TypedDocumentString(`
    mutation ReleaseSnapshot($input: ReleaseSnapshotInput!) {
  releaseSnapshot(input: $input) {
    snapshot {
      ...SnapshotSummary
    }
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:3bfaa6cb56b4b17b16d055ad7c6cfde80a30cb94363fdf1d44704901f30c64f8"}) as unknown as TypedDocumentString<ReleaseSnapshotMutation, ReleaseSnapshotMutationVariables>;
export const HeldSnapshotsDocument = new TypedDocumentString(`
    query HeldSnapshots {
  heldSnapshots {
    ...SnapshotSummary
    hold {
      reason
      placedBy
      placedAt
    }
  }
}
    fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:a42bb6600af29f2def479a8acc92a88c95e5551bbe3208336000304d8edc666a"}) as unknown as TypedDocumentString<HeldSnapshotsQuery, HeldSnapshotsQueryVariables>;
export const OperationProgressDocument = new TypedDocumentString(`
    subscription OperationProgress($operationId: ID!, $afterRevision: Int) {
  operationProgress(operationId: $operationId, afterRevision: $afterRevision) {
    ...OperationState
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:7d2abed0992f728f8af527c809cb01f67b2086b35c857f70ea84f6ffb08b2a33"}) as unknown as TypedDocumentString<OperationProgressSubscription, OperationProgressSubscriptionVariables>;
export const SnapshotProgressDocument = new TypedDocumentString(`
    subscription SnapshotProgress($snapshotId: ID!, $afterRevision: Int) {
  snapshotProgress(snapshotId: $snapshotId, afterRevision: $afterRevision) {
    ...OperationState
  }
}
    fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}`, {"hash":"sha256:afe5fa42f2652e7a37a338455afe247fdefa1ca0f30919e96568185352201861"}) as unknown as TypedDocumentString<SnapshotProgressSubscription, SnapshotProgressSubscriptionVariables>;
export const SnapshotChangedDocument = new TypedDocumentString(`
    subscription SnapshotChanged($instanceId: ID!) {
  snapshotChanged(instanceId: $instanceId) {
    change
    snapshot {
      ...SnapshotSummary
    }
  }
}
    fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:420096429b863bb58d487157b8ea011be94cd9e62ed789c73216d7e6b44375fd"}) as unknown as TypedDocumentString<SnapshotChangedSubscription, SnapshotChangedSubscriptionVariables>;
export const ProjectChangedDocument = new TypedDocumentString(`
    subscription ProjectChanged {
  projectChanged {
    subject
    instance {
      ...InstanceSummary
    }
    snapshot {
      ...SnapshotSummary
    }
    operation {
      ...OperationState
    }
  }
}
    fragment InstanceSummary on Instance {
  id
  name
  tier
  version
  cloudProvider
  region
  status
  connectionUrl
  createdAt
  nextScheduledSnapshotAt
}
fragment OperationState on Operation {
  __typename
  id
  status
  phase
  percent
  bytesDone
  bytesTotal
  etaSeconds
  revision
  cancelable
  createdAt
  startedAt
  finishedAt
  requestedBy
  instance {
    id
  }
  failure {
    code
    message
    retryable
  }
}
fragment SnapshotSummary on Snapshot {
  id
  type
  kind
  cause
  status
  name
  takenAt
  completedAt
  sizeBytes
  storedBytes
  restorable
  exportable
  restorability {
    ...EligibilityFacts
  }
  exportability {
    ...EligibilityFacts
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:e1b130fd82e6e8117074267b065da3d6be443ecbfa91c7dbbcdec58e6009f2ce"}) as unknown as TypedDocumentString<ProjectChangedSubscription, ProjectChangedSubscriptionVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks($first: Int, $after: String, $last: Int, $before: String) {
  webhooks(first: $first, after: $after, last: $last, before: $before) {
    nodes {
      ...WebhookFacts
    }
    pageInfo {
      ...PageFacts
    }
    totalCount
  }
}
    fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
fragment WebhookFacts on Webhook {
  id
  url
  events
  createdBy
  createdAt
  formerSecretEndsAt
}`, {"hash":"sha256:64c1f6d2cca09fb446f2181a4dd490c00a33e4b3cee618be2117490b8273bc11"}) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($webhookId: ID!, $first: Int, $after: String) {
  node(id: $webhookId) {
    id
    ... on Webhook {
      ...WebhookFacts
      deliveries(first: $first, after: $after) {
        nodes {
          ...DeliveryFacts
        }
        pageInfo {
          ...PageFacts
        }
        totalCount
      }
    }
  }
}
    fragment PageFacts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
fragment WebhookFacts on Webhook {
  id
  url
  events
  createdBy
  createdAt
  formerSecretEndsAt
}
fragment DeliveryFacts on WebhookDelivery {
  id
  event
  status
  attempts
  lastAttemptAt
  lastStatus
  lastError
  createdAt
  deliveredAt
  payload
}`, {"hash":"sha256:234ca9c16b24c950bb579c8001e3195825a953988793216200de6df6b891a705"}) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    webhook {
      ...WebhookFacts
    }
    secret
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}
fragment WebhookFacts on Webhook {
  id
  url
  events
  createdBy
  createdAt
  formerSecretEndsAt
}`, {"hash":"sha256:c59ef9229c6edc17eeecbc2be5a8883f519996ed627e31a63de28b3fa821161f"}) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    webhook {
      ...WebhookFacts
    }
    secret
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}
fragment WebhookFacts on Webhook {
  id
  url
  events
  createdBy
  createdAt
  formerSecretEndsAt
}`, {"hash":"sha256:f4b8cedf0fce6980bf45021f516233e72596d8a92706d247f9bed13b6eb6e13e"}) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    deletedId
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}`, {"hash":"sha256:73380ec8e5ca6c3bff2ae1e918fbdc930e8e892caa6da05f870d71a40de18e21"}) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const RedeliverWebhookDocument = new TypedDocumentString(`
    mutation RedeliverWebhook($input: RedeliverWebhookInput!) {
  redeliverWebhook(input: $input) {
    delivery {
      ...DeliveryFacts
    }
    errors {
      ...ErrorFacts
    }
  }
}
    fragment ErrorFacts on ActionError {
  __typename
  ... on UserError {
    message
    path
  }
  ... on NotEligibleError {
    eligibility {
      ...EligibilityFacts
    }
  }
  ... on InstanceBusyError {
    blocking {
      id
    }
  }
  ... on IdempotencyConflictError {
    original {
      id
    }
  }
  ... on QuotaExceededError {
    limit
  }
}
fragment EligibilityFacts on Eligibility {
  allowed
  until
  reasons
}
fragment DeliveryFacts on WebhookDelivery {
  id
  event
  status
  attempts
  lastAttemptAt
  lastStatus
  lastError
  createdAt
  deliveredAt
  payload
}`, {"hash":"sha256:1370c3d7a482688e93f79c3c0a8e670b18c1b897404afa8dd8912aec160e356f"}) as unknown as TypedDocumentString<RedeliverWebhookMutation, RedeliverWebhookMutationVariables>;