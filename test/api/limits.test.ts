import { execute, getIntrospectionQuery, buildSchema as parseSchema, parse, validate } from "graphql";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { buildSchema } from "../../src/api/build-schema.js";
import { bucketOf } from "../../src/api/limits/admission.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { actualCost, reckon } from "../../src/api/limits/cost.js";
import { createListSizes } from "../../src/api/limits/list-sizes.js";
import { planDocument } from "../../src/api/limits/plan-document.js";
import { shareBuckets, sweepBuckets } from "../../src/api/limits/share-buckets.js";
import { defaultLimits } from "../../src/config/limits.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { rateBuckets } from "../../src/db/tables/index.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase } from "../support/database.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

const schema = buildSchema();
const sizes = createListSizes(defaultRetentionTable, 100);
const planOf = (text: string, name = "") => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return planDocument(schema, document, sizes).get(name)!;
};
const costOf = (text: string, variables: object = {}, name = "") =>
  reckon(planOf(text, name), variables as Record<string, unknown>).requested;

describe("the cost of an operation", () => {
  it.each([
    ["{ viewer { role } }", 1],
    ["{ __typename }", 1],
    ["{ instances(first: 20) { nodes { id } } }", 21],
    ["{ instances { nodes { id } } }", 26],
    ["{ instances(last: 3) { edges { cursor node { id } } pageInfo { hasNextPage } totalCount } }", 58],
    ["{ instances(first: 20) { nodes { snapshots(first: 5) { nodes { id } } } } }", 1 + 20 * (1 + 1 + 5)],
    ["{ a: instances(first: 2) { nodes { id } } b: instances(first: 3) { nodes { id } } }", 7],
    ['{ nodes(ids: ["a", "b", "c"]) { id ... on Instance { retention { tier } } } }', 6],
    ["{ __schema { types { name } } }", 100],
    ['mutation { takeSnapshot(input: { instanceId: "x" }) { replayed } }', 11],
    [
      "{ ...All } fragment All on Query { instances(first: 4) { ...Page } } fragment Page on InstanceConnection { nodes { id } }",
      5,
    ],
    [
      'mutation { ...All } fragment All on Mutation { takeSnapshot(input: { instanceId: "x" }) { replayed } }',
      11,
    ],
    [
      'mutation { ... { takeSnapshot(input: { instanceId: "x" }) { ...P } } } fragment P on TakeSnapshotPayload { replayed }',
      11,
    ],
    ["{ heldSnapshots { id } }", 100],
    // What is not there is looked for as well.
    [`{ nodes(ids: [${'"x",'.repeat(120)}]) { id } }`, 120 + 2],
    ['{ snapshot(id: "x") { chain { id } } }', 26],
    ['{ tierChangePreview(instanceId: "x", tier: FREE) { id } }', 2000],
    ["{ instances(first: 10) { nodes { snapshots(first: 1) { totalCount } } } }", 1 + 10 * 2 + 50],
    ["{ instances(first: 1) { ...Count } } fragment Count on InstanceConnection { totalCount }", 51],
    ["{ instances(first: 1) { totalCount @include(if: false) } }", 1],
    ["{ instances(first: 1) { totalCount @skip(if: true) totals: totalCount } }", 51],
  ])("%s is %i", (text, cost) => {
    expect(costOf(text)).toBe(cost);
  });

  it("reads variables, their defaults and what makes no sense", () => {
    const text = "query ($n: Int = 7) { instances(first: $n) { nodes { id } } }";
    expect(costOf(text)).toBe(8);
    expect(costOf(text, { n: 50 })).toBe(51);
    for (const n of [null, -5, 1e9, "9", [1]]) expect(costOf(text, { n })).toBeLessThanOrEqual(101);
    expect(costOf("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids: Array(40).fill("x") })).toBe(40);
  });

  it.each(["toString", "constructor", "__proto__", "hasOwnProperty", "valueOf"])(
    "is not fooled by a variable that is called %s",
    (name) => {
      const ids = JSON.stringify(Array(1900).fill("x"));
      expect(costOf(`query ($${name}: [ID!]! = ${ids}) { nodes(ids: $${name}) { id } }`)).toBe(1938);
      const asked = `query ($${name}: [ID!]!) { nodes(ids: $${name}) { id } }`;
      const sent = JSON.parse(`{ "${name}": ${ids} }`) as object;
      expect(costOf(asked, sent)).toBe(1938);
      expect(costOf(asked)).toBeGreaterThan(1e6);
      const page = `query ($${name}: Int = 90) { instances(first: $${name}) { nodes { id } } }`;
      expect(costOf(page)).toBe(91);
    },
  );

  it("takes what it cannot read for the most that it may be", () => {
    const text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    expect(costOf(text, { ids: "x" })).toBe(1);
    expect(costOf(text, { ids: 7 })).toBe(1);
    for (const ids of [null, {}, { length: 1 }, true]) expect(costOf(text, { ids })).toBeGreaterThan(1e6);
  });

  it("of a document that unfolds without end is reckoned at once", () => {
    // Each fragment holds the next one ten times: 10^30 fields, were it unfolded.
    const fragments = Array.from({ length: 30 }, (_, n) => {
      const next = n < 29 ? `...F${n + 1}` : "id";
      const links = Array.from({ length: 10 }, (_, i) => `a${i}: base { ${next} }`).join(" ");
      return `fragment F${n} on Snapshot { ${links} }`;
    });
    const document = parse(`query ($id: ID!) { snapshot(id: $id) { ...F0 } } ${fragments.join(" ")}`);
    const plan = planDocument(schema, document, sizes).get("")!;
    expect(reckon(plan, {}).requested).toBeGreaterThan(1e30);
    expect(plan.depth).toBe(32);
  });

  it("in the end is what the answer held", () => {
    const plan = planOf("{ instances(first: 20) { nodes { id } pageInfo { hasNextPage } } }");
    const reckoning = reckon(plan, {});
    expect(actualCost(plan, reckoning, { instances: { nodes: [{ id: 1 }, { id: 2 }], pageInfo: {} } })).toBe(
      4,
    );
    expect(actualCost(plan, reckoning, null)).toBe(1);
  });

  it("in the end is its work as well: what no answer shows is not given back", () => {
    const settled = (text: string, data: unknown) => {
      const plan = planOf(text);
      return actualCost(plan, reckon(plan, {}), data);
    };
    const mutation = 'takeSnapshot(input: { instanceId: "x" }) { replayed }';
    for (const text of [
      `mutation { ${mutation} }`,
      `mutation { ...All } fragment All on Mutation { ${mutation} }`,
      `mutation { ... { ...All } } fragment All on Mutation { ... on Mutation { ${mutation} } }`,
    ]) {
      expect(settled(text, { takeSnapshot: { replayed: false } })).toBe(11);
      // Refused: that has left its record.
      for (const data of [null, undefined, { takeSnapshot: null }]) expect(settled(text, data)).toBe(10);
    }
    const two = `mutation { a: ${mutation} ...B } fragment B on Mutation { b: ${mutation} }`;
    expect(settled(two, null)).toBe(20);
    expect(settled("{ instances { totalCount } }", { instances: { totalCount: 0 } })).toBe(51);
  });
});

describe("the cost of a preview", () => {
  const preview = `query ($input: PreviewInput!) { retentionPreview(input: $input) { at snapshots { takenAt } } }`;
  const month = {
    tier: "PROFESSIONAL",
    version: "V5",
    createdAt: "2026-01-01T00:00:00Z",
    at: "2026-01-31T00:00:00Z",
  };
  const instants = (length: number) => Array<string>(length).fill(month.at);

  it("of a month is what a month holds", () => {
    // The preview, a day's snapshot each and the first, and a tenth of that for imagining them.
    expect(costOf(preview, { input: month })).toBe(1 + 31 + 4);
    const hourly = { ...month, tier: "BUSINESS_CRITICAL" };
    expect(costOf(preview, { input: hourly })).toBe(1 + 721 + 73);
    expect(costOf(preview, { input: { ...month, tier: "FREE" } })).toBe(1);
  });

  it("of a year counts what is still listed at its end, and what had to be imagined", () => {
    const at = "2027-01-01T00:00:00Z";
    expect(costOf(preview, { input: { ...month, at } })).toBe(1 + 31 + 37);
    expect(costOf(preview, { input: { ...month, at, tier: "BUSINESS_CRITICAL" } })).toBe(1 + 721 + 877);
  });

  it("counts what it is told of, however it is told", () => {
    const input = { ...month, onDemandAt: instants(5000), systemChangeAt: instants(100), holds: month };
    const cost = 1 + 31 + 5101 + Math.ceil((31 + 5101) / 10);
    expect(costOf(preview, { input })).toBe(cost);
    const parts = `query ($toString: [DateTime!], $at: DateTime!) {
      retentionPreview(input: { tier: PROFESSIONAL, version: V5, createdAt: "2026-01-01T00:00:00Z", at: $at,
        onDemandAt: $toString }) { ...P } }
      fragment P on RetentionPreview { snapshots { takenAt } }`;
    const sent = { at: month.at, toString: instants(5000) };
    expect(costOf(parts, sent)).toBe(1 + 31 + 5000 + 504);
    const { toString: _, ...without } = sent;
    expect(costOf(parts, without)).toBe(1 + 31 + 4);
  });

  it("is counted for each alias, and its imagining where nothing of it is asked", () => {
    const input = { ...month, onDemandAt: instants(9000) };
    const aliases = Array.from({ length: 50 }, (_, n) => `a${n}: retentionPreview(input: $input)`);
    const asking = (what: string) =>
      `query ($input: PreviewInput!) { ${aliases.map((alias) => `${alias} { ${what} }`).join(" ")} }`;
    expect(costOf(asking("snapshots { takenAt }"), { input })).toBeGreaterThan(450_000);
    expect(costOf(asking("at"), { input })).toBeGreaterThan(45_000);
  });

  it("is that of its instants alone where it will be refused", () => {
    expect(costOf(preview, { input: { ...month, at: "2025-01-01T00:00:00Z" } })).toBe(1);
    expect(costOf(preview, { input: { ...month, tier: "GOLD", at: 7 } })).toBe(1);
    expect(costOf(preview, { input: { ...month, tier: "FREE", onDemandAt: instants(10_001) } })).toBe(
      1 + 1001,
    );
    for (const input of [null, "x", 7, []]) expect(costOf(preview, { input })).toBe(1);
  });
});

describe("the cost of reading the schema", () => {
  const anonymous = (text: string) => text.replace("query IntrospectionQuery", "query");
  const ordinary = anonymous(getIntrospectionQuery({ inputValueDeprecation: true }));

  it("of tools stays far within what a key may use up", () => {
    for (const text of [
      ordinary,
      anonymous(getIntrospectionQuery({ specifiedByUrl: true, oneOf: true, schemaDescription: true })),
    ])
      expect(costOf(text)).toBeLessThan(defaultLimits.cost / 4);
  });

  it("is a point for two of the objects that the answer holds", () => {
    for (const text of [
      ordinary,
      '{ __type(name: "Query") { fields { args { type { ofType { name } } } } } }',
    ]) {
      const { data } = execute({ schema, document: parse(text) }) as { data?: Record<string, unknown> };
      let counted = -1;
      JSON.stringify(data, (_, value: unknown) => {
        if (typeof value === "object" && value !== null && !Array.isArray(value)) counted++;
        return value;
      });
      expect(Math.abs(costOf(text) - Math.max(100, counted / 2))).toBeLessThan(counted / 20 + 1);
    }
  });

  it("counts every alias, and is not given back", () => {
    const types =
      "types { name fields(includeDeprecated: true) { name args { name type { name ofType { name } } } } }";
    const aliased = `{ __schema { ${Array.from({ length: 49 }, (_, n) => `a${n}: ${types}`).join(" ")} } }`;
    expect(costOf(aliased)).toBeGreaterThan(defaultLimits.cost);
    const spread = `{ __schema { ${Array.from({ length: 49 }, (_, n) => `a${n}: types { ...T }`).join(" ")} } }
      fragment T on __Type { fields { args { type { ofType { name } } } } inputFields { type { name } } }`;
    expect(costOf(spread)).toBeGreaterThan(defaultLimits.cost);
    const plan = planOf("{ s: __schema { types { name } } viewer { role } }");
    const reckoning = reckon(plan, {});
    expect(actualCost(plan, reckoning, { s: { types: Array(500).fill({ name: "x" }) }, viewer: {} })).toBe(
      101,
    );
  });

  it("is reckoned at once, however its fragments unfold", () => {
    const fragments = Array.from({ length: 40 }, (_, n) => {
      const next = n < 39 ? `...F${n + 1}` : "name";
      return `fragment F${n} on __Type { ${Array.from({ length: 8 }, (_, i) => `a${i}: ofType { ${next} } ...G`).join(" ")} }`;
    });
    const text = `{ __schema { types { fields { args { type { ...F0 } } } } } } ${fragments.join(" ")} fragment G on __Type { name }`;
    const began = performance.now();
    planDocument(schema, parse(text), sizes);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:1:2:3::", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
])("the strangers of %s are counted as those of %s", (address, network) => {
  expect(bucketOf({ address })).toBe(`address ${network}`);
});

describe("a bucket", () => {
  const clock = createTestClock(new Date(0));
  const open = () => new Buckets({ clock, capacity: 100, perSecond: 10 });

  it("refuses what would overflow, says truly when to come again, and leaks", () => {
    const buckets = open();
    expect(buckets.take("a", 60)).toMatchObject({ allowed: true, remaining: 40 });
    expect(buckets.take("a", 60)).toMatchObject({ allowed: false, remaining: 40, retryAfter: 2 });
    expect(buckets.take("b", 60).allowed).toBe(true);
    clock.advance(1999);
    expect(buckets.take("a", 60).allowed).toBe(false);
    clock.advance(1);
    expect(buckets.take("a", 60)).toMatchObject({ allowed: true, remaining: 0, emptyAfter: 10 });
  });

  it("takes back what was not used, and admits once what is larger than itself", () => {
    const buckets = open();
    buckets.take("a", 90);
    expect(buckets.settle("a", -80)).toMatchObject({ remaining: 90 });
    expect(buckets.take("c", 1000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(buckets.take("c", 1)).toMatchObject({ allowed: false, retryAfter: 1 });
  });

  it("is not forgotten before it has run empty, however many others there are", () => {
    const buckets = open();
    buckets.take("full", 100);
    for (let n = 0; n < 10_001; n++) buckets.take(`other ${n}`, 0);
    expect(buckets.take("full", 1).allowed).toBe(false);
  });

  it("is one for all processes, once they have heard of each other", async () => {
    const { db, drop } = await createTestDatabase();
    const [one, other] = [open(), open()];
    one.take("a", 70);
    other.take("a", 60);
    await shareBuckets(db, one);
    await shareBuckets(db, other);
    // By the database's clock some of it has leaked meanwhile.
    expect(other.take("a", 30).allowed).toBe(false);
    one.settle("a", -20);
    await shareBuckets(db, one);
    other.take("a", 0.001);
    await shareBuckets(db, other);
    expect(other.take("a", 15).remaining).toBeLessThan(35);
    await shareBuckets(db, one);
    expect(await db.$count(rateBuckets)).toBe(1);
    await sweepBuckets(db, one).run();
    expect(await db.$count(rateBuckets)).toBe(1);
    await db.update(rateBuckets).set({ updatedAt: new Date(0) });
    expect(await sweepBuckets(db, one).run()).toBe(1);
    await drop();
  });
});

describe("over HTTP", () => {
  let edge: Edge;
  beforeAll(async () => {
    const limits = { ...defaultLimits, cost: 500, depth: 6, aliases: 10, directives: 5, tokens: 300 };
    const clock = createTestClock(new Date(0));
    const buckets = new Buckets({ clock, capacity: 600, perSecond: 100 });
    edge = await startEdge({ limits, buckets });
  });
  afterAll(() => edge.close());
  const refusal = (answer: Answer<unknown>) => [answer.status, answer.errors?.[0]?.extensions.code];

  it.each([
    [
      "too deep",
      "{ instances { nodes { snapshots { nodes { base { base { id } } } } } } }",
      "DOCUMENT_TOO_COMPLEX",
    ],
    [
      "of too many aliases",
      `{ ${Array.from({ length: 11 }, (_, n) => `a${n}: __typename`).join(" ")} }`,
      "DOCUMENT_TOO_COMPLEX",
    ],
    [
      "of too many directives",
      `{ viewer { ${Array(6).fill("... @include(if: true) { role }").join(" ")} } }`,
      "DOCUMENT_TOO_COMPLEX",
    ],
    ["of too many words", `{ ${Array(400).fill("__typename").join(" ")} }`, "GRAPHQL_PARSE_FAILED"],
    [
      "that costs too much",
      "{ instances(first: 100) { nodes { snapshots(first: 100) { nodes { id } } } } }",
      "COST_LIMIT_EXCEEDED",
    ],
  ])("a document %s is refused", async (_, text, code) => {
    const answer = await edge.ask(text);
    expect(refusal(answer)).toEqual([400, code]);
    expect(answer.data).toBeUndefined();
  });

  it.each(["toString", "constructor", "__proto__"])(
    "a list that comes as the default of $%s is counted",
    async (name) => {
      const ids = JSON.stringify(Array(200).fill("x"));
      const many = await edge.ask(
        `query ($${name}: [ID!]! = ${ids}) { a: nodes(ids: $${name}) { id } b: nodes(ids: $${name}) { id } c: nodes(ids: $${name}) { id } }`,
      );
      expect(refusal(many)).toEqual([400, "COST_LIMIT_EXCEEDED"]);
    },
  );

  it("errors of one document are told five at most", async () => {
    const answer = await edge.ask(`{ ${Array.from({ length: 20 }, (_, n) => `x${n}`).join(" ")} }`);
    expect(answer.errors?.length).toBeLessThanOrEqual(6);
  });

  it("introspection needs a key, and suggestions are not made to strangers", async () => {
    const introspect = "{ __schema { queryType { name } } }";
    expect((await edge.ask(introspect)).data).toEqual({ __schema: { queryType: { name: "Query" } } });
    expect(refusal(await edge.ask(introspect, {}, "nobody"))).toEqual([400, "INTROSPECTION_DISABLED"]);
    expect((await edge.ask("{ instance }")).errors?.[0]?.message).toBeDefined();
    expect((await edge.ask("{ instanc { id } }")).errors?.[0]?.message).toMatch(/Did you mean/);
    expect((await edge.ask("{ instanc { id } }", {}, "nobody")).errors?.[0]?.message).not.toMatch(/mean/);
    expect((await edge.ask("{ instanc }", {}, "nobody")).errors?.[0]?.message).toMatch(/Cannot query field/);
  });

  it("answers tell what they cost; who has used up its points is told when to come again", async () => {
    const post = async (query: string) =>
      fetch(`${edge.url}/graphql`, {
        method: "POST",
        headers: { authorization: "Bearer admin", "content-type": "application/json" },
        body: JSON.stringify({ query }),
      });
    const first = await post("{ instances(first: 50) { nodes { id } } }");
    expect(await first.json()).toMatchObject({
      extensions: { cost: { requested: 51, actual: 2, remaining: 598 } },
    });
    expect(first.headers.get("ratelimit-policy")).toBe('"cost";q=600;w=6');
    expect(first.headers.get("ratelimit")).toBe('"cost";r=598;t=1');
    for (let spent = 0; spent < 5; spent++) await post("{ __schema { queryType { name } } }");
    const refused = await post("{ __schema { queryType { name } } }");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    // Its reading is not given back.
    expect(refused.headers.get("ratelimit")).toBe('"cost";r=97;t=6');
    expect(await refused.json()).toMatchObject({
      errors: [
        { extensions: { code: "RATE_LIMITED", retryAfter: 1, cost: { requested: 100, remaining: 97 } } },
      ],
    });
    // Other keys have buckets of their own.
    expect((await edge.ask("{ viewer { role } }", {}, "viewer")).status).toBe(200);
  });

  it.each([
    ["documents that are none", "{ viewer {", "GRAPHQL_PARSE_FAILED"],
    ["documents that are not valid", "{ viewer { nothing } }", "GRAPHQL_VALIDATION_FAILED"],
    ["documents that are too complex", `{ ${"a: __typename ".repeat(11)} }`, "DOCUMENT_TOO_COMPLEX"],
    [
      "operations that are not there",
      "query A { viewer { role } } query B { viewer { role } }",
      "OPERATION_RESOLUTION_FAILURE",
    ],
  ])("who sends nothing but %s uses up points as well", async (_, text, code) => {
    const buckets = new Buckets({ clock: createTestClock(new Date(0)), capacity: 5, perSecond: 1 });
    const small = await startEdge({ limits: { ...defaultLimits, aliases: 10 }, buckets });
    for (let sent = 0; sent < 5; sent++) {
      const answer = await small.ask(text);
      expect(answer.errors?.[0]?.extensions.code).toBe(code);
      expect(answer.status).not.toBe(429);
    }
    expect(refusal(await small.ask(text))).toEqual([429, "RATE_LIMITED"]);
    // Of an operation that runs, its reading is a part and no more.
    expect((await small.ask("{ viewer { role } }", {}, "member")).status).toBe(200);
    expect(buckets.settle(small.keyIdOf("member"), 0).remaining).toBe(4);
    await small.close();
  });

  it.each(["a socket", "an event stream"])("nor does it cost less by %s", async (transport) => {
    const buckets = new Buckets({ clock: createTestClock(new Date(0)), capacity: 5, perSecond: 1 });
    const small = await startEdge({ buckets });
    const socket = createClient({
      url: `${small.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: "Bearer viewer" },
    });
    const overSocket = (query: string) =>
      new Promise<unknown>((resolve) =>
        socket.subscribe({ query }, { next: resolve, error: resolve, complete: () => resolve(undefined) }),
      );
    const overStream = async (query: string) => {
      const headers = { authorization: "Bearer viewer", "content-type": "application/json" };
      const body = JSON.stringify({ query });
      return (await fetch(`${small.url}/graphql/stream`, { method: "POST", headers, body })).text();
    };
    const ask = async (query: string) =>
      JSON.stringify(await (transport === "a socket" ? overSocket : overStream)(query));
    for (const text of ["{ viewer {", "{ viewer { nothing } }", "{", "{ nothing }", "subscription { no }"])
      expect(await ask(text)).toMatch(/GRAPHQL_(PARSE|VALIDATION)_FAILED/);
    expect(await ask("{ viewer {")).toMatch(/RATE_LIMITED/);
    await socket.dispose();
    await small.close();
  });

  it("a mutation that is refused costs as much as one that is not", async () => {
    const mutation =
      'mutation { ...F } fragment F on Mutation { takeSnapshot(input: { instanceId: "x" }) { replayed } }';
    const viewing = edge.keyIdOf("viewer");
    const had = edge.parts.buckets.settle(viewing, 0).remaining;
    expect((await edge.ask(mutation)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect(edge.parts.buckets.settle(viewing, 0).remaining).toBe(had - 11);
  });
});

it("the plan knows no type by name alone", () => {
  const other = parseSchema("type Query { list: [Thing] one: Thing } type Thing { id: ID }");
  const plan = planDocument(other, parse("{ list { id } one { id } }"), sizes).get("")!;
  expect(reckon(plan, {}).requested).toBe(11);
});
