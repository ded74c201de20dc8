import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codesOf, overHttp, transports } from "./ask-over.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
afterEach(() => expect(edge.logged.splice(0)).toEqual([]));

const conditional = [
  "subscription { projectChanged @skip(if: true) { subject } }",
  "subscription { projectChanged @include(if: false) { subject } }",
  "subscription ($b: Boolean!) { projectChanged @skip(if: $b) { subject } }",
  "subscription { ... @include(if: false) { projectChanged { subject } } }",
  "subscription { ...F } fragment F on Subscription { ... { projectChanged @skip(if: true) { subject } } }",
  "subscription { ...F } fragment F on Subscription { ...F projectChanged @skip(if: true) { subject } }",
];

describe.each(transports.slice(1))("over %s", (_, ask) => {
  it.each(conditional)("what is followed must not depend on a condition: %s", async (query) => {
    const told = await ask(edge, { query, variables: { b: true } });
    expect(codesOf(told)).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
    expect(told.errors?.[0]?.message).toMatch(/@skip or @include/);
  });

  it.each([
    ["a name that no operation has", "query A { viewer { role } }", "B"],
    ["no name where there are several", "query A { viewer { role } } query B { viewer { role } }", undefined],
  ])("an operation that is not there is told as over HTTP: %s", async (_what, query, operationName) => {
    const told = await ask(edge, { query, operationName });
    expect(codesOf(told)).toEqual(["OPERATION_RESOLUTION_FAILURE"]);
    expect(told.errors).toEqual((await overHttp(edge, { query, operationName })).errors);
  });
});

it.each(["subscription { projectChanged { subject } }", ...conditional])(
  "HTTP says where a subscription is followed: %s",
  async (query) => {
    const told = await overHttp(edge, { query, variables: { b: true } });
    expect([told.status, codesOf(told)]).toEqual([400, ["BAD_REQUEST"]]);
    expect(told.errors?.[0]?.message).toMatch(/WebSocket/);
    expect(
      codesOf(await overHttp(edge, { query: `query A { viewer { role } } ${query}`, operationName: "B" })),
    ).toHaveLength(1);
  },
);

it("HTTP answers a query beside a subscription", async () => {
  const query = "query A { viewer { role } } subscription B { projectChanged { subject } }";
  expect(await overHttp(edge, { query, operationName: "A" })).toMatchObject({
    data: { viewer: { role: "VIEWER" } },
  });
});

it("HTTP says so also of a document that it knows by its hash", async () => {
  const query = "query A { viewer { role } } subscription B { projectChanged { subject } }";
  const sha256Hash = createHash("sha256").update(query).digest("hex");
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  await overHttp(edge, { query, operationName: "A", extensions });
  expect(await overHttp(edge, { operationName: "A", extensions })).toHaveProperty("data");
  const told = await overHttp(edge, { operationName: "B", extensions });
  expect([told.status, codesOf(told)]).toEqual([400, ["BAD_REQUEST"]]);
  expect(told.errors?.[0]?.message).toMatch(/WebSocket/);
});
