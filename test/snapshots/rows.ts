import { randomUUID } from "node:crypto";
import type { Database } from "../../src/db/client.js";
import type { snapshots } from "../../src/db/tables/index.js";
import { instances, projects } from "../../src/db/tables/index.js";
import type { Scope, Viewer } from "../../src/projects/viewer.js";
import type { SnapshotRow } from "../../src/snapshots/snapshots.queries.js";

export const start = new Date("2026-03-01T00:00:00.000Z");
export const later = (ms: number): Date => new Date(start.getTime() + ms);

export async function insertProject(db: Database): Promise<Scope> {
  const projectId = randomUUID();
  await db.insert(projects).values({ id: projectId, name: "tenant", createdAt: start });
  return { projectId };
}

/** Somebody of that project who may do everything. */
export const asAdmin = (scope: Scope): Viewer => ({
  ...scope,
  projectName: "tenant",
  role: "ADMIN",
  keyId: randomUUID(),
  keyName: "admin",
  expiresAt: null,
});

export async function insertInstance(
  db: Database,
  scope: Scope,
  changes: Partial<typeof instances.$inferInsert> = {},
): Promise<string> {
  const id = changes.id ?? randomUUID();
  await db.insert(instances).values({
    projectId: scope.projectId,
    name: "graph",
    tier: "PROFESSIONAL",
    version: "V5",
    cloudProvider: "AWS",
    region: "eu-west-1",
    status: "CREATING",
    engine: "ladybug",
    createdAt: start,
    ...changes,
    id,
  });
  return id;
}

/** A completed, sound, on-demand FULL, restorable for 10 s and exportable for 5 s, unless changed. */
export function snapshotRow(
  scope: Scope,
  instanceId: string,
  changes: Partial<SnapshotRow> = {},
): typeof snapshots.$inferInsert {
  const id = changes.id ?? randomUUID();
  const status = changes.status ?? "COMPLETED";
  const type = changes.type ?? "ON_DEMAND";
  const whole = status === "COMPLETED";
  return {
    projectId: scope.projectId,
    instanceId,
    type,
    kind: "FULL",
    cause: type === "ON_DEMAND" ? "ON_DEMAND" : "CADENCE",
    status,
    takenAt: start,
    chainRootId: id,
    chainDepth: 0,
    createdAt: start,
    ...(whole && {
      completedAt: start,
      sizeBytes: 10,
      storedBytes: 5,
      sha256: "a".repeat(64),
      artifactKey: id,
      artifactState: "PRESENT",
      policyVersion: "1",
      restorableUntil: later(10_000),
      exportableUntil: later(5_000),
    }),
    ...changes,
    id,
  };
}
