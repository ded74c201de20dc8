import { graphql, type GraphQLField, parse, subscribe } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../../src/api/build-schema.js";
import { createContext } from "../../src/api/context.js";
import { permissions } from "../../src/api/permissions.js";
import { roles, type Role } from "../../src/db/enums.js";
import { askFor } from "../support/fill-arguments.js";
import { type Edge, startEdge } from "./edge.js";

const schema = buildSchema();
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

/** The code of the first error, for a viewer with that role or for nobody. */
async function codeOf(root: "query" | "mutation" | "subscription", name: string, role: Role | undefined) {
  const type = { query: schema.getQueryType(), mutation: schema.getMutationType() };
  const fields = (root === "subscription" ? schema.getSubscriptionType() : type[root])?.getFields();
  const { source, variableValues } = askFor(root, fields?.[name] as GraphQLField<unknown, unknown>);
  const viewer = role && edge.viewer(role);
  const contextValue = createContext(edge.parts, { viewer });
  const result =
    root === "subscription"
      ? await subscribe({ schema, document: parse(source), variableValues, contextValue })
      : await graphql({ schema, source, variableValues, contextValue });
  if (Symbol.asyncIterator in result) {
    await result.return?.(undefined);
    return undefined;
  }
  return result.errors?.[0]?.extensions["code"];
}

describe.each([
  ["query", permissions.Query],
  ["mutation", permissions.Mutation],
  ["subscription", permissions.Subscription],
] as const)("%s", (root, table) => {
  it.each(Object.entries(table))("%s is for %s and above", async (name, least) => {
    expect(await codeOf(root, name, undefined)).toBe("UNAUTHENTICATED");
    for (const role of roles) {
      const code = await codeOf(root, name, role);
      if (roles.indexOf(role) < roles.indexOf(least)) expect(code, role).toBe("FORBIDDEN");
      else expect(["FORBIDDEN", "UNAUTHENTICATED"], role).not.toContain(code);
    }
  });
});

it("gives each role what the house rules say", () => {
  const of = (role: Role) =>
    Object.entries(permissions.Mutation).flatMap(([name, least]) => (least === role ? [name] : []));
  expect(of("VIEWER")).toEqual([]);
  expect(of("MEMBER")).toEqual([
    "cancelOperation",
    "createInstanceFromSnapshot",
    "exportSnapshot",
    "restoreSnapshot",
    "takeSnapshot",
  ]);
});
