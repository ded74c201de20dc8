import { createRowLoader } from "../db/connection-loader.js";
import type { Database } from "../db/client.js";
import type { Scope } from "../projects/viewer.js";
import { loadInstances } from "./instances.queries.js";

/** One set per request. */
export function createInstanceLoaders(db: Database, scope: Scope) {
  return {
    /** Deleted instances are found too. */
    instance: createRowLoader(async (ids) => {
      const rows = await loadInstances(db, scope, ids);
      return new Map(rows.map((row) => [row.id, row]));
    }),
  };
}
export type InstanceLoaders = ReturnType<typeof createInstanceLoaders>;
