import { eq, inArray } from "drizzle-orm";
import type { Artifacts, ListedArtifact } from "../artifacts/artifact.js";
import { exports_, operations, snapshots } from "../db/tables/index.js";
import { parseObjectKey } from "./object-keys.js";
import type { Orphan, OrphanSource } from "./orphan.js";
import { unfinished } from "./request-operation.js";
import type { WorkContext } from "./work-context.js";

/** Artifacts that one statement asks the database about. */
const batch = 500;

/** What the store holds of ended operations and no row names, and what no operation of this database wrote. */
export function orphanObjects({
  db,
  artifacts,
}: Pick<WorkContext, "db"> & { readonly artifacts: Pick<Artifacts, "list" | "remove"> }): OrphanSource {
  async function* sortOut(listed: readonly ListedArtifact[]): AsyncGenerator<Orphan> {
    const written = listed.map((each) => ({ ...each, by: parseObjectKey(each.key) }));
    const ids = [...new Set(written.flatMap(({ by }) => by?.operationId ?? []))];
    // Asked after they were listed: an operation stands in the database before it writes.
    const rows = await db
      .select({
        ...{ id: operations.id, status: operations.status },
        ...{ artifactKey: snapshots.artifactKey, artifactRemovedAt: snapshots.artifactRemovedAt },
        ...{ exportKey: exports_.objectKey, exportPurgedAt: exports_.purgedAt },
      })
      .from(operations)
      .leftJoin(snapshots, eq(snapshots.id, operations.snapshotId))
      .leftJoin(exports_, eq(exports_.operationId, operations.id))
      .where(inArray(operations.id, ids));
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { key, kind, storedBytes, modifiedAt, by } of written) {
      const row = by && byId.get(by.operationId);
      if (row && unfinished.some((status) => status === row.status)) continue;
      if (row?.artifactKey === by?.key && row?.artifactRemovedAt === null) continue;
      if (row?.exportKey === by?.key && row?.exportPurgedAt === null) continue;
      yield {
        kind: !by ? "OTHER" : kind === "EXPORT" ? "EXPORT" : "ARTIFACT",
        name: key,
        sizeBytes: storedBytes,
        changedAt: modifiedAt,
        origin: row ? "FORGOTTEN" : "UNKNOWN",
        remove: () => artifacts.remove(key),
      };
    }
  }
  return {
    kinds: ["ARTIFACT", "EXPORT", "OTHER"],
    async *find() {
      let listed: ListedArtifact[] = [];
      for await (const each of artifacts.list("")) {
        listed.push(each);
        if (listed.length < batch) continue;
        yield* sortOut(listed);
        listed = [];
      }
      yield* sortOut(listed);
    },
  };
}
