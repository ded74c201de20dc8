import { execute, getIntrospectionQuery, buildSchema as parseSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { buildSchema } from "../../src/api/build-schema.js";
import { createListSizes } from "../../src/api/limits/list-sizes.js";
import { planDocument } from "../../src/api/limits/plan-document.js";
import { defaultLimits } from "../../src/config/limits.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { actualCost, reckon } from "../../src/api/limits/cost.js";

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

it("the plan knows no type by name alone", () => {
  const other = parseSchema("type Query { list: [Thing] one: Thing } type Thing { id: ID }");
  const plan = planDocument(other, parse("{ list { id } one { id } }"), sizes).get("")!;
  expect(reckon(plan, {}).requested).toBe(11);
});
