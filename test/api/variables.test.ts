import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { toGlobalId } from "../../src/ids.js";
import { codesOf, openSocket, transports } from "./ask-over.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
// What a client got wrong is no fault of ours, and no log's.
afterEach(() => expect(edge.logged.splice(0)).toEqual([]));

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const instancesOf =
  "query ($first: Int, $filter: InstanceFilter) { instances(first: $first, filter: $filter) { nodes { id } } }";

describe.each(transports)("over %s", (transport, ask) => {
  const misfits: [what: string, query: string, variables: object][] = [
    ["a number that is none", instancesOf, { first: "sesame" }],
    ["an object for an id", "query ($id: ID!) { instance(id: $id) { id } }", { id: { sesame: "sesame" } }],
    ["no value where one is needed", "query ($id: ID!) { instance(id: $id) { id } }", {}],
    ["null where a value is needed", "query ($id: ID!) { instance(id: $id) { id } }", { id: null }],
    [
      "a list in a mutation",
      `mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { errors { __typename } } }`,
      { name: ["sesame"] },
    ],
  ];
  if (transport !== "HTTP")
    misfits.push([
      "a text in a subscription",
      `subscription ($id: ID!, $after: Int) { operationProgress(operationId: $id, afterRevision: $after) { id } }`,
      { id: "op_x", after: "sesame" },
    ]);
  it.each(misfits)("a variable that does not fit is BAD_USER_INPUT: %s", async (_, query, variables) => {
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

  it.each([
    ["@include", "query ($b: Boolean = false) { viewer { role @include(if: $b) } }"],
    [
      "@skip of the root, in a fragment",
      "query ($b: Boolean = true) { ...F } fragment F on Query { viewer @skip(if: $b) { role } }",
    ],
    ["an argument with a default", 'query ($b: ID = "a") { node(id: $b) { id } }'],
  ])("null is refused where a value is needed: %s", async (_, query) => {
    // Also once it has been compiled.
    expect((await ask(edge, { query })).errors).toBeUndefined();
    for (let time = 0; time < 3; time++) {
      const told = await ask(edge, { query, variables: { b: null } });
      expect(codesOf(told)).toEqual(["BAD_USER_INPUT"]);
      expect(told.errors?.[0]?.message).toBe(
        'Variable "$b" must not be null: it stands where a value is needed.',
      );
      if (transport === "HTTP") expect(told.status).toBe(400);
    }
  });

  it("null is what it is where it may stand", async () => {
    const told = await ask(edge, { query: instancesOf, variables: { first: null, filter: null } });
    expect(told).toMatchObject({ data: { instances: { nodes: [{}] } } });
  });

  it("values are nested so deep and no deeper", async () => {
    for (const levels of [33, 100_000]) {
      const params = `{"query":${JSON.stringify(instancesOf)},"variables":{"filter":${nested(levels)}}}`;
      const told = await ask(edge, params);
      expect(codesOf(told)).toEqual(["BAD_USER_INPUT"]);
      expect(told.errors?.[0]?.message).toMatch(/nested/);
    }
  });

  it("what is not declared counts for nothing, however deep", async () => {
    const query = "{ viewer { role } }";
    const told = await ask(edge, `{"query":"${query}","variables":{"x":${nested(100_000)}}}`);
    expect(told).toMatchObject({ data: { viewer: { role: "VIEWER" } } });
  });
});

describe("a subscription", () => {
  const [, ...streaming] = transports;
  const query = "subscription ($id: ID!) { operationProgress(operationId: $id) { status } }";

  it.each(streaming)("over %s keeps and compares what it declares alone", async (_, ask) => {
    const id = toGlobalId("operation", await edge.insertOperation({ exclusive: false }));
    for (const unused of [nested(10_000), '"x"'])
      expect(
        await ask(edge, `{"query":"${query}","variables":{"id":"${id}","unused":${unused}}}`),
      ).toMatchObject({ data: { operationProgress: { status: "RUNNING" } } });
  });

  it.each(streaming)("over %s may be so large and no larger", async (_, ask) => {
    const variables = { id: toGlobalId("operation", await edge.insertOperation({ exclusive: false })) };
    const { keptBytes } = edge.parts.limits;
    for (const more of [
      { query: `${query} #${"x".repeat(keptBytes)}`, variables },
      { query, variables: { ...variables, unused: "x".repeat(keptBytes) } },
      { query, variables, extensions: { unused: "x".repeat(keptBytes) } },
    ]) {
      const told = await ask(edge, more);
      expect(told.errors).toMatchObject([
        { extensions: { code: "SUBSCRIPTION_TOO_LARGE", allowed: keptBytes } },
      ]);
    }
    // What is answered at once is not kept.
    const unused = "x".repeat(keptBytes);
    expect(await ask(edge, { query: "{ viewer { role } }", variables: { unused } })).toMatchObject({
      data: { viewer: { role: "VIEWER" } },
    });
  });

  it("of which one socket and another declare the same is one, whatever else they send", async () => {
    const id = toGlobalId("operation", await edge.insertOperation({ exclusive: false }));
    const sockets = await Promise.all(["a", "b"].map(() => openSocket(edge)));
    for (const [index, socket] of sockets.entries()) {
      const payload = { query, variables: { id, unused: index } };
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
      await once(socket, "message");
    }
    const { values } = await edge.parts.metrics.registry
      .getSingleMetric("daguerre_shared_subscriptions")!
      .get();
    expect(values[0]?.value).toBe(1);
    for (const socket of sockets) socket.terminate();
  });
});

it("a socket introduces itself in so many bytes and no more", async () => {
  const socket = new WebSocket(`${edge.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await once(socket, "open");
  const unused = "x".repeat(edge.parts.limits.keptBytes);
  socket.send(
    JSON.stringify({ type: "connection_init", payload: { authorization: "Bearer viewer", unused } }),
  );
  expect((await once(socket, "close"))[0]).toBe(4400);
});
