import { createClient } from "graphql-sse";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { weightOf } from "../../src/api/kept-documents.js";
import { SubscribedWeight } from "../../src/api/subscribed-weight.js";
import { defaultLimits } from "../../src/config/limits.js";
import { type Edge, startEdge } from "./edge.js";

describe("what a project's subscriptions keep", () => {
  const [one, another] = [parse("subscription { a }"), parse("subscription { b }")];
  const variables = { id: "x".repeat(90) };
  const own = JSON.stringify(variables).length;

  it("is each document once, and each client's variables", () => {
    const kept = new SubscribedWeight(weightOf(one) + 3 * own);
    const leave = [1, 2, 3].map(() => kept.enter("p", one, variables));
    expect(leave).not.toContain(undefined);
    expect(kept.enter("p", one, variables)).toBeUndefined();
    // Once: another client's are not let go of with it.
    leave[0]?.();
    leave[0]?.();
    expect(kept.enter("p", one, variables)).toBeDefined();
    expect(kept.enter("p", one, variables)).toBeUndefined();
  });

  it("is no more than it may, and another project's is apart", () => {
    const kept = new SubscribedWeight(weightOf(one) + 10);
    const leave = kept.enter("p", one, {});
    expect(kept.enter("p", another, {})).toBeUndefined();
    expect(kept.enter("q", another, {})).toBeDefined();
    leave?.();
    expect(kept.enter("p", another, {})).toBeDefined();
  });

  it("is a document for each time that it was parsed: each has a tree of its own", () => {
    const kept = new SubscribedWeight(weightOf(one) + 10);
    kept.enter("p", one, {});
    expect(kept.enter("p", parse("subscription { a }"), {})).toBeUndefined();
  });
});

describe("over the wire", () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ limits: { ...defaultLimits, projectSubscriptionBytes: 50_000 } });
  });
  afterAll(() => edge.close());

  /** Each text is long, and its own. */
  function follow(name: string) {
    const client = createClient({
      url: `${edge.url}/graphql/stream`,
      headers: { authorization: "Bearer viewer" },
      retryAttempts: 0,
    });
    const heard: unknown[] = [];
    const leave = client.subscribe<{ code?: string }>(
      { query: `subscription ${name} { projectChanged { __typename } } #${"x".repeat(19_000)}` },
      {
        next: ({ errors }) => heard.push(errors?.[0]?.extensions?.["code"]),
        error: (error) => heard.push(error),
        complete: () => heard.push("end"),
      },
    );
    return { heard, leave };
  }
  const open = async () =>
    (await edge.parts.metrics.registry.getSingleMetric("daguerre_subscriptions")!.get()).values[0]?.value ??
    0;

  it("a project that keeps as much as it may follows no more, until it has ended one", async () => {
    const all = [follow("A"), follow("B")];
    await vi.waitFor(async () => expect(await open()).toBe(2), { timeout: 5000 });
    const refused = follow("C");
    await vi.waitFor(() => expect(refused.heard).toEqual(["TOO_MANY_SUBSCRIPTIONS", "end"]), {
      timeout: 5000,
    });
    all[0]!.leave();
    await vi.waitFor(async () => expect(await open()).toBe(1), { timeout: 5000 });
    const taken = follow("D");
    await vi.waitFor(async () => expect(await open()).toBe(2), { timeout: 5000 });
    expect(taken.heard).not.toContain("TOO_MANY_SUBSCRIPTIONS");
    all[1]!.leave();
    taken.leave();
  });
});
