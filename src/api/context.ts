import { GraphQLError } from "graphql";
import { auditLoaders } from "../audit/audit.loader.js";
import type { Clock } from "../clock.js";
import type { Database } from "../db/client.js";
import { lazyLoaders } from "../db/connection-loader.js";
import type { Role } from "../db/enums.js";
import type { TenantDatabases } from "../db/tenant-databases.js";
import type { EventBus } from "../events/event-bus.js";
import type { NewId } from "../ids.js";
import { instanceLoaders } from "../instances/instance.loader.js";
import { operationLoaders } from "../operations/operation.loader.js";
import { snapshotLoaders } from "../snapshots/snapshot.loader.js";
import type { Location } from "../instances/placement.js";
import type { ActionResult } from "../operations/action.js";
import { apiKeyLoaders } from "../projects/api-key.loader.js";
import type { AuthenticationError } from "../projects/authentication-error.js";
import type { Viewer } from "../projects/viewer.js";
import type { RetentionTable } from "../snapshots/retention.js";
import type { Metrics } from "../telemetry/metrics.js";
import { webhookLoaders } from "../webhooks/webhook.loader.js";
import type { WebhookParts } from "../webhooks/webhook-context.js";
import type { Identity } from "./identify.js";

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
  /** The edge has no other way to the database than a project's. */
  readonly tenants: Pick<TenantDatabases, "open">;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: (size: number) => Buffer;
  readonly metrics: Metrics;
  readonly newRequestId: () => string;
  /** For what goes wrong beside an answer. */
  readonly logError: (error: unknown, requestId: string) => void;
  readonly policy: RetentionTable;
  readonly locations: readonly Location[];
  /** Snapshots that a project may hold at a time. */
  readonly maxHolds: number;
  readonly publicUrl: string;
  readonly webhooks: WebhookParts;
  readonly downloadKey: Uint8Array;
  /** The use cases on a project's database. */
  readonly actionsOn: (db: Database) => Readonly<Record<ActionName, Action>>;
}

/** No project has this id: what a request without a key may see is nothing. */
const noProject = "00000000-0000-0000-0000-000000000000";

const createLoaders = lazyLoaders({
  ...apiKeyLoaders,
  ...auditLoaders,
  ...webhookLoaders,
  ...instanceLoaders,
  ...snapshotLoaders,
  ...operationLoaders,
});

/** One per request; `now` is one instant for all that the request computes. */
export interface Context extends EdgeParts, Identity {
  /** As the viewer's project sees it; empty for nobody. */
  readonly db: Database;
  readonly now: Date;
  readonly loaders: ReturnType<typeof createLoaders>;
  readonly actions: Readonly<Record<ActionName, Action>>;
  /** Of the header `Idempotency-Key`: counts for inputs that bring none of their own. */
  readonly idempotencyKey?: string | undefined;
}

type ContextClass = new (identity: Identity, idempotencyKey: string | undefined) => Context;

/**
 * What is a request's own. The parts are not copied, they stand behind the class as its prototype. A class, because an object
 * literal with accessors has a shape of its own each time, which V8 keeps, with all that the request held, until its next full
 * garbage collection.
 */
function contextClass(parts: EdgeParts): ContextClass {
  class RequestContext {
    readonly viewer;
    readonly refusal;
    readonly address;
    readonly db;
    readonly now = parts.clock.now();
    private made: Context["loaders"] | undefined;

    constructor(
      { viewer, refusal, address }: Identity,
      readonly idempotencyKey: string | undefined,
    ) {
      this.viewer = viewer;
      this.refusal = refusal;
      this.address = address;
      this.db = parts.tenants.open(viewer?.projectId ?? noProject);
    }
    // A socket that joins others in what they follow reads nothing.
    get loaders() {
      const { db, viewer, now } = this;
      return (this.made ??= createLoaders({
        db,
        viewer,
        scope: { projectId: viewer?.projectId ?? noProject },
        now,
      }));
    }
    // Most requests read.
    get actions() {
      return parts.actionsOn(this.db);
    }
  }
  Object.setPrototypeOf(RequestContext.prototype, parts);
  return RequestContext as unknown as ContextClass;
}

const classes = new WeakMap<EdgeParts, ContextClass>();

export function createContext(
  parts: EdgeParts,
  identity: Identity,
  { idempotencyKey }: Pick<Context, "idempotencyKey"> = {},
): Context {
  const known = classes.get(parts);
  const Class = known ?? contextClass(parts);
  if (!known) classes.set(parts, Class);
  return new Class(identity, idempotencyKey);
}

/** The same request, of a viewer about whom more is known. */
export const withViewer = (context: Context, viewer: Viewer): Context =>
  ({ __proto__: context, viewer }) as unknown as Context;

const order: readonly Role[] = ["VIEWER", "MEMBER", "ADMIN"];

/** The viewer, if the role suffices; throws UNAUTHENTICATED (with the reason) or FORBIDDEN. */
export function requireRole(context: Context, role: Role): Viewer {
  const { viewer, refusal } = context;
  if (!viewer) throw unauthenticated(refusal);
  if (order.indexOf(viewer.role) < order.indexOf(role))
    throw new GraphQLError(`This needs the role ${role}; the key has ${viewer.role}.`, {
      extensions: { code: "FORBIDDEN" },
    });
  return viewer;
}

function unauthenticated(refusal: AuthenticationError | undefined): GraphQLError {
  const message = refusal?.message ?? "Send an API key: Authorization: Bearer <key>.";
  const reason = refusal?.reason ?? "NO_CREDENTIALS";
  const [code, status] =
    reason === "PROVIDER_UNAVAILABLE" ? ["SERVICE_UNAVAILABLE", 503] : ["UNAUTHENTICATED", 401];
  return new GraphQLError(message, { extensions: { code, reason, http: { status } } });
}
