import { HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import { OperationTypeNode, type DocumentNode, type ExecutionResult, type GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";
import { longestKept, weightOf } from "../kept-documents.js";
import { countUnfolded } from "./unfolded-fields.js";

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

/** Texts that are remembered, and the fields that have been compiled for them; so much of their trees counts as a field. */
const keptTexts = 1000;
const mostKept = 20_000;
const weightOfField = 2048;
/** A field takes the compiler up to a millisecond, wherever its fragment is spread; meanwhile nobody is answered. */
const mostFields = 300;

/** What is known of a text. */
interface Known {
  readonly document: DocumentNode;
  /** By an operation's own name: how often it has come, until it is compiled or cannot be. */
  readonly operations: Map<string | undefined, number | Compiled | undefined>;
  /** By the name that was asked for, which may be none. */
  readonly ready: Map<string | undefined, ReadyQuery>;
  /** Of its compiled operations. */
  readonly fields: number;
}

/**
 * Runs queries as compiled functions instead of walking their documents at every request. A document is compiled when it has come
 * `compileAfter` times before: one that comes once is not worth it. What it does not take goes through graphql-js:
 * mutations, what cannot be compiled, what unfolds to very many fields, and every result with an error, which is
 * executed once more (from the loaders' memory), so that errors are always graphql-js's own.
 * `time` is told for whom the process was busy with compiling.
 */
export function createCompiledExecution<Context extends object>(
  schema: GraphQLSchema,
  compileAfter: number,
  time?: { begin(): number; end(context: Context, begun: number): void },
  keptFields = mostKept,
): CompiledExecution<Context> {
  const known = new LRUCache<string, Known>({
    max: keptTexts,
    maxSize: keptFields,
    sizeCalculation: ({ document, fields }) => 1 + fields + Math.floor(weightOf(document) / weightOfField),
  });

  function recall(text: string, document: DocumentNode): Known {
    const found = known.get(text);
    if (found) return found;
    const fresh: Known = { document, operations: new Map(), ready: new Map(), fields: 0 };
    known.set(text, fresh);
    return fresh;
  }

  /** The operation's function, once it has come often enough. */
  async function find(
    text: string,
    entry: Known,
    name: string | undefined,
    context: Context,
  ): Promise<Compiled | undefined> {
    const found = entry.operations.has(name) ? entry.operations.get(name) : 0;
    if (typeof found !== "number") return found;
    if (found < compileAfter) {
      entry.operations.set(name, found + 1);
      return undefined;
    }
    const fields = countUnfolded(entry.document, name);
    if (fields > mostFields) {
      entry.operations.set(name, undefined);
      return undefined;
    }
    await loadCompiler();
    const begun = time?.begin() ?? 0;
    const compiled = await compile(schema, entry.document, name);
    time?.end(context, begun);
    entry.operations.set(name, compiled);
    // Weighed anew: what it was found by may have been forgotten meanwhile.
    known.set(text, { ...entry, fields: (known.peek(text)?.fields ?? 0) + fields });
    return compiled;
  }

  const plugin: ApolloServerPlugin<Context> = {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ document, operation, operationName, request, contextValue, source }) {
          // Apollo asks this also where the document has no such operation, which execution tells.
          if ((operation as typeof operation | undefined)?.operation !== OperationTypeNode.QUERY) return null;
          if (source.length > longestKept) return null;
          const entry = recall(source, document);
          const run = await find(source, entry, operationName ?? undefined, contextValue);
          if (!run) return null;
          entry.ready.set(request.operationName ?? undefined, { document: entry.document, run });
          const { data, errors } = await run(undefined, contextValue, request.variables ?? {});
          if (errors) return null;
          return {
            http: { status: undefined, headers: new HeaderMap() },
            body: { kind: "single", singleResult: { data: data ?? null } },
          };
        },
      }),
  };
  return { plugin, find: (text, operationName) => known.get(text)?.ready.get(operationName) };
}

/** It is loaded when there is something to compile: a start is sooner over. */
const loadCompiler = () => import("graphql-jit");

/** Undefined where it cannot be compiled. */
export async function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Promise<Compiled | undefined> {
  const { compileQuery, isCompiledQuery } = await loadCompiler();
  try {
    // Columns and types have seen to what enums and the plain scalars hold; instants and large numbers are still put into words.
    const compiled = compileQuery(schema, document, operationName, { disableLeafSerialization: true });
    return isCompiledQuery(compiled) ? compiled.query : undefined;
  } catch {
    return undefined;
  }
}
