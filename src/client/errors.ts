/** One GraphQL error as the service sends it. */
export interface ReportedError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>> & {
    readonly code?: string;
    /** Stands in the service's log beside what went wrong; name it when you ask for help. */
    readonly requestId?: string;
  };
}

/** The service refused or failed to answer; `code` is the first error's, such as UNAUTHENTICATED. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string | undefined;

  constructor(
    readonly errors: readonly ReportedError[],
    /** The HTTP status; undefined over a WebSocket. */
    readonly status?: number,
  ) {
    super(errors.map((error) => error.message).join("; ") || `The service answered with status ${status}.`);
    this.code = errors[0]?.extensions?.code;
  }
}

/** The connection could not be had, or was lost for good. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  constructor(
    message: string,
    /** The WebSocket's close code, if it came to one; 4403: the key is not accepted. */
    readonly closeCode?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One reason of a mutation that did nothing; its type says what more there is to it. */
export interface Refusal {
  readonly __typename: string;
  readonly message: string;
  readonly path: readonly string[];
}

/** A mutation did nothing, for the reasons in `errors`: data that a program may decide upon. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";

  constructor(readonly errors: readonly Refusal[]) {
    super(errors.map((error) => error.message).join("; "));
  }
}

/** The payload with its operation, or a RefusedError that holds the payload's errors. */
export function granted<Payload extends { operation: unknown; errors: readonly Refusal[] }>(
  payload: Payload,
): Payload & { operation: NonNullable<Payload["operation"]> } {
  if (payload.operation == null) throw new RefusedError(payload.errors);
  return payload as Payload & { operation: NonNullable<Payload["operation"]> };
}
