import type { Database } from "../db/client.js";
import { createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Scope } from "../projects/viewer.js";
import * as queries from "./operations.queries.js";

/** One set per request. Pages are keyed by instance and page. */
export function createOperationLoaders(db: Database, scope: Scope) {
  return {
    operation: createRowLoader(async (ids) => {
      const rows = await queries.loadOperations(db, scope, ids);
      return new Map(rows.map((row) => [row.id, row]));
    }),
    activeOperation: createRowLoader((ids) => queries.loadActiveOperations(db, scope, ids)),
    operationOfSnapshot: createRowLoader((ids) => queries.loadOperationsOfSnapshots(db, scope, ids)),
    /** By operation: the file that an export made. */
    download: createRowLoader((ids) => queries.loadExports(db, scope, ids)),
    operationPage: createConnectionLoader((ids, page: PageRequest) =>
      queries.listOperationPages(db, scope, ids, page),
    ),
    operationCount: createRowLoader((ids) => queries.countOperations(db, scope, ids)),
  };
}
export type OperationLoaders = ReturnType<typeof createOperationLoaders>;
