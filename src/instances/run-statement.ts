import type { Queryable } from "../db/client.js";
import {
  type CallOptions,
  type Engine,
  EngineError,
  type QueryResult,
  type Statement,
} from "../engines/engine.js";
import type { Scope } from "../projects/viewer.js";
import { findInstance } from "./instances.queries.js";

/** Switches that one statement follows before it gives up. */
const mostMoves = 5;

/** What a statement meets on a generation that is no longer live; it has changed nothing then. */
const movedCodes: ReadonlySet<string> = new Set(["MOVED", "NOT_FOUND", "UNAVAILABLE"]);

/**
 * Runs a statement on an instance's live generation. A write is acknowledged only after its generation is seen
 * to be live still, when the write is durable: a restore that switched in between has replaced that data,
 * so the write runs again on the new generation. Throws EngineError; NOT_FOUND where the scope has no such instance.
 */
export async function runStatement(
  context: { readonly db: Queryable; engine(name: string): Engine },
  scope: Scope,
  instanceId: string,
  statement: Statement,
  options: CallOptions = {},
): Promise<QueryResult> {
  for (let move = 0; move < mostMoves; move++) {
    const instance = await findInstance(context.db, scope, instanceId);
    if (!instance || instance.status === "DELETING")
      throw new EngineError("NOT_FOUND", "There is no such instance.");
    if (instance.generation === 0) {
      throw new EngineError(
        "UNAVAILABLE",
        `The instance is ${instance.status}; it has no data to query yet.`,
      );
    }
    const generation = { instanceId, number: instance.generation, version: instance.version };
    const isLive = async () =>
      (await findInstance(context.db, scope, instanceId))?.generation === generation.number;
    try {
      const result = await context.engine(instance.engine).query(generation, statement, options);
      if (!result.wrote || (await isLive())) return result;
    } catch (error) {
      const unchanged = error instanceof EngineError && !error.outcomeUnknown;
      if (!unchanged || !movedCodes.has(error.code) || (await isLive())) throw error;
    }
  }
  throw new EngineError("UNAVAILABLE", "The instance was restored again and again meanwhile; retry.");
}
