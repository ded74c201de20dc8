import { createHash } from "node:crypto";
import { and, eq, gt, inArray, lte, or } from "drizzle-orm";
import { recordAudit } from "../audit/record-audit.js";
import type { Transaction } from "../db/client.js";
import { instances, operations, snapshots } from "../db/tables/index.js";
import { invalidInput, notFound } from "../errors.js";
import { toGlobalId } from "../ids.js";
import type { InstanceRow } from "../instances/instances.queries.js";
import { longestName } from "../instances/placement.js";
import type { Viewer } from "../projects/viewer.js";
import { insertOperations } from "./insert-operations.js";
import type { ActionContext, ActionError, ActionResult, OperationRow } from "./action.js";

export { operationQueue } from "./insert-operations.js";

export const unfinished = ["QUEUED", "RUNNING", "CANCELING"] as const;

export type NewOperation = Pick<typeof operations.$inferInsert, "id" | "kind" | "instanceId" | "exclusive"> &
  Partial<Pick<typeof operations.$inferInsert, "snapshotId" | "sourceSnapshotId" | "bytesTotal" | "details">>;

/** Thrown inside a request's transaction to roll it back and answer these errors. */
class Refusal extends Error {
  constructor(readonly error: ActionError) {
    super(error.message);
  }
}

export function refuse(error: ActionError): never {
  throw new Refusal(error);
}

export interface Request {
  /** The mutation's name, part of what an idempotency key is compared with. */
  readonly action: string;
  readonly viewer: Viewer;
  readonly idempotencyKey?: string | null;
  /** The input without its key. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Runs `decide` in one transaction, which locks facts, refuses, or inserts rows and returns the operation
 * to record; then operation and job are committed together. The same idempotency key answers the first
 * operation again, and with another input a conflict, also when both arrive at once.
 */
export async function requestOperation(
  context: ActionContext,
  request: Request,
  decide: (tx: Transaction, now: Date) => Promise<NewOperation>,
): Promise<ActionResult> {
  const key = request.idempotencyKey ?? undefined;
  if (key !== undefined && (key.length < 1 || key.length > 255)) {
    return failed(invalidInput("An idempotency key has 1 to 255 characters.", "input", "idempotencyKey"));
  }
  const requestSha256 = createHash("sha256")
    .update(
      JSON.stringify([request.action, Object.entries(request.input).sort(([a], [b]) => (a < b ? -1 : 1))]),
    )
    .digest("hex");
  const replay = async (): Promise<ActionResult | undefined> => {
    if (key === undefined) return undefined;
    const [original] = await context.db
      .select()
      .from(operations)
      .where(and(ofKey(request.viewer, key), gt(operations.createdAt, keysSince(context))));
    if (!original) return undefined;
    if (original.requestSha256 === requestSha256) return { operation: original, replayed: true, errors: [] };
    const message = "This idempotency key was used with another request; use a new key for a new request.";
    return failed({ kind: "IdempotencyConflict", message, path: ["input", "idempotencyKey"], original });
  };

  const earlier = await replay();
  if (earlier) return earlier;
  try {
    const operation = await context.db.transaction(async (tx) => {
      const now = context.clock.now();
      const fresh = await decide(tx, now);
      if (key !== undefined) await forgetKey(tx, request.viewer, key, keysSince(context));
      const { projectId, keyName: requestedBy } = request.viewer;
      const recorded = { ...fresh, projectId, requestedBy, idempotencyKey: key, requestSha256 };
      const [row] = await insertOperations(tx, context, [recorded], now);
      await recordAudit(tx, request.viewer, now, describeStart(request.action, recorded));
      return row as OperationRow;
    });
    return { operation, replayed: false, errors: [] };
  } catch (error) {
    // The twin of a request that arrived at the same moment meets its operation: as busy, or as the key's owner.
    const twin = error instanceof Refusal || isUniqueViolation(error, "operations_one_per_idempotency_key");
    const winner = twin ? await replay() : undefined;
    if (winner) return winner;
    if (error instanceof Refusal) return failed(error.error);
    throw error;
  }
}

/** Acted upon is what changes: the instance, or for a file that is made of it, the snapshot. */
function describeStart(action: string, { id, kind, instanceId, sourceSnapshotId }: NewOperation) {
  const file = kind === "EXPORT" && sourceSnapshotId;
  const objectId = file ? toGlobalId("snapshot", file) : toGlobalId("instance", instanceId);
  return { action, objectId, operationId: toGlobalId("operation", id) };
}

/** So long a key stands for the request that it came with first. */
const keyLifetimeMs = 24 * 3_600_000;

const keysSince = ({ clock }: ActionContext) => new Date(clock.now().getTime() - keyLifetimeMs);
const ofKey = ({ projectId }: Viewer, key: string) =>
  and(eq(operations.projectId, projectId), eq(operations.idempotencyKey, key));

/** Takes an outlived key from the operation that it started, so that it may start another. */
async function forgetKey(tx: Transaction, viewer: Viewer, key: string, since: Date): Promise<void> {
  await tx
    .update(operations)
    .set({ idempotencyKey: null })
    .where(and(ofKey(viewer, key), lte(operations.createdAt, since)));
}

export const failed = (error: ActionError): ActionResult => ({ replayed: false, errors: [error] });

function isUniqueViolation(error: unknown, constraint: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (
      (at as { code?: string }).code === "23505" &&
      (at as { constraint?: string }).constraint === constraint
    )
      return true;
  }
  return false;
}

/** Locks an instance of the viewer's project, so that whatever is decided about it stays true until the commit. */
export async function lockInstance(
  tx: Transaction,
  viewer: Viewer,
  instanceId: string,
  ...path: string[]
): Promise<InstanceRow> {
  const row = await lockWhetherDeleted(tx, viewer, instanceId);
  if (!row || row.deletedAt) refuse(notFound("There is no such instance.", ...path));
  return row;
}

/** As `lockInstance`, for who has another answer for one that has been deleted. */
export async function lockWhetherDeleted(
  tx: Transaction,
  viewer: Viewer,
  instanceId: string,
): Promise<InstanceRow | undefined> {
  const own = and(eq(instances.projectId, viewer.projectId), eq(instances.id, instanceId));
  return (await tx.select().from(instances).where(own).for("update"))[0];
}

/**
 * Refuses while another operation that touches the instance's data is unfinished (`any`: whatever operation on it,
 * and whatever reads one of its snapshots).
 */
export async function refuseIfBusy(
  tx: Transaction,
  instanceId: string,
  path: string[],
  any = false,
): Promise<void> {
  const ofIt = tx.select({ id: snapshots.id }).from(snapshots).where(eq(snapshots.instanceId, instanceId));
  const [blocking] = await tx
    .select()
    .from(operations)
    .where(
      and(
        inArray(operations.status, [...unfinished]),
        any
          ? or(eq(operations.instanceId, instanceId), inArray(operations.sourceSnapshotId, ofIt))
          : and(eq(operations.instanceId, instanceId), eq(operations.exclusive, true)),
      ),
    )
    .limit(1);
  if (!blocking) return;
  const message = "Another operation is at work on this instance; wait for it to finish, or cancel it.";
  refuse({ kind: "InstanceBusy", message, path, blocking });
}

/** A name as instances and snapshots have them: 1 to 100 characters, not only blanks. */
export function checkName(name: string, ...path: string[]): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > longestName)
    refuse(invalidInput(`A name has 1 to ${longestName} characters.`, ...path));
  return trimmed;
}
