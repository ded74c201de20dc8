import { registerEnumType } from "type-graphql";
import type * as enums from "../db/enums.js";

const register = <V extends string>(
  name: string,
  description: string,
  values: Record<V, string>,
): Record<V, V> => {
  const names = Object.keys(values) as V[];
  const object = Object.fromEntries(names.map((value) => [value, value])) as Record<V, V>;
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(object, {
    name,
    description,
    valuesConfig: valuesConfig as Record<V, { description: string }>,
  });
  return object;
};

export const TierEnum = register<enums.Tier>(
  "Tier",
  "What an instance is sold as; it decides when snapshots are taken and how long they are kept: see retentionPolicies.",
  {
    FREE: "Free.",
    PROFESSIONAL: "Professional.",
    BUSINESS_CRITICAL: "Business critical; V5 only.",
    VIRTUAL_DEDICATED_CLOUD: "Virtual dedicated cloud.",
    DS_PROFESSIONAL: "Data science, professional.",
    DS_ENTERPRISE: "Data science, enterprise.",
  },
);
export const MajorVersionEnum = register<enums.MajorVersion>(
  "MajorVersion",
  "Major version of the database.",
  { V4: "Version 4.", V5: "Version 5." },
);
export const CloudProviderEnum = register<enums.CloudProvider>(
  "CloudProvider",
  "Whose cloud an instance lives in.",
  { AWS: "Amazon Web Services.", AZURE: "Microsoft Azure.", GCP: "Google Cloud." },
);
export const InstanceStatusEnum = register<enums.InstanceStatus>(
  "InstanceStatus",
  "What an instance is doing.",
  {
    CREATING: "Being made.",
    RUNNING: "Answers queries.",
    RESTORING: "A snapshot is being restored over it.",
    DELETING: "Being deleted.",
    FAILED: "Could not be made.",
  },
);
export const SnapshotTypeEnum = register<enums.SnapshotType>("SnapshotType", "Who asked for the snapshot.", {
  SCHEDULED: "The schedule or the system.",
  ON_DEMAND: "A user.",
});
export const SnapshotKindEnum = register<enums.SnapshotKind>(
  "SnapshotKind",
  "How much of the data the snapshot holds.",
  {
    FULL: "All of it.",
    SHORT_RETENTION: "All of it, kept for a short time.",
    DIFFERENTIAL: "The changes since its base.",
  },
);
export const SnapshotCauseEnum = register<enums.SnapshotCause>(
  "SnapshotCause",
  "Why the snapshot was taken.",
  {
    INSTANCE_CREATED: "The instance was made.",
    SYSTEM_CHANGE: "The system beneath the instance has changed.",
    CADENCE: "Its time had come.",
    ON_DEMAND: "A user asked.",
  },
);
export const SnapshotStatusEnum = register<enums.SnapshotStatus>(
  "SnapshotStatus",
  "How far the snapshot is.",
  {
    PENDING: "Waiting to start.",
    IN_PROGRESS: "Being taken.",
    COMPLETED: "Taken.",
    FAILED: "Could not be taken.",
    CANCELED: "Canceled by a user.",
    EXPIRED: "Its restore window has closed.",
  },
);
export const RoleEnum = register<enums.Role>("Role", "What an API key may do.", {
  VIEWER: "Reads all but keys, webhooks and the audit log.",
  MEMBER: "Also takes, restores, exports and clones snapshots, and cancels operations.",
  ADMIN: "Also manages instances, tiers, keys, holds and webhooks, and reads the audit log.",
});
export const OperationStatusEnum = register<enums.OperationStatus>(
  "OperationStatus",
  "State of an operation.",
  {
    QUEUED: "Waiting for a worker.",
    RUNNING: "At work.",
    CANCELING: "Being stopped.",
    SUCCEEDED: "Done.",
    FAILED: "Ended in failure.",
    CANCELED: "Stopped by a user.",
  },
);
export const OperationPhaseEnum = register<enums.OperationPhase>(
  "OperationPhase",
  "What an operation is doing now.",
  {
    QUEUED: "Waiting.",
    PREPARING: "Getting ready.",
    COPYING: "Moving data.",
    VERIFYING: "Checking what was moved.",
    SWITCHING: "Making the result live.",
    FINISHING: "Tidying up.",
    DONE: "Nothing more.",
  },
);
export const FailureCodeEnum = register<enums.FailureCode>("FailureCode", "Why an operation failed.", {
  ENGINE_UNAVAILABLE: "The database did not answer.",
  ARTIFACT_DAMAGED: "The stored snapshot is damaged.",
  STORE_UNAVAILABLE: "The store did not answer.",
  OUT_OF_SPACE: "No space was left.",
  TIMED_OUT: "It took too long.",
  WORKER_LOST: "Its workers were lost.",
  INTERNAL: "A fault of the service.",
});
export type Reason =
  | "NOT_COMPLETED"
  | "WINDOW_CLOSED"
  | "SUPERSEDED"
  | "CHAIN_BROKEN"
  | "ARTIFACT_DAMAGED"
  | "DIFFERENTIAL_NOT_EXPORTABLE"
  | "NOT_FIRST_FULL_OF_DAY";
export const ReasonEnum = register<Reason>(
  "IneligibilityReason",
  "Why a snapshot may not be restored or exported.",
  {
    NOT_COMPLETED: "It is not complete.",
    WINDOW_CLOSED: "Its window has closed.",
    SUPERSEDED: "A newer one took its place.",
    CHAIN_BROKEN: "One it builds on is gone.",
    ARTIFACT_DAMAGED: "Its artifact is damaged.",
    DIFFERENTIAL_NOT_EXPORTABLE: "Differentials are never exported.",
    NOT_FIRST_FULL_OF_DAY: "Only the day's first full one is exported.",
  },
);
export const ChangeKindEnum = register<"ADDED" | "UPDATED" | "REMOVED">(
  "ChangeKind",
  "What happened to a snapshot.",
  { ADDED: "It appeared.", UPDATED: "It changed.", REMOVED: "It is gone." },
);
export const ProjectSubjectEnum = register<"INSTANCE" | "SNAPSHOT" | "OPERATION">(
  "ProjectSubject",
  "What a change in the project concerns.",
  { INSTANCE: "An instance.", SNAPSHOT: "A snapshot.", OPERATION: "An operation." },
);
export const AuditOutcomeEnum = register<enums.AuditOutcome>(
  "AuditOutcome",
  "What became of a mutation that was sent.",
  {
    GRANTED: "It was done, or its work was started.",
    REPLAYED: "It had been sent before; the first answer was given again.",
    REFUSED: "It was not done, for the reason that was answered.",
    FAILED: "It broke; a fault of the service.",
  },
);
export const WebhookEventEnum = register<enums.WebhookEvent>(
  "WebhookEvent",
  "What a webhook can be told of; messages name it in small letters with a dot, as in operation.succeeded.",
  {
    OPERATION_SUCCEEDED: "An operation ended in success.",
    OPERATION_FAILED: "An operation ended in failure.",
    OPERATION_CANCELED: "An operation was stopped by a user.",
    SNAPSHOT_REMOVED: "A snapshot left the list: it expired or its instance was deleted.",
  },
);
export const DeliveryStatusEnum = register<enums.DeliveryStatus>(
  "DeliveryStatus",
  "How far the sending of an event is.",
  {
    PENDING: "Being tried.",
    DELIVERED: "Accepted by the receiver, with a status from 200 to 299.",
    FAILED: "Given up after the last attempt; it can be sent again.",
  },
);
