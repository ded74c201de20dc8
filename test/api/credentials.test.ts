import { randomBytes, randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createHttpServer } from "../../src/app/http-server.js";
import { apiKeys } from "../../src/db/tables/index.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createIds, toGlobalId } from "../../src/ids.js";
import { authenticate } from "../../src/projects/authenticate.js";
import { createApiKey } from "../../src/projects/create-api-key.js";
import { revokeApiKey } from "../../src/projects/revoke-api-key.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { startTcpProxy } from "../support/tcp-proxy.js";
import { unusedPort } from "../support/unused-port.js";
import { asAdmin, insertInstance, insertProject } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
/** Values of `Authorization`, by what is wrong with them. */
const headers = new Map<string, string>();
let foreignInstance: string;

async function makeKey(as = edge.viewer("ADMIN"), expiresAt?: Date) {
  const { db, clock } = edge;
  const parts = { db, clock, newId: createIds(clock, randomBytes), randomBytes };
  const made = await createApiKey(parts, as, { name: "key", role: "VIEWER", expiresAt });
  return { id: made.apiKey?.id ?? "", header: `Bearer ${made.secret}` };
}

beforeAll(async () => {
  edge = await startEdge({
    authenticate: (key) => authenticate(edge.db, edge.clock, key),
    runStatement: () => Promise.resolve({ fields: [], values: [], wrote: false }),
  });
  const other = await insertProject(edge.db);
  foreignInstance = toGlobalId("instance", await insertInstance(edge.db, other));
  const [good, expired, revoked] = [
    await makeKey(),
    await makeKey(undefined, new Date(edge.clock.now().getTime() + 1)),
    await makeKey(),
  ];
  edge.clock.advance(1);
  await edge.db.update(apiKeys).set({ revokedAt: edge.clock.now() }).where(eq(apiKeys.id, revoked.id));
  headers.set("good", good.header);
  headers.set("foreign", (await makeKey(asAdmin(other))).header);
  headers.set("unknown", `Bearer dag_${randomBytes(32).toString("base64url")}`);
  headers.set("expired", expired.header);
  headers.set("revoked", revoked.header);
  headers.set("cut short", good.header.slice(0, -1));
  headers.set("of another scheme", good.header.replace("Bearer", "Basic"));
  headers.set("without a scheme", good.header.replace("Bearer ", ""));
  headers.set("followed by another", `${good.header} ${randomUUID()}`);
  headers.set("a token where none are taken", "Bearer eyJhbGciOiJub25lIn0.e30.");
  headers.set("as long as a header may be", `Bearer ${"a".repeat(8000)}`);
  headers.set("empty", "Bearer ");
});
afterAll(() => edge.close());

async function ask(query: string, authorization?: string) {
  const response = await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string; reason: string } }[];
  };
}
async function statement(authorization?: string): Promise<number> {
  const response = await fetch(`${edge.url}/db/${toGlobalId("instance", edge.instanceId)}/query/v2`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    body: JSON.stringify({ statement: "RETURN 1" }),
  });
  return response.status;
}
function openSocket(authorization?: string, to: { url: string } = edge) {
  const client = createClient({
    url: `${to.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
    ...(authorization && { connectionParams: { authorization } }),
  });
  const connected = new Promise((resolve) => client.on("connected", resolve));
  const closed = new Promise<number>((resolve) =>
    client.on("closed", (event) => resolve((event as { code: number }).code)),
  );
  return { client, connected, closed };
}

const viewer = "{ viewer { keyName } }";

it("lets a good key in, everywhere", async () => {
  expect((await ask(viewer, headers.get("good"))).data).toEqual({ viewer: { keyName: "key" } });
  expect(await statement(headers.get("good"))).toBe(202);
  const { client, connected } = openSocket(headers.get("good"));
  await connected;
  await client.dispose();
});

describe.each([
  ...["unknown", "expired", "revoked", "cut short"],
  ...["a token where none are taken", "as long as a header may be"],
])("a key that is %s", (name) => {
  it("is refused everywhere, in the same words as every other", async () => {
    const { errors } = await ask(viewer, headers.get(name));
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: "This API key is unknown, revoked or expired: use another one.",
      extensions: { code: "UNAUTHENTICATED", reason: "INVALID_KEY" },
    });
    expect(await statement(headers.get(name))).toBe(401);
    expect(await openSocket(headers.get(name)).closed).toBe(4403);
  });
});

describe.each(["missing", "empty", "of another scheme", "without a scheme", "followed by another"])(
  "a key that is %s",
  (name) => {
    it("is asked for", async () => {
      const { errors } = await ask(viewer, headers.get(name));
      expect(errors?.[0]?.extensions).toMatchObject({ code: "UNAUTHENTICATED", reason: "NO_CREDENTIALS" });
      expect(await statement(headers.get(name))).toBe(401);
      expect(await openSocket(headers.get(name)).closed).toBe(4403);
    });
  },
);

it("shows each project its own alone", async () => {
  const ids = async (header: string) => {
    const { data } = await ask("{ instances { nodes { id } } }", headers.get(header));
    return (data as { instances: { nodes: { id: string }[] } }).instances.nodes.map(({ id }) => id);
  };
  expect(await ids("good")).toEqual([toGlobalId("instance", edge.instanceId)]);
  expect(await ids("foreign")).toEqual([foreignInstance]);
});

it("closes the sockets of a key whose revocation was told while nobody could hear", async () => {
  const key = await makeKey();
  const [ending, staying] = [openSocket(key.header), openSocket(headers.get("good"))];
  await Promise.all([ending.connected, staying.connected]);
  await edge.db.update(apiKeys).set({ revokedAt: edge.clock.now() }).where(eq(apiKeys.id, key.id));
  await edge.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'daguerre-events' and datname = current_database()`,
  );
  expect(await ending.closed).toBe(4403);
  const answer = await staying.client.iterate({ query: viewer }).next();
  expect(answer.value).toMatchObject({ data: { viewer: { keyName: "key" } } });
  await staying.client.dispose();
});

/** An edge whose events come by a connection that can go dumb; its keys are looked at over `authenticateBy`. */
async function startDistant(authenticateBy: (key: string) => ReturnType<typeof authenticate>) {
  const proxy = await startTcpProxy(edge.databaseUrl);
  const logger = createLogger({ level: "silent" });
  const events = await createEventBus({ url: proxy.url, logger, reconnectDelayMs: 250 });
  const server = createHttpServer({ ...edge.parts, events, authenticate: authenticateBy });
  const port = await unusedPort();
  await server.listen(port, "127.0.0.1");
  const close = async () => {
    await server.close();
    await events.close();
    await proxy.close();
  };
  return { url: `http://127.0.0.1:${port}`, proxy, close };
}

it("closes a revoked key's sockets within 5 s of its revocation though the notice was lost on the way", async () => {
  const distant = await startDistant((key) => authenticate(edge.db, edge.clock, key));
  const key = await makeKey();
  const [ending, staying] = [openSocket(key.header, distant), openSocket(headers.get("good"), distant)];
  await Promise.all([ending.connected, staying.connected]);
  distant.proxy.freeze();
  const revokedAt = performance.now();
  const { db, clock, events } = edge;
  await revokeApiKey({ db, clock, events }, edge.viewer("ADMIN"), { keyId: key.id });
  expect(await ending.closed).toBe(4403);
  expect(performance.now() - revokedAt).toBeLessThan(5000);
  const answer = await staying.client.iterate({ query: viewer }).next();
  expect(answer.value).toMatchObject({ data: { viewer: { keyName: "key" } } });
  await staying.client.dispose();
  await distant.close();
});

it("tells sockets whose key cannot be looked at to come again", async () => {
  let mute = false;
  const never = new Promise<never>(() => undefined);
  const distant = await startDistant((key) => (mute ? never : authenticate(edge.db, edge.clock, key)));
  const { connected, closed } = openSocket((await makeKey()).header, distant);
  await connected;
  mute = true;
  distant.proxy.freeze();
  expect(await closed).toBe(1013);
  await distant.close();
});
