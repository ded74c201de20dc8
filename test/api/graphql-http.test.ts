import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { defaultLimits } from "../../src/config/limits.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ limits: { ...defaultLimits, bodyBytes: 4096 } });
});
afterAll(() => edge.close());

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

async function send(path: string, init: RequestInit & { key?: string } = {}) {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${init.key ?? "viewer"}`);
  const response = await fetch(`${edge.url}/graphql${path}`, { ...init, headers });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    allow: response.headers.get("allow"),
    body: JSON.parse(text) as Answer,
    code: (JSON.parse(text) as Answer).errors?.[0]?.extensions.code,
  };
}
const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}, key?: string) =>
  send("", { method: "POST", body, headers: { "content-type": "application/json", ...headers }, key });
const ask = (query: string, headers?: Record<string, string>, key?: string) =>
  post(JSON.stringify({ query }), headers, key);
const get = (query: string, headers: Record<string, string> = { "apollo-require-preflight": "true" }) =>
  send(`?query=${encodeURIComponent(query)}`, { headers });

const modern = { accept: "application/graphql-response+json" };
const legacy = { accept: "application/json" };

describe("the status", () => {
  it.each([
    ["a syntax error", "{", "GRAPHQL_PARSE_FAILED"],
    ["an unknown field", "{ nothing }", "GRAPHQL_VALIDATION_FAILED"],
    ["a missing variable", "query ($id: ID!) { instance(id: $id) { id } }", "BAD_USER_INPUT"],
  ])(
    "of %s is 200 for application/json, 400 for application/graphql-response+json",
    async (_, query, code) => {
      expect(await ask(query, legacy)).toMatchObject({ status: 200, code });
      expect(await ask(query, modern)).toMatchObject({ status: 400, code });
      expect((await ask(query, modern)).body).not.toHaveProperty("data");
    },
  );

  it("of an answer is 200 for both, each in its own type, and 406 for neither", async () => {
    const query = "{ viewer { role } }";
    expect(await ask(query, legacy)).toMatchObject({ status: 200, type: "application/json; charset=utf-8" });
    expect(await ask(query, modern)).toMatchObject({
      status: 200,
      type: "application/graphql-response+json; charset=utf-8",
    });
    expect((await ask(query, { accept: "image/png" })).status).toBe(406);
  });

  it("of a bad key is 401 for both", async () => {
    for (const headers of [legacy, modern])
      expect(await ask("{ viewer { role } }", headers, "wrong")).toMatchObject({
        status: 401,
        code: "UNAUTHENTICATED",
      });
  });
});

describe("GET", () => {
  it("answers queries", async () => {
    expect((await get("{ viewer { role } }")).body).toMatchObject({ data: { viewer: { role: "VIEWER" } } });
  });
  it("is refused to mutations", async () => {
    expect(await get("mutation { __typename }")).toMatchObject({
      status: 405,
      allow: "POST",
      code: "BAD_REQUEST",
    });
  });
  it("is refused where another site's page could have sent it", async () => {
    expect(await get("{ viewer { role } }", {})).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });
});

describe("a body is refused", () => {
  it.each<[string, string | Buffer<ArrayBuffer>, Record<string, string>, number]>([
    ["that is no JSON", "{", {}, 400],
    ["that is empty", "", {}, 400],
    ["that is no object", '"{ viewer { role } }"', {}, 400],
    ["that holds a batch of 100", JSON.stringify(Array(100).fill({ query: "{ __typename }" })), {}, 400],
    ["that is not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), {}, 400],
    [
      "in another charset",
      '{"query":"{ __typename }"}',
      { "content-type": "application/json; charset=latin1" },
      415,
    ],
    [
      "that is a form",
      "query=%7B__typename%7D",
      { "content-type": "application/x-www-form-urlencoded" },
      400,
    ],
    ["larger than the limit", JSON.stringify({ query: `{ viewer { role } } #${"x".repeat(4096)}` }), {}, 413],
    ["of 10 MB, while the limit is 4 KB", "x".repeat(10 * 1024 * 1024), {}, 413],
  ])("%s", async (_, body, headers, status) => {
    // Beyond 64 times the limit the socket may end before the client has sent all.
    const answer = await post(body, headers).catch((error: Error) => error.cause);
    if (answer instanceof Error)
      expect((answer as NodeJS.ErrnoException).code).toMatch(/EPIPE|ECONNRESET|UND_ERR_SOCKET/);
    else expect(answer).toMatchObject({ status, code: "BAD_REQUEST" });
    expect((await ask("{ viewer { role } }")).status).toBe(200);
  });
});

it("knows no other method", async () => {
  expect(await send("", { method: "DELETE", headers: { "apollo-require-preflight": "true" } })).toMatchObject(
    { status: 405, allow: "GET, POST" },
  );
});

it("logs none of this as a fault", () => {
  expect(edge.logged).toEqual([]);
});

it("what Apollo Server says by itself is a line of the log as any other, without values", async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: "trace", destination: { write: (line) => void lines.push(line) } });
  const spoken = (["debug", "info", "warn", "error", "log", "trace"] as const).map((method) =>
    vi.spyOn(console, method),
  );
  // Beneath its plugins: there it tells of the error in a text of its own.
  const fault = () => {
    throw new Error("Failed query: select $1\nparams: sesame");
  };
  const broken = await startEdge({ logger, metrics: { ...createMetrics(), graphql: fault } });
  expect((await broken.ask("{ viewer { role } }")).status).toBe(500);
  await broken.close();
  expect(spoken.flatMap((spy) => spy.mock.calls)).toEqual([]);
  vi.restoreAllMocks();
  const said = lines.map((line) => JSON.parse(line) as { msg: string; err?: { message: string } });
  const told = said.find(({ msg }) => msg === "Apollo Server says");
  expect(told?.err?.message).toContain("Failed query: select $1");
  expect(lines.join("")).not.toContain("sesame");
});
