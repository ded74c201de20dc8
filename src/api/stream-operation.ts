import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
} from "graphql";
import type { Context } from "./context.js";
import type { createDocuments } from "./documents.js";
import type { ErrorFormat } from "./format-errors.js";
import type { Identity } from "./identify.js";
import type { Viewer } from "../projects/viewer.js";
import type { PlacesForLarge } from "./read-body.js";
import {
  readingCost,
  type Admission,
  type Admit,
  type ChargeReading,
  type ChargeTime,
} from "./limits/admission.js";
import { declaredVariables } from "./limits/admit-variables.js";
import {
  findDocument,
  persistedHash,
  type DocumentParams,
  type TrustedDocuments,
} from "./trusted-documents.js";

export interface OperationParams extends DocumentParams {
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
}

/** What transports need, with and without Apollo Server, to run operations under the same rules. */
export interface StreamParts {
  readonly schema: GraphQLSchema;
  readonly documents: ReturnType<typeof createDocuments>;
  readonly chargeReading: ChargeReading;
  readonly time: ChargeTime;
  readonly admit: Admit;
  readonly errors: ErrorFormat;
  /** Bytes that a subscription's request may have: all of it is kept until it ends. */
  readonly keptBytes: number;
  readonly trusted: TrustedDocuments | undefined;
  /** For the large bodies of a viewer's key. */
  readonly placesOf: (viewer: Viewer) => PlacesForLarge;
}

/** An operation that may run, and how its results are told. */
export interface Operation {
  readonly args: ExecutionArgs & { contextValue: Context };
  /** Errors as clients see them, and the cost. */
  present(result: ExecutionResult): FormattedExecutionResult;
}

/**
 * Parses, validates and admits an operation that came in so many bytes, and whose reading has been charged; the errors
 * where it may not run.
 */
export function prepareOperation(
  parts: StreamParts,
  contextValue: Context,
  params: OperationParams,
  bytes: number,
): Operation | readonly GraphQLError[] {
  let admission: Admission | undefined;
  try {
    const text = findDocument(parts.trusted, params) ?? params.query;
    if (!text && persistedHash(params) !== undefined) return [notPersisted()];
    if (typeof text !== "string") return [badRequest("Send the document as `query`.")];
    const document = parts.time.during(contextValue, () => parts.documents(text));
    if (Array.isArray(document)) return document as readonly GraphQLError[];
    const parsed = document as Exclude<typeof document, readonly GraphQLError[]>;
    const { operationName, variables } = params;
    const operation = getOperationAST(parsed, operationName);
    if (!operation) return [noOperation(operationName)];
    // A subscription is charged once, for its first event: what comes later is the same for all who listen.
    const event = operation.operation === OperationTypeNode.SUBSCRIPTION;
    if (event && bytes > parts.keptBytes) return [tooLarge(bytes, parts.keptBytes)];
    const variableValues = declaredVariables(operation, variables);
    admission = parts.admit(contextValue, parsed, operationName, variableValues, readingCost);
    const { schema } = parts;
    return {
      args: { schema, document: parsed, operationName, variableValues, contextValue },
      present: (result) => {
        const errors = result.errors && { errors: presentErrors(parts, result.errors) };
        const cost = admission && !event && { cost: admission.settle(result).cost };
        return { ...result, ...errors, ...(cost && { extensions: { ...result.extensions, ...cost } }) };
      },
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Charges what it costs to read a request, whatever it turns out to be; RATE_LIMITED where that is too much. */
export function charge(
  { chargeReading }: Pick<StreamParts, "chargeReading">,
  identity: Identity,
): GraphQLError | undefined {
  try {
    chargeReading(identity);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** In Apollo's words, on which its clients send the document itself. Nothing is registered but over HTTP. */
const notPersisted = () =>
  new GraphQLError("PersistedQueryNotSupported", { extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } });
const tooLarge = (found: number, allowed: number) =>
  new GraphQLError(
    `A subscription is kept as it was sent: in ${allowed} bytes at most, and this has ${found}.`,
    {
      extensions: { code: "SUBSCRIPTION_TOO_LARGE", found, allowed },
    },
  );
/** In graphql-js's words, and with Apollo's code. */
const noOperation = (name: string | null | undefined) =>
  new GraphQLError(
    name == null
      ? "Must provide operation name if query contains multiple operations."
      : `Unknown operation named "${name}".`,
    { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } },
  );
const badRequest = (message: string) => new GraphQLError(message, { extensions: { code: "BAD_REQUEST" } });

/** Errors as clients see them; what is meant for HTTP alone is left out. */
export function presentErrors(
  { errors }: Pick<StreamParts, "errors">,
  found: readonly GraphQLError[],
): readonly GraphQLFormattedError[] {
  return found.map((error) => {
    const formatted = errors.formatPlain(error);
    const { http: _, ...extensions } = formatted.extensions ?? {};
    return { ...formatted, extensions };
  });
}
