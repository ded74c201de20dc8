import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";

/** The argument by which a client says what it has seen: of whatever has it, what is told has a revision. */
const startArgument = "afterRevision";

type Variables = ExecutionArgs["variableValues"];

export interface Start {
  /** With the start taken out, so that they are the same for clients that begin elsewhere. */
  readonly variables: Variables;
  /** What the client has seen. */
  readonly revision: number;
}

/**
 * Where a client begins, apart from what it asks for. Only what comes as a variable is taken out: the rest is part
 * of the document, and the field itself heeds it. So it does with values that are no Int, to refuse them.
 */
export function takeStart({ document, operationName, variableValues: variables }: ExecutionArgs): Start {
  const operation = getOperationAST(document, operationName);
  const name = operation && startVariable(document, operation);
  const revision = name ? variables?.[name] : undefined;
  if (!name || typeof revision !== "number" || (revision | 0) !== revision)
    return { variables, revision: -Infinity };
  return { variables: { ...variables, [name]: 0 }, revision };
}

/** The variable that stands for the start, and for nothing else in the document. */
function startVariable(document: DocumentNode, operation: OperationDefinitionNode): string | undefined {
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return undefined;
  const value = field.arguments?.find((argument) => argument.name.value === startArgument)?.value;
  if (value?.kind !== Kind.VARIABLE) return undefined;
  const name = value.name.value;
  let mentions = 0;
  visit(document, {
    Variable(variable) {
      if (variable.name.value === name) mentions++;
    },
  });
  // Where it is declared, and where it is used.
  return mentions === 2 ? name : undefined;
}
