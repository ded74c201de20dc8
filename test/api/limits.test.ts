import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Buckets } from "../../src/api/limits/buckets.js";
import { defaultLimits } from "../../src/config/limits.js";
import { createTestClock } from "../support/clock.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

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
