import { buildSchema as parseSchema, parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../../src/api/build-schema.js";
import { Buckets } from "../../src/api/limits/buckets.js";
import { actualCost, requestedCost, workCost } from "../../src/api/limits/cost.js";
import { planDocument } from "../../src/api/limits/plan-document.js";
import { shareBuckets, sweepBuckets } from "../../src/api/limits/share-buckets.js";
import { defaultLimits } from "../../src/config/limits.js";
import { rateBuckets } from "../../src/db/tables/index.js";
import { createTestClock } from "../support/clock.js";
import { createTestDatabase } from "../support/database.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

const schema = buildSchema();
const planOf = (text: string, name = "") => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return planDocument(schema, document).get(name)!;
};
const costOf = (text: string, variables: object = {}, name = "") =>
  requestedCost(planOf(text, name), variables as Record<string, unknown>);

describe("the cost of an operation", () => {
  it.each([
    ["{ viewer { role } }", 1],
    ["{ __typename }", 1],
    ["{ instances(first: 20) { nodes { id } } }", 21],
    ["{ instances { nodes { id } } }", 26],
    ["{ instances(last: 3) { edges { cursor node { id } } pageInfo { hasNextPage } totalCount } }", 8],
    ["{ instances(first: 20) { nodes { snapshots(first: 5) { nodes { id } } } } }", 1 + 20 * (1 + 1 + 5)],
    ["{ a: instances(first: 2) { nodes { id } } b: instances(first: 3) { nodes { id } } }", 7],
    ['{ nodes(ids: ["a", "b", "c"]) { id ... on Instance { retention { tier } } } }', 6],
    ["{ __schema { types { name } } }", 100],
    ['mutation { takeSnapshot(input: { instanceId: "x" }) { replayed } }', 11],
    [
      'mutation { ...All } fragment All on Mutation { takeSnapshot(input: { instanceId: "x" }) { replayed } }',
      11,
    ],
    [
      "{ ...All } fragment All on Query { instances(first: 4) { ...Page } } fragment Page on InstanceConnection { nodes { id } }",
      5,
    ],
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

  it("of a document that unfolds without end is reckoned at once", () => {
    // Each fragment holds the next one ten times: 10^30 fields, were it unfolded.
    const fragments = Array.from({ length: 30 }, (_, n) => {
      const next = n < 29 ? `...F${n + 1}` : "id";
      const links = Array.from({ length: 10 }, (_, i) => `a${i}: base { ${next} }`).join(" ");
      return `fragment F${n} on Snapshot { ${links} }`;
    });
    const document = parse(`query ($id: ID!) { snapshot(id: $id) { ...F0 } } ${fragments.join(" ")}`);
    const plan = planDocument(schema, document).get("")!;
    expect(requestedCost(plan, {})).toBeGreaterThan(1e30);
    expect(plan.depth).toBe(32);
  });

  it("in the end is what the answer held", () => {
    const plan = planOf("{ instances(first: 20) { nodes { id } pageInfo { hasNextPage } } }");
    expect(actualCost(plan, { instances: { nodes: [{ id: 1 }, { id: 2 }], pageInfo: {} } })).toBe(4);
    expect(actualCost(plan, null)).toBe(1);
  });
});

describe("the cost of a preview", () => {
  const text =
    "query ($input: PreviewInput!) { retentionPreview(input: $input) { at snapshots { takenAt } } }";
  const imagine = {
    ...{ tier: "VIRTUAL_DEDICATED_CLOUD", version: "V5" },
    ...{ createdAt: "2026-01-01T00:00:00.000Z", at: "2026-03-01T00:00:00.000Z" },
  };
  const named = { onDemandAt: Array(3_333).fill(imagine.at), holds: Array(6_667).fill({}) };
  const answer = 1 + 10;

  it("is little for an ordinary one: a point for each of its days", () => {
    expect(costOf(text, { input: imagine })).toBe(59 + answer);
    expect(costOf(text, { input: { ...imagine, onDemandAt: [imagine.at], holds: {} } })).toBe(60 + answer);
  });

  it("grows with what it names, wherever that stands, and with its span, up to the longest", () => {
    expect(costOf(text, { input: { ...imagine, ...named } })).toBe(59 + 2_500 + answer);
    const inline = `query ($list: [DateTime!] = ["2026-01-01T00:00:00Z"], $at: DateTime!) { retentionPreview(input: {
      tier: FREE version: V5 createdAt: "2026-01-01T00:00:00.000Z" at: $at onDemandAt: $list
      systemChangeAt: ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"] holds: [] }) { at } }`;
    expect(costOf(inline, { at: imagine.at, list: named.onDemandAt })).toBe(59 + Math.ceil(3_335 / 4) + 1);
    expect(costOf(inline, { at: imagine.at })).toBe(59 + 1 + 1);
    for (const at of ["2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "soon", 7, null])
      expect(costOf(text, { input: { ...imagine, at } })).toBe(400 + answer);
    expect(costOf(text, {})).toBe(400 + answer);
  });

  it("is charged for each alias, so that no document asks for the worst fifty times", () => {
    const fields = Array.from({ length: 50 }, (_, n) => `a${n}: retentionPreview(input: $input) { at }`);
    const document = `query ($input: PreviewInput!) { ${fields.join(" ")} }`;
    const long = { ...imagine, at: "2027-01-01T00:00:00.000Z" };
    expect(costOf(document, { input: long })).toBeGreaterThan(defaultLimits.cost);
    const few = `query ($input: PreviewInput!) { ${fields.slice(0, 4).join(" ")} }`;
    expect(costOf(few, { input: { ...imagine, ...named } })).toBeGreaterThan(defaultLimits.cost);
  });

  it("is not given back when the answer is short, whether it is asked for directly or by a fragment", () => {
    const spread = `query ($input: PreviewInput!) { ...A ...A ... { b: retentionPreview(input: $input) { at } } }
      fragment A on Query { retentionPreview(input: $input) { at } }`;
    const plan = planOf(spread);
    const work = workCost(plan, { input: imagine });
    expect(work).toBe(2 * 59);
    expect(actualCost(plan, { retentionPreview: { at: 1 }, b: { at: 1 } }, work)).toBe(2 * 59 + 2);
  });
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

  it("is as full as before when the clock steps back, and leaks on", () => {
    const buckets = open();
    buckets.take("d", 60);
    clock.advance(-3_600_000);
    expect(buckets.take("d", 40)).toMatchObject({ allowed: true, remaining: 0 });
    clock.advance(1000);
    expect(buckets.take("d", 10).allowed).toBe(true);
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
    expect(refused.headers.get("ratelimit")).toBe('"cost";r=98;t=6');
    expect(await refused.json()).toMatchObject({
      errors: [
        { extensions: { code: "RATE_LIMITED", retryAfter: 1, cost: { requested: 100, remaining: 98 } } },
      ],
    });
    // Other keys have buckets of their own.
    expect((await edge.ask("{ viewer { role } }", {}, "viewer")).status).toBe(200);
  });
});

it("the plan knows no type by name alone", () => {
  const other = parseSchema("type Query { list: [Thing] one: Thing } type Thing { id: ID }");
  const plan = planDocument(other, parse("{ list { id } one { id } }")).get("")!;
  expect(requestedCost(plan, {})).toBe(11);
});
