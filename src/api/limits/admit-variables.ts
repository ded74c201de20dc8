import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
} from "graphql";
import type { Admit } from "./admission.js";
import { createVariableReader, ownValue } from "./read-arguments.js";

export type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** What an operation declares of what was sent: the rest changes no answer, and is neither kept nor compared. */
export function declaredVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): Record<string, unknown> {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  // Not by assignment: a variable may be called `__proto__`.
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables ?? {}, name)).map((name) => [name, variables?.[name]]),
  );
}

/** Nothing that the schema takes is nested as deeply. */
const mostLevels = 32;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));

const refused = (message: string) =>
  new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT", http: { status: 400 } } });

/**
 * Refuses before anything runs what those who execute do not tell alike: values that are nested without end, and null where a
 * value is needed. A variable that may be null is valid there for the sake of its default; that null was sent all the same, graphql-js
 * takes for a fault, and the compiler for the default.
 */
export function admitVariables(schema: GraphQLSchema, admit: Admit): Admit {
  const needed = new WeakMap<OperationDefinitionNode, readonly string[]>();
  const neededOf = (document: DocumentNode, operation: OperationDefinitionNode) => {
    const known = needed.get(operation);
    if (known) return known;
    const found = findNeeded(schema, document, operation);
    needed.set(operation, found);
    return found;
  };

  return (identity, document, operationName, variables, paid) => {
    const operation = getOperationAST(document, operationName);
    if (operation) {
      const { variableDefinitions = [] } = operation;
      for (const { variable } of variableDefinitions)
        if (isDeeper(ownValue(variables, variable.name.value), mostLevels))
          throw refused(`Variable "$${variable.name.value}" is nested more than ${mostLevels} levels deep.`);
      const read = createVariableReader(operation, variables);
      for (const name of neededOf(document, operation))
        if (read(name) === null)
          throw refused(`Variable "$${name}" must not be null: it stands where a value is needed.`);
    }
    return admit(identity, document, operationName, variables, paid);
  };
}

/** Variables that may be null, and stand where null may not. */
function findNeeded(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const { variableDefinitions = [] } = operation;
  const nullable = new Set(
    variableDefinitions
      .filter(({ type }) => type.kind !== Kind.NON_NULL_TYPE)
      .map(({ variable }) => variable.name.value),
  );
  if (nullable.size === 0) return [];
  const context = new ValidationContext(schema, document, new TypeInfo(schema), () => undefined);
  const usages = context
    .getRecursiveVariableUsages(operation)
    .filter(({ node, type }) => nullable.has(node.name.value) && isNonNullType(type));
  return [...new Set(usages.map(({ node }) => node.name.value))];
}
