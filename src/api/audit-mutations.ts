import { GraphQLError } from "graphql";
import { recordAudit, type AuditEntry } from "../audit/record-audit.js";
import type { AuditOutcome } from "../db/enums.js";
import { withViewer, type Context } from "./context.js";

interface Answer {
  readonly errors?: readonly { readonly kind: string }[];
  readonly replayed?: boolean;
}

/**
 * Runs a mutation so that the audit log knows of it whatever becomes of it. What was granted is recorded by its use case
 * in the transaction that makes it true; what was refused or failed has none and is recorded here, afterwards.
 * Requests without a viewer belong to no project's log.
 */
export async function auditMutation(
  context: Context,
  action: string,
  args: Record<string, unknown>,
  run: (context: Context) => unknown,
): Promise<unknown> {
  if (!context.viewer) return run(context);
  const mutation = { recorded: false };
  const viewer = { ...context.viewer, mutation };
  const record = (outcome: AuditOutcome, reason?: string) => {
    const entry: AuditEntry = { action, outcome, reason, objectId: objectOf(args) };
    return recordAudit(context.db, viewer, context.clock.now(), entry);
  };
  let answer: Answer | undefined;
  try {
    answer = (await run(withViewer(context, viewer))) as Answer | undefined;
  } catch (error) {
    const code = error instanceof GraphQLError ? String(error.extensions["code"]) : "INTERNAL_SERVER_ERROR";
    // Where the database is what failed, the first error says more to the client than the second would.
    await record(code === "INTERNAL_SERVER_ERROR" ? "FAILED" : "REFUSED", code).catch((cause: unknown) =>
      context.logError(
        new Error(`${action} was not recorded in the audit log`, { cause }),
        context.newRequestId(),
      ),
    );
    throw error;
  }
  const refused = answer?.errors ?? [];
  if (refused.length > 0) await record("REFUSED", refused.map((error) => `${error.kind}Error`).join(" "));
  else if (!mutation.recorded) await record(answer?.replayed ? "REPLAYED" : "GRANTED");
  return answer;
}

/** What the client named: the one id in the input. Kept short, and free of what Postgres takes for no text, since it may be anything. */
function objectOf(args: Record<string, unknown>): string | undefined {
  const input = (args["input"] ?? args) as Record<string, unknown>;
  const id = Object.entries(input).find(
    ([name, value]) => /Id$|^id$/.test(name) && typeof value === "string",
  );
  return (id?.[1] as string | undefined)?.slice(0, 100).replaceAll(/\p{Cc}/gu, "\ufffd");
}
