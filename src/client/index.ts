/** `daguerre/client`: typed documents, and a client that sends them. Runs in Node (22 on) and in browsers. */
export { createDaguerre, type CallOptions, type Daguerre, type DaguerreOptions } from "./client.js";
export {
  ConnectionError,
  granted,
  RefusedError,
  RequestError,
  type Refusal,
  type ReportedError,
} from "./errors.js";
export { OperationFailedError, type FollowOptions, type OperationState, type WaitOptions } from "./follow.js";
export * from "./generated/graphql.js";
