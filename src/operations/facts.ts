import { and, eq } from "drizzle-orm";
import type { ArtifactRef } from "../artifacts/artifact.js";
import type { Queryable } from "../db/client.js";
import { instances, snapshots } from "../db/tables/index.js";
import type { InstanceRow } from "./request-operation.js";

export type SnapshotRow = typeof snapshots.$inferSelect;

export async function getInstance(db: Queryable, id: string): Promise<InstanceRow> {
  const [row] = await db.select().from(instances).where(eq(instances.id, id));
  if (!row) throw new Error(`instance ${id} has no row`);
  return row;
}

export async function getSnapshot(db: Queryable, id: string | null): Promise<SnapshotRow> {
  const [row] = id === null ? [] : await db.select().from(snapshots).where(eq(snapshots.id, id));
  if (!row) throw new Error(`snapshot ${id} has no row`);
  return row;
}

/** What a restore of the snapshot reads, oldest first. */
export async function getChain(db: Queryable, snapshot: SnapshotRow): Promise<SnapshotRow[]> {
  const rows = await db
    .select()
    .from(snapshots)
    .where(
      and(eq(snapshots.chainRootId, snapshot.chainRootId), eq(snapshots.instanceId, snapshot.instanceId)),
    );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const chain = [snapshot];
  for (let at = snapshot.baseId; at !== null;) {
    const base = byId.get(at);
    if (!base) throw new Error(`snapshot ${snapshot.id} builds on ${at}, which is not in its chain`);
    chain.unshift(base);
    at = base.baseId;
  }
  return chain;
}

export function toArtifactRef(snapshot: SnapshotRow): ArtifactRef {
  const { artifactKey: key, sha256 } = snapshot;
  if (key === null || sha256 === null) throw new Error(`snapshot ${snapshot.id} has no artifact`);
  return { key, sha256 };
}

/** Where an instance's objects lie: under its provider and region, never elsewhere (policy.md, "Actions"). */
export const objectPrefix = (instance: InstanceRow): string =>
  `${instance.cloudProvider.toLowerCase()}/${instance.region}/${instance.projectId}/${instance.id}/`;
