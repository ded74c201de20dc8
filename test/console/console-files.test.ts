import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConsoleFiles } from "../../src/console/console-files.js";
import { type Edge, startEdge } from "../api/edge.js";

const page = "<!doctype html><title>the page</title>";
const script = "export const a = 1;\n";
const asBrowser = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

let folder: string;
let edge: Edge;
let without: Edge;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dag-console-"));
  await mkdir(join(folder, "web", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.js"), "outside");
  await writeFile(join(folder, "web", "index.html"), page);
  await writeFile(join(folder, "web", "assets", "main-Ab12.js"), script);
  await writeFile(join(folder, "web", "assets", "main-Ab12.js.map"), "no kind of file that is served");
  edge = await startEdge({ console: await readConsoleFiles(join(folder, "web")) });
  without = await startEdge();
});
afterAll(async () => {
  await edge.close();
  await without.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, init: RequestInit = {}, { url } = edge) =>
  fetch(`${url}${path}`, { redirect: "manual", ...init });

it("serves the page, which may load from here alone and runs no script but files of ours", async () => {
  const response = await get("/graphiql/");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await response.text()).toBe(page);
  const policy = new Map(
    (response.headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
  expect(policy.get("default-src")).toBe("'none'");
  for (const name of ["script-src", "worker-src", "connect-src"]) expect(policy.get(name)).toBe("'self'");
  expect(policy.get("frame-ancestors")).toBe("'none'");
});

it.each([{}, { "accept-encoding": "identity" }])(
  "serves assets for good, packed or plain: %j",
  async (headers) => {
    const response = await get("/graphiql/assets/main-Ab12.js", { headers });
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(response.headers.get("content-encoding")).toBe("accept-encoding" in headers ? null : "gzip");
    expect(await response.text()).toBe(script);
  },
);

it.each([
  "/graphiql/assets",
  "/graphiql/assets/main-Ab12.js.map",
  "/graphiql/../secret.js",
  "/graphiql/..%2fsecret.js",
  "/graphiql/%2e%2e/secret.js",
  "/graphiql//index.html",
  "/graphiqlx",
])("has nothing at %s", async (path) => {
  expect((await get(path)).status).toBe(404);
});

it("answers GET and HEAD alone", async () => {
  const head = await get("/graphiql/", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const post = await get("/graphiql/", { method: "POST", body: "{}" });
  expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

describe("a browser that opens", () => {
  it.each(["/", "/graphql", "/graphiql"])("%s is sent to the page", async (path) => {
    const response = await get(path, { headers: asBrowser });
    expect([response.status, response.headers.get("location")]).toEqual([303, "graphiql/"]);
  });

  it("a link to a query gets its answer, as any program does", async () => {
    const query = `/graphql?query=${encodeURIComponent("{ __typename }")}`;
    for (const accept of [asBrowser.accept, "application/json"]) {
      const headers = { accept, authorization: "Bearer viewer", "apollo-require-preflight": "true" };
      expect(await (await get(query, { headers })).json()).toMatchObject({ data: { __typename: "Query" } });
    }
    expect((await get("/graphql", { headers: { accept: "application/json" } })).status).toBe(400);
    expect((await get("/")).status).toBe(200);
  });
});

it("serves nothing of it where it is switched off", async () => {
  for (const path of ["/graphiql", "/graphiql/", "/graphiql/assets/main-Ab12.js"])
    expect((await get(path, { headers: asBrowser }, without)).status).toBe(404);
  expect((await get("/graphql", { headers: asBrowser }, without)).status).toBe(400);
  expect(await (await get("/", { headers: asBrowser }, without)).text()).not.toContain("graphiql");
});

it("has no page where none was built", async () => {
  expect(await readConsoleFiles(join(folder, "nowhere"))).toBeUndefined();
});

it.each([{}, { "accept-encoding": "gzip" }])(
  "all who ask for a file share its bytes: %j",
  async (headers) => {
    const files = await readConsoleFiles(join(folder, "web"));
    const given: unknown[] = [];
    const response = { writeHead: () => undefined, end: (body: unknown) => void given.push(body) };
    const request = { method: "GET", headers };
    for (let asked = 0; asked < 2; asked++)
      await files?.answer(request as never, response as never, "assets/main-Ab12.js");
    expect(given[0]).toBeInstanceOf(Buffer);
    expect(given[1]).toBe(given[0]);
  },
);
