import { ApolloServer, HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import { readdirSync, readFileSync } from "node:fs";
import { buildSchema, Kind, OperationTypeNode, parse } from "graphql";
import { afterAll, expect, it } from "vitest";
import { buildSchema as buildOurs } from "../../src/api/build-schema.js";
import { compile, createCompiledExecution } from "../../src/api/fast-path/compiled-execution.js";

interface Asked {
  calls: string[];
}

const schema = buildSchema(`
  interface Named { name: String! }
  type Person implements Named { name: String! age: Int }
  type Place implements Named { name: String! }
  enum Colour { RED GREEN }
  type Query { named(of: [Colour!]): [Named!]! broken: String strict: String! }
  type Mutation { do: String! }
`);
const things = [
  { __typename: "Person", name: "Ada", age: 36 },
  { __typename: "Place", name: 'Paris "\u2028' },
];
schema.getQueryType()!.getFields()["named"]!.resolve = (_root, _args, context: Asked) => {
  context.calls.push("named");
  return Promise.resolve(things);
};
for (const name of ["broken", "strict"])
  schema.getQueryType()!.getFields()[name]!.resolve = () => Promise.reject(new Error("on purpose"));
schema.getMutationType()!.getFields()["do"]!.resolve = () => "done";

async function serve(compileAfter: number, execution = createCompiledExecution<Asked>(schema, compileAfter)) {
  const walked: (string | null)[] = [];
  const seen: ApolloServerPlugin<Asked> = {
    requestDidStart: () =>
      Promise.resolve({
        executionDidStart: ({ operationName }) => Promise.resolve(void walked.push(operationName)),
      }),
  };
  const server = new ApolloServer<Asked>({
    schema,
    plugins: [execution.plugin, seen],
  });
  await server.start();
  afterAll(() => server.stop());
  const ask = async (query: string, variables: object = {}, operationName?: string) => {
    const headers = new HeaderMap([["content-type", "application/json"]]);
    const body = { query, variables, ...(operationName && { operationName }) };
    const context: Asked = { calls: [] };
    const { body: answer } = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: "POST", headers, search: "", body },
      context: () => Promise.resolve(context),
    });
    return answer.kind === "complete" ? answer.string : "";
  };
  return { ask, walked };
}

const documents: [title: string, query: string, variables?: object][] = [
  ["abstract types", "{ named { __typename name ... on Person { age } } }"],
  ["fragments", "{ ...Top } fragment Top on Query { named { ...Name } } fragment Name on Named { name }"],
  ["aliases", "{ first: named { name } second: named { called: name } }"],
  [
    "a directive that skips",
    "query ($no: Boolean!) { named { name @skip(if: $no) __typename } }",
    { no: true },
  ],
  ["a directive that does not", "query ($no: Boolean!) { named { name @skip(if: $no) } }", { no: false }],
  ["a variable that is an enum", "query ($of: [Colour!]) { named(of: $of) { name } }", { of: ["RED"] }],
  ["a variable that fits nothing", "query ($of: [Colour!]) { named(of: $of) { name } }", { of: ["BLUE"] }],
  ["a field that fails", "{ named { name } broken }"],
  ["a field that fails and may not be null", "{ named { name } strict }"],
  ["the schema about itself", '{ __type(name: "Person") { name fields { name } } }'],
];

it.each(documents)("answers as graphql-js does: %s", async (_title, query, variables) => {
  const plain = await serve(Infinity);
  const compiled = await serve(0);
  const answer = JSON.parse(await compiled.ask(query, variables)) as { errors?: unknown };
  expect(compiled.walked).toHaveLength(answer.errors ? 1 : 0);
  expect(JSON.parse(await compiled.ask(query, variables))).toEqual(
    JSON.parse(await plain.ask(query, variables)),
  );
  expect(await compiled.ask(query, variables)).toBe(await plain.ask(query, variables));
});

it("compiles a document when it comes again, each of its operations by itself", async () => {
  const { ask, walked } = await serve(1);
  const query = "query A { named { name } } query B { named { __typename } }";
  const first = await ask(query, {}, "A");
  expect(await ask(query, {}, "A")).toBe(first);
  await ask(query, {}, "B");
  await ask(query, {}, "B");
  expect(walked).toEqual(["A", "B"]);
});

it("finds a query again by its text and its name, and by nothing that only looks the same put together", async () => {
  const execution = createCompiledExecution<Asked>(schema, 0);
  const { ask } = await serve(0, execution);
  const text = "query A { named { name } }";
  await ask(text);
  await ask(text, {}, "A");
  expect(execution.find(text, undefined)).toBeDefined();
  expect(execution.find(text, "A")).toBeDefined();
  expect(execution.find(text, "B")).toBeUndefined();
  for (const cut of [0, 5, 7, 8]) {
    const [name, rest] = [text.slice(0, cut), text.slice(cut)];
    for (const other of [rest, rest.trimStart()])
      for (const named of [name, ` ${name}`, name.trimEnd(), ` ${name.trimEnd()}`])
        if (other !== text) expect(execution.find(other, named)).toBeUndefined();
  }
});

it("keeps no more of what it has compiled than has room, the latest of it", async () => {
  const execution = createCompiledExecution<Asked>(schema, 0, undefined, 30);
  const { ask } = await serve(0, execution);
  const texts = [1, 2, 3, 4].map(
    (n) => `query A { a${n}: named { name } } query B { b: named { name age: __typename } }`,
  );
  for (const text of texts) for (const name of ["A", "B"]) await ask(text, {}, name);
  const found = texts.map((text) => ["A", "B"].filter((name) => execution.find(text, name)).join(""));
  expect(found).toEqual(["", "AB", "AB", "AB"].map((each, n) => (n === 0 ? found[0]! : each)));
});

it("keeps no more trees than have room, however little of them is compiled", async () => {
  const execution = createCompiledExecution<Asked>(schema, 0, undefined, 100);
  const { ask } = await serve(0, execution);
  const unused = Array.from({ length: 250 }, (_, n) => `query U${n} { named { name } }`).join(" ");
  const texts = [1, 2, 3, 4].map((n) => `query A { a${n}: named { name } } ${unused}`);
  for (const text of texts) await ask(text, {}, "A");
  expect(execution.find(texts[0]!, "A")).toBeUndefined();
  expect(execution.find(texts[3]!, "A")).toBeDefined();
});

it("never runs a mutation itself, and leaves errors to graphql-js", async () => {
  const { ask, walked } = await serve(0);
  expect(await ask("mutation M { do }")).toBe('{"data":{"do":"done"}}\n');
  await ask("query E { broken }");
  expect(walked).toEqual(["M", "E"]);
});

it("compiles every query that clients are given", async () => {
  const folder = new URL("../../schema/operations/", import.meta.url);
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  const document = parse(texts.join("\n"));
  const ours = buildOurs();
  const queries = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.QUERY
      ? [definition.name!.value]
      : [],
  );
  expect(queries.length).toBeGreaterThan(3);
  for (const name of queries)
    expect([name, typeof (await compile(ours, document, name))]).toEqual([name, "function"]);
});
