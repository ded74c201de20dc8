import { readFileSync } from "node:fs";
import {
  buildSchema as parseSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  printSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import { expect, test } from "vitest";
import { buildSchema } from "../../src/api/build-schema.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const schema = buildSchema();

/** Everything that has a name in a type: [coordinate with its type, description]. */
function* membersOf(type: GraphQLNamedType): Generator<[string, string | null | undefined]> {
  yield [type.name, type.description];
  if (isEnumType(type))
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
  if (isUnionType(type))
    for (const member of type.getTypes()) yield [`${type.name} = ${member.name}`, type.description];
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields()))
      yield [`${type.name}.${field.name}: ${String(field.type)}`, field.description];
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const parent of type.getInterfaces())
    yield [`${type.name} implements ${parent.name}`, type.description];
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}: ${String(field.type)}`, field.description];
    for (const arg of field.args)
      yield [`${type.name}.${field.name}(${arg.name}: ${String(arg.type)})`, arg.description];
  }
}

const allMembers = (of: GraphQLSchema) =>
  Object.values(of.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => [...membersOf(type)]);

test("the printed schema is the one that is served", () => {
  expect(read("../../schema/schema.graphql")).toBe(`${printSchema(schema)}\n`);
});

test("the schema holds all that the public contract promises", () => {
  const held = new Set(allMembers(schema).map(([coordinate]) => coordinate));
  const promised = allMembers(parseSchema(read("./contract.graphql"))).map(([coordinate]) => coordinate);
  expect(promised.length).toBeGreaterThan(300);
  expect(promised.filter((coordinate) => !held.has(coordinate))).toEqual([]);
});

test("everything in the schema is described", () => {
  const bare = allMembers(schema).filter(([, description]) => !description?.trim());
  expect(bare.map(([coordinate]) => coordinate)).toEqual([]);
});
