import { ConnectionError } from "./errors.js";
import {
  OperationProgressDocument,
  type OperationStateFragment,
  type TypedDocumentString,
} from "./generated/graphql.js";

/** See Daguerre.subscribe. */
export type Subscribe = <Data, V>(
  document: TypedDocumentString<Data, V>,
  variables: V,
  options?: { readonly signal?: AbortSignal },
) => AsyncGenerator<Data, void, void>;

export type OperationState = OperationStateFragment;

export interface FollowOptions {
  /** The revision that the caller has seen: only later ones are told. */
  readonly afterRevision?: number;
  readonly signal?: AbortSignal;
}

export interface WaitOptions extends Pick<FollowOptions, "signal"> {
  readonly onChange?: (state: OperationState) => void;
}

/** The operation ended, and not in success: `operation.status` and `operation.failure` say how. */
export class OperationFailedError extends Error {
  override readonly name = "OperationFailedError";

  constructor(readonly operation: OperationState) {
    const { status, failure } = operation;
    super(failure ? `${failure.code}: ${failure.message}` : `The operation ended ${status}.`);
  }
}

export async function* followOperation(
  subscribe: Subscribe,
  operationId: string,
  options: FollowOptions = {},
): AsyncGenerator<OperationState, void, void> {
  let seen = options.afterRevision ?? 0;
  const variables = {
    operationId,
    // Read whenever the subscription is sent, so that after a lost connection it goes on where it stood.
    get afterRevision() {
      return seen;
    },
  };
  for await (const event of subscribe(OperationProgressDocument, variables, options)) {
    const state = event.operationProgress;
    if (state.revision <= seen) continue;
    seen = state.revision;
    yield state;
  }
}

export async function waitForOperation(
  subscribe: Subscribe,
  operationId: string,
  options: WaitOptions = {},
): Promise<OperationState> {
  let last: OperationState | undefined;
  for await (const state of followOperation(subscribe, operationId, options)) {
    last = state;
    options.onChange?.(state);
  }
  if (!last) throw new ConnectionError("The subscription ended without a state.");
  if (last.status !== "SUCCEEDED") throw new OperationFailedError(last);
  return last;
}
