import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codesOf, transports } from "./ask-over.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
// What a client got wrong is no fault of ours, and no log's.
afterEach(() => expect(edge.logged).toEqual([]));

const instancesOf =
  "query ($first: Int, $filter: InstanceFilter) { instances(first: $first, filter: $filter) { nodes { id } } }";

describe.each(transports)("over %s", (transport, ask) => {
  it.each([
    ["a number that is none", instancesOf, { first: "sesame" }],
    ["an object for an id", "query ($id: ID!) { instance(id: $id) { id } }", { id: { sesame: "sesame" } }],
    ["no value where one is needed", "query ($id: ID!) { instance(id: $id) { id } }", {}],
    ["null where a value is needed", "query ($id: ID!) { instance(id: $id) { id } }", { id: null }],
    [
      "a list in a mutation",
      `mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { errors { __typename } } }`,
      { name: ["sesame"] },
    ],
    ...(transport === "HTTP"
      ? []
      : ([
          [
            "a text in a subscription",
            `subscription ($id: ID!, $after: Int) { operationProgress(operationId: $id, afterRevision: $after) { id } }`,
            { id: "op_x", after: "sesame" },
          ],
        ] as const)),
  ])("a variable that does not fit is BAD_USER_INPUT: %s", async (_, query, variables) => {
    const told = await ask(edge, { query, variables }, "admin");
    expect(codesOf(told)).toEqual(["BAD_USER_INPUT"]);
    expect(told.errors?.[0]?.message).toMatch(/^Variable "\$/);
    if (transport === "HTTP") expect(told.status).toBe(400);
  });

  it("so are too many that do not fit, and what they quote is cut", async () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`field${n}`, "x".repeat(200)]));
    const told = await ask(edge, { query: instancesOf, variables: { filter: fields } });
    expect(new Set(codesOf(told))).toEqual(new Set(["BAD_USER_INPUT"]));
    for (const { message } of told.errors!) expect(message.length).toBeLessThan(1100);
    expect(told.errors?.[0]?.message).toMatch(/^Variable "\$filter" got .* not defined by type/s);
  });
});
