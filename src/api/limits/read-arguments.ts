import { type FieldNode, Kind, type OperationDefinitionNode, type ValueNode } from "graphql";

/** The value of a variable as it was sent, or its default; undefined where neither is there. */
export type VariableReader = (name: string) => unknown;

export function createVariableReader(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): VariableReader {
  return (name) => {
    const sent = ownValue(variables, name);
    if (sent !== undefined) return sent;
    const definition = operation.variableDefinitions?.find((one) => one.variable.name.value === name);
    return definition?.defaultValue && valueOf(definition.defaultValue, () => undefined);
  };
}

/** Clients choose the names of variables: one that every object has, such as `toString`, was not sent by that. */
export const ownValue = (object: unknown, name: string): unknown =>
  typeof object === "object" && object !== null && Object.hasOwn(object, name)
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** As JSON would have it, and as the document says it: nothing is checked that execution will check. */
function valueOf(node: ValueNode, variables: VariableReader): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables(node.name.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, valueOf(value, variables)]),
      );
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    default:
      return node.value;
  }
}

/** The value of an argument; undefined where there is none. */
export function readArgument(field: FieldNode, name: string, variables: VariableReader): unknown {
  const value = field.arguments?.find((one) => one.name.value === name)?.value;
  return value && valueOf(value, variables);
}

/** False where `@skip` or `@include` says for certain that the field is not asked for. */
export function isIncluded({ directives = [] }: FieldNode, variables: VariableReader): boolean {
  return directives.every(({ name, arguments: given }) => {
    const value = given?.find((one) => one.name.value === "if")?.value;
    const condition = value && valueOf(value, variables);
    return (
      !(name.value === "skip" && condition === true) && !(name.value === "include" && condition === false)
    );
  });
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

/** Longer than any list that a request can hold, and still a number that JSON has. */
const longestList = 1e9;

/** Length of a list; a single value stands for a list of one, and what cannot be read for the longest. */
export function lengthOf(list: unknown): number {
  if (Array.isArray(list)) return list.length;
  return typeof list === "string" || typeof list === "number" ? 1 : longestList;
}
