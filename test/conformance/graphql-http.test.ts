import { auditServer, type AuditResult } from "graphql-http";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { HttpParts } from "../../src/app/http-server.js";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

/** The suite that the authors of the specification keep. Browsers cannot send the second header unasked. */
const audit = (of: Edge, key: string | undefined): Promise<AuditResult[]> =>
  auditServer({
    url: `${of.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
      headers.set("apollo-require-preflight", "true");
      return fetch(url, { ...init, headers });
    },
  });

/** What is short of `ok`, in words; every audit must have run. */
async function shortcomings(of: Edge, key: string | undefined): Promise<string[]> {
  const results = await audit(of, key);
  expect(results).toHaveLength(61);
  return results.flatMap((one) =>
    one.status === "ok" ? [] : [`${one.id} ${one.status}: ${one.name}: ${one.reason}`],
  );
}

it.each(["viewer", "member", "admin"])(
  "GraphQL over HTTP: every audit passes without a warning for the key %s",
  async (key) => {
    expect(await shortcomings(edge, key)).toEqual([]);
  },
);

it.each<[string, Partial<HttpParts>, string | undefined]>([
  // Four audits ask for a type, which strangers may not unless they are let.
  ["for strangers, where all may read the schema", { introspection: "everyone" }, undefined],
  ["where queries are compiled at once", { compileAfter: 0 }, "viewer"],
])("GraphQL over HTTP: every audit passes without a warning %s", async (_, changes, key) => {
  const other = await startEdge(changes);
  expect(await shortcomings(other, key)).toEqual([]);
  await other.close();
});
