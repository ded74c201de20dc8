import type { OperationRow } from "./action.js";

const sealed = new Set(["SWITCHING", "FINISHING", "DONE"]);

/** Whether it can still be undone: not once the switch has begun, not when it has ended, and no deletion under way. */
export function isCancelable(operation: Pick<OperationRow, "status" | "phase" | "kind">): boolean {
  if (operation.status === "QUEUED") return true;
  return (
    operation.status === "RUNNING" && operation.kind !== "DELETE_INSTANCE" && !sealed.has(operation.phase)
  );
}
