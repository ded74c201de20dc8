import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import {
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";

/** A query made into a function, and the serialiser that its shape allows; neither where it cannot be compiled. */
interface Compiled {
  readonly query: (
    root: unknown,
    context: unknown,
    variables: unknown,
  ) => Promise<ExecutionResult> | ExecutionResult;
  readonly stringify: (result: { data: unknown }) => string;
}

export interface CompiledExecution<Context extends object> {
  readonly plugin: ApolloServerPlugin<Context>;
  /** In place of JSON.stringify, for Apollo's `stringifyResult`. */
  readonly stringify: (result: FormattedExecutionResult) => string;
}

/**
 * Runs queries as compiled functions instead of walking their documents at every request. The door to the fast path:
 * nothing else knows of it, and without it everything answers the same. A document is compiled when it has come `compileAfter`
 * times before: one that comes once is not worth it. What it does not take goes through graphql-js:
 * mutations, what cannot be compiled, and every result with an error, which is
 * executed once more (from the loaders' memory), so that errors are always graphql-js's own.
 */
export function createCompiledExecution<Context extends object>(
  schema: GraphQLSchema,
  compileAfter: number,
): CompiledExecution<Context> {
  // Apollo keeps parsed documents in an LRU; what is compiled lives and dies with them.
  const known = new WeakMap<DocumentNode, Map<string | undefined, Compiled | undefined | number>>();
  const serialisers = new WeakMap<object, Compiled["stringify"]>();

  function find(document: DocumentNode, operationName: string | undefined): Compiled | undefined {
    const operations = known.get(document) ?? new Map<string | undefined, Compiled | undefined | number>();
    known.set(document, operations);
    const found = operations.has(operationName) ? operations.get(operationName) : 0;
    if (typeof found !== "number") return found;
    if (found < compileAfter) {
      operations.set(operationName, found + 1);
      return undefined;
    }
    const compiled = compile(schema, document, operationName);
    operations.set(operationName, compiled);
    return compiled;
  }

  return {
    plugin: {
      requestDidStart: () =>
        Promise.resolve({
          async responseForOperation({ document, operation, operationName, request, contextValue }) {
            if (operation.operation !== OperationTypeNode.QUERY) return null;
            const compiled = find(document, operationName ?? undefined);
            if (!compiled) return null;
            const result = await compiled.query(undefined, contextValue, request.variables ?? {});
            if (result.errors) return null;
            const data = result.data ?? null;
            if (data) serialisers.set(data, compiled.stringify);
            return {
              http: { status: undefined, headers: new HeaderMap() },
              body: { kind: "single", singleResult: { data } },
            };
          },
        }),
    },
    stringify(result) {
      const { data, errors, extensions } = result;
      const serialise = !errors && data ? serialisers.get(data) : undefined;
      if (!serialise) return `${JSON.stringify(result)}\n`;
      const text = serialise({ data });
      return extensions ? `${text.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}\n` : `${text}\n`;
    },
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Compiled | undefined {
  try {
    const compiled = compileQuery(schema, document, operationName, { customJSONSerializer: true });
    return isCompiledQuery(compiled) ? (compiled as unknown as Compiled) : undefined;
  } catch {
    return undefined;
  }
}
