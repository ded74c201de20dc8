import { AsyncLocalStorage } from "node:async_hooks";

/** What is known of the request, or the job, that code runs for, wherever it stands. */
export interface RequestScope {
  /** Told to the client, and on every line of the log. */
  readonly requestId: string;
}

const scopes = new AsyncLocalStorage<RequestScope>();

export const runInScope = <Result>(scope: RequestScope, work: () => Result): Result =>
  scopes.run(scope, work);

/** Undefined outside of any request. */
export const currentRequestId = (): string | undefined => scopes.getStore()?.requestId;

/** A client's own id for its request, where it is one that may stand in a log; otherwise a new one. */
export const acceptRequestId = (given: unknown, newId: () => string): string =>
  typeof given === "string" && /^[\w.-]{8,64}$/.test(given) ? given : newId();
