import { type FieldNode, Kind, type OperationDefinitionNode, type ValueNode } from "graphql";

/** The value of a variable as it was sent, or its default; undefined where neither is there. */
export type VariableReader = (name: string) => unknown;

export function createVariableReader(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): VariableReader {
  return (name) => {
    const sent = variables?.[name];
    if (sent !== undefined) return sent;
    const definition = operation.variableDefinitions?.find((one) => one.variable.name.value === name);
    return definition?.defaultValue && literal(definition.defaultValue);
  };
}

/** As far as sizes are concerned: numbers, and lists for their length. */
function literal(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.LIST) return node.values;
  return undefined;
}

function argument(field: FieldNode, name: string, variables: VariableReader): unknown {
  const value = field.arguments?.find((one) => one.name.value === name)?.value;
  if (!value) return undefined;
  return value.kind === Kind.VARIABLE ? variables(value.name.value) : literal(value);
}

const defaultPage = 25;
const longestPage = 100;

/** Items that a page may hold; what its resolver will refuse counts as the longest. */
export function readPageSize(field: FieldNode): (variables: VariableReader) => number {
  return (variables) => {
    const size = argument(field, "first", variables) ?? argument(field, "last", variables) ?? defaultPage;
    return typeof size === "number" && size >= 0 && size <= longestPage ? size : longestPage;
  };
}

/** Length of a list that an argument gives; a single value stands for a list of one. */
export function readLength(field: FieldNode, name: string): (variables: VariableReader) => number {
  return (variables) => {
    const list = argument(field, name, variables);
    return Array.isArray(list) ? list.length : 1;
  };
}
