import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { createReadiness } from "../../src/app/readiness.js";
import { createFleetMetrics } from "../../src/app/fleet-metrics.js";
import { createJobQueue } from "../../src/jobs/pg-boss-queue.js";
import { snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createMetrics } from "../../src/telemetry/metrics.js";
import { type Edge, startEdge } from "../api/edge.js";
import { insertInstance, snapshotRow, start } from "../snapshots/rows.js";

const logger = createLogger({ level: "silent" });
let edge: Edge | undefined;
afterEach(async () => {
  await edge?.close();
  edge = undefined;
});
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${edge?.url}${path}`, { headers });

it("lives, and is ready as far as its parts are", async () => {
  let store: "fine" | "broken" | "mute" = "fine";
  const readiness = createReadiness({
    checks: {
      database: () => Promise.resolve(),
      store: () =>
        store === "mute"
          ? delay(60_000, undefined, { ref: false })
          : store === "fine"
            ? Promise.resolve()
            : Promise.reject(new Error("full")),
    },
    logger,
    timeoutMs: 50,
  });
  edge = await startEdge({ readiness });
  expect((await get("/livez")).status).toBe(200);
  const ready = await get("/readyz");
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, parts: { database: "ok", store: "ok" } },
  ]);
  for (const state of ["broken", "mute"] as const) {
    store = state;
    const answer = await get("/readyz");
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, parts: { database: "ok", store: "failed" } },
    ]);
  }
  store = "fine";
  readiness.retire();
  expect((await get("/readyz")).status).toBe(503);
});

it("gives metrics to whoever may have them", async () => {
  edge = await startEdge();
  expect((await get("/metrics")).status).toBe(200);
  expect((await get("/metrics", { "x-forwarded-for": "203.0.113.9" })).status).toBe(401);
  await edge.close();
  edge = await startEdge({ metricsToken: "a token for scrapers".replaceAll(" ", "-") });
  expect((await get("/metrics")).status).toBe(401);
  expect((await get("/metrics", { authorization: "Bearer another" })).status).toBe(401);
  expect((await get("/metrics", { authorization: "Bearer a-token-for-scrapers" })).status).toBe(200);
});

/** The answer's status where the client calls the service by this name; `fetch` chooses for itself. */
const statusFor = (host: string, headers: Record<string, string> = {}) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${edge?.url}/metrics`, { headers: { ...headers, host }, agent: false });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject).end();
  });

it("gives a browser's page no metrics, whose own name leads here", async () => {
  edge = await startEdge();
  for (const host of ["localhost", "LOCALHOST:4000", "127.0.0.1:4000", "127.1.2.3", "[::1]:4000"])
    expect([host, await statusFor(host)]).toEqual([host, 200]);
  for (const host of ["rebound.example:4000", "127.0.0.1.rebound.example", "localhost.rebound.example"])
    expect([host, await statusFor(host)]).toEqual([host, 401]);
  await edge.close();
  edge = await startEdge({ metricsToken: "a-token-for-scrapers" });
  const authorization = "Bearer a-token-for-scrapers";
  expect(await statusFor("daguerre.internal:4000", { authorization })).toBe(200);
});

it("counts requests by what they were, not by what they said", async () => {
  const metrics = createMetrics();
  edge = await startEdge({ metrics });
  const ask = (query: string, key: string) =>
    fetch(`${edge?.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ query }),
    }).then((response) => response.text());
  await ask("{ viewer { project } }", "viewer");
  await ask("{ viewer { nonsense } }", "viewer");
  await ask("{ viewer { project } }", "nobody");
  await ask("{ instances(first: 0) { totalCount } }", "viewer");
  await get("/no/such/path?signature=sesame");
  const text = await registryText(metrics);
  expect(text).toContain('daguerre_graphql_requests_total{type="query",outcome="ok"} 1');
  expect(text).toMatch(/daguerre_graphql_requests_total\{type="\w+",outcome="refused"\} 1/);
  expect(text).toMatch(/daguerre_graphql_requests_total\{type="query",outcome="error"\} 2/);
  expect(text).toContain(
    'daguerre_http_request_duration_seconds_count{route="/graphql",method="POST",status="200"}',
  );
  expect(text).toContain('{route="none",method="GET",status="404"} 1');
  expect(text).not.toContain("sesame");
});

const registryText = (metrics: ReturnType<typeof createMetrics>) => metrics.registry.metrics();

it("tells how the fleet stands: queues, snapshots' age, stored bytes", async () => {
  edge = await startEdge();
  const jobs = await createJobQueue({
    url: edge.databaseUrl,
    logger,
    queues: [{ name: "work", attempts: 1 }],
  });
  await edge.db.transaction((tx) => jobs.enqueue(tx, "work", { id: crypto.randomUUID() }));
  await jobs.stop();
  await edge.db.insert(snapshots).values(snapshotRow(edge.scope, edge.instanceId, {}));
  await insertInstance(edge.db, edge.scope);
  await edge.insertOperation();
  edge.clock.advance(3_600_000);
  const metrics = createMetrics();
  await createFleetMetrics({ db: edge.db, registry: metrics.registry, clock: edge.clock }).refresh();
  const text = await registryText(metrics);
  const value = (series: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.split(" ")
        .at(-1),
    );
  expect(value('daguerre_queue_jobs{queue="work",state="waiting"}')).toBe(1);
  expect(value('daguerre_queue_oldest_seconds{queue="work"}')).toBeGreaterThan(0);
  expect(value('daguerre_operations_unfinished{kind="CREATE_INSTANCE",status="RUNNING"}')).toBe(1);
  expect(value("daguerre_instances")).toBe(2);
  expect(value("daguerre_instances_without_snapshot")).toBe(1);
  const [row] = await edge.db.select().from(snapshots);
  const age = (edge.clock.now().getTime() - (row?.takenAt ?? start).getTime()) / 1000;
  expect(value(`daguerre_snapshot_age_seconds{instance="${toGlobalId("instance", edge.instanceId)}"}`)).toBe(
    age,
  );
  expect(value('daguerre_stored_bytes{kind="FULL"}')).toBe(row?.storedBytes);
});

it("names the request in its answer, in an error's extensions and in the log", async () => {
  edge = await startEdge({ locations: null as never });
  const ask = (headers: Record<string, string>, query: string) =>
    fetch(`${edge?.url}/graphql`, {
      method: "POST",
      headers: { authorization: "Bearer viewer", "content-type": "application/json", ...headers },
      body: JSON.stringify({ query }),
    });
  const good = await ask({ "x-request-id": "mine-12345" }, "{ viewer { project } }");
  expect(good.headers.get("x-request-id")).toBe("mine-12345");
  const bad = await ask({}, "{ locations { region } }");
  const body = (await bad.json()) as { errors: [{ extensions: { requestId: string } }] };
  expect(body.errors[0].extensions.requestId).toBe(bad.headers.get("x-request-id"));
});
