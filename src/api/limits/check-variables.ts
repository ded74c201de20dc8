import { getVariableValues, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from "graphql";

/** Values and characters of variables that may be checked as they come: every error about them prints them. */
const few = 2000;

/**
 * Refuses variables that do not fit, where they are many or long: execution would tell up to fifty errors about them, each of
 * which prints what is wrong, and with it all that is around. Of these the first is told.
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): void {
  if (!variables || isSmall(variables)) return;
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  const [error] = errors ?? [];
  if (!error) return;
  const { message, nodes } = error;
  throw new GraphQLError(message, { nodes, extensions: { code: "BAD_USER_INPUT", http: { status: 400 } } });
}

/** Stops counting as soon as it is not. */
function isSmall(variables: object): boolean {
  let left = few;
  const waiting: unknown[] = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") left -= value.length;
    else if (Array.isArray(value)) {
      if (value.length > left) return false;
      waiting.push(...(value as unknown[]));
    } else if (typeof value === "object" && value !== null)
      for (const name in value) {
        left -= name.length;
        if (left < 0) return false;
        waiting.push((value as Record<string, unknown>)[name]);
      }
    if (--left < 0) return false;
  }
  return true;
}
