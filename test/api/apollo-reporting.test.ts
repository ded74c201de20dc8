import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEdge } from "./edge.js";

/** Addresses outside this machine that the process has asked for. */
let asked: string[];
beforeEach(() => {
  asked = [];
  const real = fetch;
  vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    if (new URL(url).hostname === "127.0.0.1") return real(input, init);
    asked.push(url);
    return Promise.resolve(new Response("", { status: 200 }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

it("sends no operation to Apollo, whatever the environment says", async () => {
  vi.stubEnv("APOLLO_KEY", "service:someone:secret");
  vi.stubEnv("APOLLO_GRAPH_REF", "someone@current");
  const edge = await startEdge();
  const { status } = await edge.ask("{ viewer { project } }");
  // Reports that are still to be sent go as the server stops.
  await edge.close();
  expect({ status, asked }).toEqual({ status: 200, asked: [] });
});

it("installs no reporting of the schema, whatever the environment says", async () => {
  // Were it installed, its lack of a key would keep the server from starting.
  vi.stubEnv("APOLLO_SCHEMA_REPORTING", "true");
  const edge = await startEdge();
  const { status } = await edge.ask("{ viewer { project } }");
  await edge.close();
  expect(status).toBe(200);
});
