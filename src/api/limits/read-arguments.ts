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
    return definition?.defaultValue && readValue(definition.defaultValue, () => undefined);
  };
}

/** As it would have been sent in a variable; enums and numbers that are no integers do not matter here. */
function readValue(node: ValueNode, variables: VariableReader): unknown {
  if (node.kind === Kind.VARIABLE) return variables(node.name.value);
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.LIST) return node.values.map((value) => readValue(value, variables));
  if (node.kind === Kind.OBJECT)
    return Object.fromEntries(
      node.fields.map((field) => [field.name.value, readValue(field.value, variables)]),
    );
  return undefined;
}

/** An argument as it was sent; undefined where it was not. */
export function readArgument(field: FieldNode, name: string, variables: VariableReader): unknown {
  const value = field.arguments?.find((one) => one.name.value === name)?.value;
  return value && readValue(value, variables);
}

const defaultPage = 25;
const longestPage = 100;

/** Items that a page may hold; what its resolver will refuse counts as the longest. */
export function readPageSize(field: FieldNode): (variables: VariableReader) => number {
  return (variables) => {
    const size =
      readArgument(field, "first", variables) ?? readArgument(field, "last", variables) ?? defaultPage;
    return typeof size === "number" && size >= 0 && size <= longestPage ? size : longestPage;
  };
}

/** Length of a list that an argument gives; a single value stands for a list of one. */
export function readLength(field: FieldNode, name: string): (variables: VariableReader) => number {
  return (variables) => {
    const list = readArgument(field, name, variables);
    return Array.isArray(list) ? list.length : 1;
  };
}
