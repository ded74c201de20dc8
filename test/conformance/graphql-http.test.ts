import { auditServer, type AuditResult } from "graphql-http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

/** The suite that the authors of the specification keep. Browsers cannot send the second header unasked. */
const audit = (key: string): Promise<AuditResult[]> =>
  auditServer({
    url: `${edge.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${key}`);
      headers.set("apollo-require-preflight", "true");
      return fetch(url, { ...init, headers });
    },
  });

it.each(["viewer", "member", "admin"])(
  "GraphQL over HTTP: every audit passes for the key %s",
  async (key) => {
    const results = await audit(key);
    const short = results.flatMap((one) =>
      one.status === "ok" ? [] : [`${one.id} ${one.status}: ${one.name}: ${one.reason}`],
    );
    expect(short).toEqual([]);
    expect(results).toHaveLength(61);
  },
);
