import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode, type DocumentNode, type ExecutionResult, type GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";

/** A query made into a function. */
type Compiled = (
  root: unknown,
  context: unknown,
  variables: Record<string, unknown>,
) => Promise<ExecutionResult> | ExecutionResult;

/** A query that has been parsed, found valid and compiled. */
export interface ReadyQuery {
  readonly document: DocumentNode;
  readonly run: Compiled;
}

export interface CompiledExecution<Context extends object> {
  readonly plugin: ApolloServerPlugin<Context>;
  /** By the text as it was sent. */
  readonly find: (text: string, operationName: string | undefined) => ReadyQuery | undefined;
}

const keptQueries = 1000;
const longestKept = 20_000;

/**
 * Runs queries as compiled functions instead of walking their documents at every request. With quick-answers.ts the fast
 * path: nothing else knows of it, and without it everything answers the same. A document is compiled when it has come `compileAfter`
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
  // By text, then by the name that was asked for: a key put together of both could mean two requests.
  const ready = new LRUCache<string, Map<string | undefined, ReadyQuery>>({ max: keptQueries });

  function keep(text: string, operationName: string | undefined, query: ReadyQuery): void {
    const operations = ready.get(text) ?? new Map<string | undefined, ReadyQuery>();
    operations.set(operationName, query);
    ready.set(text, operations);
  }

  async function find(
    document: DocumentNode,
    operationName: string | undefined,
  ): Promise<Compiled | undefined> {
    const operations = known.get(document) ?? new Map<string | undefined, Compiled | undefined | number>();
    known.set(document, operations);
    const found = operations.has(operationName) ? operations.get(operationName) : 0;
    if (typeof found !== "number") return found;
    if (found < compileAfter) {
      operations.set(operationName, found + 1);
      return undefined;
    }
    const compiled = await compile(schema, document, operationName);
    operations.set(operationName, compiled);
    return compiled;
  }

  const plugin: ApolloServerPlugin<Context> = {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ document, operation, operationName, request, contextValue, source }) {
          // Apollo asks this also where the document has no such operation, which execution tells.
          if ((operation as typeof operation | undefined)?.operation !== OperationTypeNode.QUERY) return null;
          const run = await find(document, operationName ?? undefined);
          if (!run) return null;
          if (source.length <= longestKept)
            keep(source, request.operationName ?? undefined, { document, run });
          const { data, errors } = await run(undefined, contextValue, request.variables ?? {});
          if (errors) return null;
          return {
            http: { status: undefined, headers: new HeaderMap() },
            body: { kind: "single", singleResult: { data: data ?? null } },
          };
        },
      }),
  };
  return { plugin, find: (text, operationName) => ready.get(text)?.get(operationName) };
}

/** Undefined where it cannot be compiled. The compiler is loaded when there is something to compile: a start is sooner over. */
export async function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Promise<Compiled | undefined> {
  const { compileQuery, isCompiledQuery } = await import("graphql-jit");
  try {
    // Columns and types have seen to what enums and the plain scalars hold; instants and large numbers are still put into words.
    const compiled = compileQuery(schema, document, operationName, { disableLeafSerialization: true });
    return isCompiledQuery(compiled) ? compiled.query : undefined;
  } catch {
    return undefined;
  }
}
