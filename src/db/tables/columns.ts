import { customType, pgEnum } from "drizzle-orm/pg-core";
import * as enums from "../enums.js";

const usualSpelling = "2026-01-31 12:00:00.123+00";

/** Postgres's spelling in UTC takes JavaScript's own parser twice as long as this, and a page holds a hundred instants. */
function parseInstant(text: string): Date {
  const usual = text.length === usualSpelling.length && text[10] === " " && text.endsWith("+00");
  if (!usual) return new Date(text);
  const digit = (at: number) => text.charCodeAt(at) - 48;
  const two = (at: number) => digit(at) * 10 + digit(at + 1);
  const [year, milliseconds] = [two(0) * 100 + two(2), two(20) * 10 + digit(22)];
  return new Date(Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), milliseconds));
}

/** An instant, kept to the millisecond: what a JavaScript Date holds and what DateTime prints. */
export const instant = customType<{ data: Date; driverData: string }>({
  dataType: () => "timestamp(3) with time zone",
  toDriver: (value) => value.toISOString(),
  fromDriver: parseInstant,
});

const stored = enums.snapshotStatuses.filter((status) => status !== "EXPIRED") as [
  enums.StoredSnapshotStatus,
  ...enums.StoredSnapshotStatus[],
];

export const tier = pgEnum("tier", enums.tiers);
export const majorVersion = pgEnum("major_version", enums.majorVersions);
export const cloudProvider = pgEnum("cloud_provider", enums.cloudProviders);
export const instanceStatus = pgEnum("instance_status", enums.instanceStatuses);
export const snapshotType = pgEnum("snapshot_type", enums.snapshotTypes);
export const snapshotKind = pgEnum("snapshot_kind", enums.snapshotKinds);
export const snapshotCause = pgEnum("snapshot_cause", enums.snapshotCauses);
export const snapshotStatus = pgEnum("snapshot_status", stored);
export const artifactState = pgEnum("artifact_state", enums.artifactStates);
export const role = pgEnum("role", enums.roles);
export const operationKind = pgEnum("operation_kind", enums.operationKinds);
export const operationStatus = pgEnum("operation_status", enums.operationStatuses);
export const operationPhase = pgEnum("operation_phase", enums.operationPhases);
export const failureCode = pgEnum("failure_code", enums.failureCodes);
export const auditOutcome = pgEnum("audit_outcome", enums.auditOutcomes);
export const webhookEvent = pgEnum("webhook_event", enums.webhookEvents);
export const deliveryStatus = pgEnum("delivery_status", enums.deliveryStatuses);
