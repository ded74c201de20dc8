import { createRowLoader } from "../db/connection-loader.js";
import type { Database } from "../db/client.js";
import type { Scope } from "../projects/viewer.js";
import { loadInstances } from "./instances.queries.js";

export interface InstanceLoaderContext {
  readonly db: Database;
  readonly scope: Scope;
}

export const instanceLoaders = {
  /** Deleted instances are found too. */
  instance: ({ db, scope }: InstanceLoaderContext) => createRowLoader((ids) => loadInstances(db, scope, ids)),
};
