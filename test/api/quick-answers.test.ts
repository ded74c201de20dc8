import { buildSchema, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema as buildOurs } from "../../src/api/build-schema.js";
import { compile, type ReadyQuery } from "../../src/api/fast-path/compiled-execution.js";
import type { Context } from "../../src/api/context.js";
import { createAdmit } from "../../src/api/limits/admission.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { createQuickAnswers } from "../../src/api/fast-path/quick-answers.js";
import { defaultLimits } from "../../src/config/limits.js";
import { toGlobalId } from "../../src/ids.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { start } from "../snapshots/rows.js";
import { createTestClock } from "../support/clock.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

const json = "application/json; charset=utf-8";

async function setUp(capacity = 100) {
  const schema = buildSchema("type Query { word(of: Int): String broken: String }");
  const fields = schema.getQueryType()!.getFields();
  const calls: string[] = [];
  fields["word"]!.resolve = () => {
    calls.push("word");
    return Promise.resolve("yes");
  };
  fields["broken"]!.resolve = () => Promise.reject(new Error("on purpose"));
  const clock = createTestClock(start);
  const buckets = new Buckets({ clock, capacity, perSecond: 1 });
  const admit = createAdmit(schema, {
    limits: defaultLimits,
    introspection: "keys",
    buckets,
    policy: defaultRetentionTable,
    maxHolds: 100,
  });
  const known = new Map<string, ReadyQuery>();
  for (const text of ["{ word }", "query ($of: Int) { word(of: $of) }", "{ broken }"]) {
    const document = parse(text);
    known.set(text, { document, run: (await compile(schema, document, undefined))! });
  }
  const quick = createQuickAnswers({
    find: (text) => known.get(text),
    admit,
    buckets,
    metrics: createMetrics(),
  });
  const context = () => Promise.resolve({ address: "here" } as Context);
  return {
    quick,
    calls,
    spent: () => capacity - buckets.settle("address here", 0).remaining,
    answer: (body: unknown, accept?: string) => quick.answer(accept, body, context),
  };
}

describe("of itself", () => {
  it("answers what is known, in the type in which Apollo has answered", async () => {
    const { quick, answer, spent } = await setUp();
    expect(await answer({ query: "{ word }" })).toBeUndefined();
    quick.learn(undefined, json);
    const answered = await answer({ query: "{ word }", variables: null, operationName: null });
    expect(JSON.parse(String(answered?.body))).toMatchObject({ data: { word: "yes" } });
    expect(answered?.headers).toMatchObject({
      "content-type": json,
      "content-length": answered?.body.length,
    });
    expect(await answer({ query: "{ word }" }, "image/png")).toBeUndefined();
    expect(spent()).toBe(1);
  });

  it.each([
    ["a query it does not know", { query: "{ other: word }" }],
    ["a field that fails", { query: "{ broken }" }],
    ["a variable that fits nothing", { query: "query ($of: Int) { word(of: $of) }", variables: { of: "x" } }],
    ["extensions", { query: "{ word }", extensions: { persistedQuery: { version: 1 } } }],
    ["an operation that is not there", { query: "{ word }", operationName: "Gone" }],
    ["variables that are a list", { query: "{ word }", variables: [] }],
    ["several requests at once", [{ query: "{ word }" }]],
    ["nothing", undefined],
  ])("leaves to Apollo, and charges nothing for, %s", async (_, body) => {
    const { quick, answer, spent } = await setUp();
    quick.learn(undefined, json);
    expect(await answer(body)).toBeUndefined();
    expect(spent()).toBe(0);
  });

  it("runs nothing that is not charged: an operation that is not there calls no resolver", async () => {
    const { quick, answer, calls } = await setUp();
    quick.learn(undefined, json);
    for (const operationName of ["Gone", "query", " query"])
      expect(await answer({ query: "{ word }", operationName })).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it("leaves a key that has used up its points to Apollo", async () => {
    const { quick, answer } = await setUp(1);
    quick.learn(undefined, json);
    expect(await answer({ query: "{ word }" })).toBeDefined();
    expect(await answer({ query: "{ word }" })).toBeUndefined();
  });
});

describe("at the edge", () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ compileAfter: 0 });
  });
  afterAll(() => edge.close());

  async function send(query: string, variables: object, key: string, accept: string) {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", accept };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${edge.url}/graphql`, { method: "POST", headers, body });
    const {
      "x-request-id": _id,
      ratelimit: _left,
      date: _date,
      ...rest
    } = Object.fromEntries(response.headers);
    // Of the cost only what is left depends on what went before.
    const text = (await response.text()).replace(/"remaining":\d+/, "");
    return { status: response.status, text, headers: { ...rest, "content-length": undefined } };
  }

  it.each(["application/json", "application/graphql-response+json", "*/*"])(
    "answers the same the first, the second and the third time: %s",
    async (accept) => {
      const id = toGlobalId("instance", edge.instanceId);
      const operation = toGlobalId(
        "operation",
        await edge.insertOperation({ status: "QUEUED", exclusive: false }),
      );
      const asked: [query: string, variables: object, key: string][] = [
        ["query ($id: ID!) { instance(id: $id) { id name createdAt tier } }", { id }, "viewer"],
        ["query ($id: ID!) { instance(id: $id) { id name createdAt tier } }", { id: 7 }, "viewer"],
        ["query ($id: ID!) { instance(id: $id) { id name createdAt tier } }", {}, "viewer"],
        ["query ($id: ID!) { instance(id: $id) { id name createdAt tier } }", { id }, "stranger"],
        [
          "{ instances(first: 5) { nodes { id snapshots(first: 2) { totalCount edges { cursor } } } } }",
          {},
          "viewer",
        ],
        ["{ instances(first: 0) { nodes { id } } }", {}, "viewer"],
        [
          "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Operation { percent } } }",
          { ids: [operation, id, "x"] },
          "viewer",
        ],
        ["{ apiKeys { id } }", {}, "viewer"],
        ["{ apiKeys { id } }", {}, "admin"],
        ["{ __typename }", {}, "viewer"],
      ];
      for (const [query, variables, key] of asked) {
        const first = await send(query, variables, key, accept);
        for (let time = 0; time < 2; time++) expect(await send(query, variables, key, accept)).toEqual(first);
      }
    },
  );
});

it("what was kept for one request is not run for another whose name and text look the same put together", async () => {
  const edge = await startEdge({ compileAfter: 0 });
  const send = async (body: object) => {
    const headers = { authorization: "Bearer viewer", "content-type": "application/json" };
    const response = await fetch(`${edge.url}/graphql`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer<unknown>;
  };
  const text = "($n: Int) { instances(first: $n) { nodes { id } } }";
  for (let time = 0; time < 3; time++)
    expect((await send({ query: `query ${text}`, variables: { n: 1 } })).data).toBeDefined();
  for (const operationName of ["query", " query", "query "])
    for (const query of [text, ` ${text}`])
      expect(await send({ operationName, query, variables: { n: 100 } })).toMatchObject({
        errors: [{ extensions: { code: "GRAPHQL_PARSE_FAILED" } }],
      });
  await edge.close();
});

it("compiles what is told by its row: abstract types too", async () => {
  const document = parse("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }");
  const id = "00000005-0000-7000-8000-000000000001";
  const context = {
    viewer: { role: "VIEWER" },
    loaders: { operation: { load: () => Promise.resolve({ id, kind: "RESTORE", phase: "QUEUED" }) } },
  };
  const ids = [toGlobalId("operation", id)];
  expect(await (await compile(buildOurs(), document, undefined))?.(undefined, context, { ids })).toEqual({
    data: { nodes: [{ __typename: "RestoreOperation", id: ids[0] }] },
  });
});
