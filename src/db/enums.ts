/**
 * The closed sets of the domain, in the words of the public contract. This file is pure (it imports
 * nothing), so that tables, rules and the GraphQL schema can all name the same values.
 */

export const tiers = [
  "FREE",
  "PROFESSIONAL",
  "BUSINESS_CRITICAL",
  "VIRTUAL_DEDICATED_CLOUD",
  "DS_PROFESSIONAL",
  "DS_ENTERPRISE",
] as const;
export type Tier = (typeof tiers)[number];

export const majorVersions = ["V4", "V5"] as const;
export type MajorVersion = (typeof majorVersions)[number];

export const cloudProviders = ["AWS", "AZURE", "GCP"] as const;
export type CloudProvider = (typeof cloudProviders)[number];

export const instanceStatuses = ["CREATING", "RUNNING", "RESTORING", "DELETING", "FAILED"] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

export const snapshotTypes = ["SCHEDULED", "ON_DEMAND"] as const;
export type SnapshotType = (typeof snapshotTypes)[number];

export const snapshotKinds = ["FULL", "SHORT_RETENTION", "DIFFERENTIAL"] as const;
export type SnapshotKind = (typeof snapshotKinds)[number];

export const snapshotCauses = ["INSTANCE_CREATED", "SYSTEM_CHANGE", "CADENCE", "ON_DEMAND"] as const;
export type SnapshotCause = (typeof snapshotCauses)[number];

/** As a client sees it. EXPIRED is never stored: it is COMPLETED read after its window has closed. */
export const snapshotStatuses = [
  "PENDING",
  "IN_PROGRESS",
  "COMPLETED",
  "FAILED",
  "CANCELED",
  "EXPIRED",
] as const;
export type SnapshotStatus = (typeof snapshotStatuses)[number];
export type StoredSnapshotStatus = Exclude<SnapshotStatus, "EXPIRED">;

export const artifactStates = ["NONE", "PRESENT", "DAMAGED", "PURGED"] as const;
export type ArtifactState = (typeof artifactStates)[number];

export const roles = ["VIEWER", "MEMBER", "ADMIN"] as const;
export type Role = (typeof roles)[number];

export const operationKinds = [
  "CREATE_INSTANCE",
  "DELETE_INSTANCE",
  "SNAPSHOT",
  "RESTORE",
  "EXPORT",
] as const;
export type OperationKind = (typeof operationKinds)[number];

export const operationStatuses = [
  "QUEUED",
  "RUNNING",
  "CANCELING",
  "SUCCEEDED",
  "FAILED",
  "CANCELED",
] as const;
export type OperationStatus = (typeof operationStatuses)[number];

export const operationPhases = [
  "QUEUED",
  "PREPARING",
  "COPYING",
  "VERIFYING",
  "SWITCHING",
  "FINISHING",
  "DONE",
] as const;
export type OperationPhase = (typeof operationPhases)[number];

export const failureCodes = [
  "ENGINE_UNAVAILABLE",
  "ARTIFACT_DAMAGED",
  "STORE_UNAVAILABLE",
  "OUT_OF_SPACE",
  "TIMED_OUT",
  "WORKER_LOST",
  "INTERNAL",
] as const;
export type FailureCode = (typeof failureCodes)[number];

export const auditOutcomes = ["GRANTED", "REPLAYED", "REFUSED", "FAILED"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];
export const webhookEvents = [
  "OPERATION_SUCCEEDED",
  "OPERATION_FAILED",
  "OPERATION_CANCELED",
  "SNAPSHOT_REMOVED",
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export const deliveryStatuses = ["PENDING", "DELIVERED", "FAILED"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];
