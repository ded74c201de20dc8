import type { Database } from "../db/client.js";
import { createConnectionLoader, createRowLoader } from "../db/connection-loader.js";
import type { PageRequest } from "../db/page.js";
import type { Scope } from "../projects/viewer.js";
import * as queries from "./operations.queries.js";

export interface OperationLoaderContext {
  readonly db: Database;
  readonly scope: Scope;
}

/** Pages are keyed by instance and page. */
export const operationLoaders = {
  operation: ({ db, scope }: OperationLoaderContext) =>
    createRowLoader((ids) => queries.loadOperations(db, scope, ids)),
  activeOperation: ({ db, scope }: OperationLoaderContext) =>
    createRowLoader((ids) => queries.loadActiveOperations(db, scope, ids)),
  operationOfSnapshot: ({ db, scope }: OperationLoaderContext) =>
    createRowLoader((ids) => queries.loadOperationsOfSnapshots(db, scope, ids)),
  /** By operation: the file that an export made. */
  download: ({ db, scope }: OperationLoaderContext) =>
    createRowLoader((ids) => queries.loadExports(db, scope, ids)),
  operationPage: ({ db, scope }: OperationLoaderContext) =>
    createConnectionLoader((ids, page: PageRequest) => queries.listOperationPages(db, scope, ids, page)),
  operationCount: ({ db, scope }: OperationLoaderContext) =>
    createRowLoader((ids) => queries.countOperations(db, scope, ids)),
};
