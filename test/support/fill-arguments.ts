import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isInterfaceType,
  isUnionType,
} from "graphql";

/** A value for an argument or input field, or undefined to let its type decide; `at` is like "takeSnapshot.input.instanceId". */
export type Choose = (at: string, typeName: string, required: boolean) => unknown;

const scalars: Record<string, unknown> = {
  ID: "x",
  String: "x",
  Int: 1,
  Float: 1,
  Boolean: false,
  DateTime: "2026-03-01T00:00:00.000Z",
  SafeInt: 1,
  URL: "https://example.org/",
  JSON: {},
};

/** A valid value of an input type: what is not required is left out, unless `choose` has something to say. */
export function fillInput(type: GraphQLInputType, at: string, choose: Choose, required = false): unknown {
  if (isNonNullType(type)) return fillInput(type.ofType, at, choose, true) ?? missing(at);
  if (isListType(type)) return [fillInput(type.ofType, at, choose, required)];
  const chosen = choose(at, type.name, required);
  if (chosen !== undefined) return chosen;
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => {
      const path = `${at}.${field.name}`;
      const wanted = isNonNullType(field.type) || wants(field.type, path, choose);
      return [field.name, wanted ? fillInput(field.type, path, choose) : undefined];
    });
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown;
  }
  return scalars[type.name] ?? missing(at);
}

function wants(type: GraphQLInputType, at: string, choose: Choose): boolean {
  const named = getNamedType(type);
  if (choose(at, named.name, false) !== undefined) return true;
  if (!isInputObjectType(named)) return false;
  return Object.values(named.getFields()).some((field) => wants(field.type, `${at}.${field.name}`, choose));
}

function missing(at: string): never {
  throw new Error(`test/support/fill-arguments.ts knows no value for ${at}`);
}

/** Where arguments and input fields take something: their ways, as `Choose` gets them, and the name of what they take. */
export function listInputs(field: GraphQLField<unknown, unknown>): { at: string; typeName: string }[] {
  const below = (type: GraphQLInputType, at: string): { at: string; typeName: string }[] => {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return [{ at, typeName: named.name }];
    return Object.values(named.getFields()).flatMap((input) => below(input.type, `${at}.${input.name}`));
  };
  return field.args.flatMap((arg) => below(arg.type, `${field.name}.${arg.name}`));
}

/** A document that asks for one root field with its arguments as variables. */
export function askFor(
  root: "query" | "mutation" | "subscription",
  field: GraphQLField<unknown, unknown>,
  choose: Choose = () => undefined,
  /** Where the field stands, if not at the root: such as `{ node(id: "…") { ... on Instance`. */
  within: readonly [before: string, after: string] = ["{", "}"],
): { readonly source: string; readonly variableValues: Record<string, unknown> } {
  const wanted = field.args.filter((arg) => {
    return isNonNullType(arg.type) || wants(arg.type, `${field.name}.${arg.name}`, choose);
  });
  const variables = wanted.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(", ");
  const args = wanted.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  const selection = isLeafType(getNamedType(field.type)) ? "" : select(getNamedType(field.type), 3);
  return {
    source: `${root}${variables && `(${variables})`} ${within[0]} ${field.name}${args && `(${args})`} ${selection} ${within[1]}`,
    variableValues: Object.fromEntries(
      wanted.map((arg) => [arg.name, fillInput(arg.type, `${field.name}.${arg.name}`, choose)]),
    ),
  };
}

/** All fields without required arguments, to a depth; of abstract types each possible one is not walked, only what they share. */
function select(type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type))
    return `{ __typename ${type
      .getTypes()
      .map((member) => `... on ${member.name} ${select(member, depth - 1)}`)
      .join(" ")} }`;
  if (!isObjectType(type) && !isInterfaceType(type)) return "";
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some((arg) => isNonNullType(arg.type))) return [];
    const named = getNamedType(field.type);
    if (isLeafType(named)) return [field.name];
    return depth > 0 ? [`${field.name} ${select(named, depth - 1)}`] : [];
  });
  return `{ __typename ${fields.join(" ")} }`;
}
