import type { EdgeParts } from "../api/context.js";
import type { ActionContext } from "../operations/action.js";
import { requestCancel } from "../operations/request-cancel.js";
import { requestCreateInstance } from "../operations/request-create-instance.js";
import { requestDeleteInstance } from "../operations/request-delete-instance.js";
import {
  requestCreateFromSnapshot,
  requestExport,
  requestRestore,
} from "../operations/request-from-snapshot.js";
import { requestTakeSnapshot } from "../operations/request-take-snapshot.js";

/** The use cases that start or stop work, bound to their surroundings: what the mutations call. */
export function createActions(context: ActionContext): ReturnType<EdgeParts["actionsOn"]> {
  return {
    createInstance: (viewer, input) => requestCreateInstance(context, viewer, input),
    deleteInstance: (viewer, input) => requestDeleteInstance(context, viewer, input),
    takeSnapshot: (viewer, input) => requestTakeSnapshot(context, viewer, input),
    restoreSnapshot: (viewer, input) => requestRestore(context, viewer, input),
    exportSnapshot: (viewer, input) => requestExport(context, viewer, input),
    createInstanceFromSnapshot: (viewer, input) => requestCreateFromSnapshot(context, viewer, input),
    cancelOperation: (viewer, input) => requestCancel(context, viewer, input),
  };
}
