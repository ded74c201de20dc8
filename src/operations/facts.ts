import { eq } from "drizzle-orm";
import type { ArtifactRef } from "../artifacts/artifact.js";
import type { Queryable } from "../db/client.js";
import { instances, snapshots } from "../db/tables/index.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import type { SnapshotRow } from "../snapshots/snapshots.queries.js";

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

export function toArtifactRef(snapshot: SnapshotRow): ArtifactRef {
  const { artifactKey: key, sha256 } = snapshot;
  if (key === null || sha256 === null) throw new Error(`snapshot ${snapshot.id} has no artifact`);
  return { key, sha256 };
}
