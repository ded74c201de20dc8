import { GraphQLError } from "graphql";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import type { Role } from "../db/enums.js";
import type { EventBus } from "../events/event-bus.js";
import { createInstanceLoaders } from "../instances/instance.loader.js";
import { createOperationLoaders } from "../operations/operation.loader.js";
import { createSnapshotLoaders } from "../snapshots/snapshot.loader.js";
import type { Location } from "../instances/placement.js";
import type { ActionResult } from "../operations/action.js";
import type { Viewer } from "../projects/viewer.js";
import type { RetentionTable } from "../snapshots/retention.js";

/** A use case bound to its surroundings; ids in the input are row ids. */
export type Action = (viewer: Viewer, input: never) => Promise<ActionResult>;
export type ActionName =
  | "createInstance"
  | "deleteInstance"
  | "takeSnapshot"
  | "restoreSnapshot"
  | "exportSnapshot"
  | "createInstanceFromSnapshot"
  | "cancelOperation";

/** What lives as long as the server. */
export interface EdgeParts {
  readonly db: Database;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly policy: RetentionTable;
  readonly locations: readonly Location[];
  readonly publicUrl: string;
  readonly downloadKey: Uint8Array;
  readonly actions: Readonly<Record<ActionName, Action>>;
}

function createLoaders(parts: EdgeParts, projectId: string, now: Date) {
  const scope = { projectId };
  return {
    ...createInstanceLoaders(parts.db, scope),
    ...createSnapshotLoaders(parts.db, scope, now),
    ...createOperationLoaders(parts.db, scope),
  };
}

/** No project has this id: what a request without a key may see is nothing. */
const noProject = "00000000-0000-0000-0000-000000000000";

/** One per request; `now` is one instant for all that the request computes. */
export interface Context extends EdgeParts {
  readonly viewer: Viewer | undefined;
  readonly now: Date;
  readonly loaders: ReturnType<typeof createLoaders>;
}

export function createContext(parts: EdgeParts, viewer: Viewer | undefined): Context {
  const now = parts.clock.now();
  return { ...parts, viewer, now, loaders: createLoaders(parts, viewer?.projectId ?? noProject, now) };
}

const order: readonly Role[] = ["VIEWER", "MEMBER", "ADMIN"];

/** The viewer, if the role suffices; throws UNAUTHENTICATED or FORBIDDEN. */
export function requireRole(context: Context, role: Role): Viewer {
  const { viewer } = context;
  if (!viewer)
    throw new GraphQLError("Send an API key: Authorization: Bearer <key>.", {
      extensions: { code: "UNAUTHENTICATED", http: { status: 401 } },
    });
  if (order.indexOf(viewer.role) < order.indexOf(role))
    throw new GraphQLError(`This needs the role ${role}; the key has ${viewer.role}.`, {
      extensions: { code: "FORBIDDEN" },
    });
  return viewer;
}
