import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAuditEvents } from "../../src/audit/audit.queries.js";
import { recordAudit } from "../../src/audit/record-audit.js";
import { apiKeys, auditEvents } from "../../src/db/tables/index.js";
import { createIds, toGlobalId } from "../../src/ids.js";
import { createApiKey } from "../../src/projects/create-api-key.js";
import { requestCreateInstance } from "../../src/operations/request-create-instance.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { asAdmin, insertInstance, insertProject } from "../snapshots/rows.js";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
let admin: Viewer;
let asOther: Viewer;
let instanceId: string;
beforeAll(async () => {
  edge = await startEdge({
    authenticate: (key: string) =>
      Promise.resolve({ admin, other: asOther, viewer: edge.viewer("VIEWER") }[key]),
  });
  admin = edge.viewer("ADMIN");
  asOther = asAdmin(await insertProject(edge.db));
  instanceId = toGlobalId("instance", edge.instanceId);
});
afterAll(() => edge.close());

/** Each an instant after the last, so that the log has an order. */
async function ask(query: string, key = "admin") {
  edge.clock.advance(1);
  const response = await fetch(`${edge.url}/graphql`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "user-agent": "audit-test/1",
    },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    data: Record<string, never>;
    errors?: { extensions: { code: string } }[];
  };
}

interface Event {
  readonly action: string;
  readonly outcome: string;
  readonly [field: string]: unknown;
}
async function log(filter = "{}", key = "admin"): Promise<Event[]> {
  const fields = "action outcome reason keyId keyName role address userAgent objectId operationId";
  const { data } = await ask(
    `{ auditLog(first: 100, filter: ${filter}) { totalCount nodes { ${fields} } } }`,
    key,
  );
  const { nodes, totalCount } = data["auditLog"] as unknown as { nodes: Event[]; totalCount: number };
  expect(totalCount).toBe(nodes.length);
  return nodes;
}

it("says who did what, from where, to which object, and what came of it", async () => {
  const made = await ask(
    `mutation { createApiKey(input: { name: "ci", role: MEMBER }) { apiKey { id } secret } }`,
  );
  const { apiKey, secret } = made.data["createApiKey"] as unknown as {
    apiKey: { id: string };
    secret: string;
  };
  const [event] = await log();
  expect(event).toEqual({
    action: "createApiKey",
    outcome: "GRANTED",
    reason: null,
    keyId: toGlobalId("apiKey", admin.keyId),
    keyName: "ADMIN",
    role: "ADMIN",
    address: "127.0.0.1",
    userAgent: "audit-test/1",
    objectId: apiKey.id,
    operationId: null,
  });
  const stored = await edge.db.execute(sql`select audit_events::text as row from audit_events`);
  expect(JSON.stringify(stored.rows)).not.toContain(secret);
});

it("knows of what was refused, for want of a role and of sense", async () => {
  const missing = toGlobalId("instance", randomUUID());
  await ask(
    `mutation { changeTier(input: { instanceId: "${missing}", tier: FREE }) { errors { __typename } } }`,
  );
  expect((await log())[0]).toMatchObject({
    action: "changeTier",
    outcome: "REFUSED",
    reason: "NotFoundError",
    objectId: missing,
  });
  const denied = await ask(
    `mutation { changeTier(input: { instanceId: "${instanceId}", tier: FREE }) { errors { __typename } } }`,
    "viewer",
  );
  expect(denied.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect((await log())[0]).toMatchObject({
    outcome: "REFUSED",
    reason: "FORBIDDEN",
    role: "VIEWER",
    objectId: instanceId,
  });
});

it("knows of what broke", async () => {
  // The edge of this test has no use cases behind it.
  await ask(`mutation { takeSnapshot(input: { instanceId: "${instanceId}" }) { replayed } }`);
  expect((await log())[0]).toMatchObject({
    action: "takeSnapshot",
    outcome: "FAILED",
    reason: "INTERNAL_SERVER_ERROR",
  });
});

it("is filtered, and paged like every list", async () => {
  const all = await log();
  expect(await log(`{ outcome: REFUSED }`)).toEqual(all.filter((event) => event.outcome === "REFUSED"));
  expect(await log(`{ action: "createApiKey" }`)).toHaveLength(1);
  expect(await log(`{ objectId: "${instanceId}" }`)).toHaveLength(2);
  expect(await log(`{ keyId: "${toGlobalId("apiKey", admin.keyId)}" }`)).toHaveLength(3);
  expect(await log(`{ keyId: "${toGlobalId("apiKey", randomUUID())}" }`)).toEqual([]);
  expect(await log(`{ since: "2100-01-01T00:00:00Z" }`)).toEqual([]);
  expect(await log(`{ until: "2100-01-01T00:00:00Z" }`)).toHaveLength(all.length);
  const page = `{ auditLog(first: 1) { nodes { id ... on Node { __typename } } pageInfo { hasNextPage } } }`;
  const { nodes, pageInfo } = (await ask(page)).data["auditLog"] as unknown as {
    nodes: { id: string; __typename: string }[];
    pageInfo: unknown;
  };
  expect(pageInfo).toEqual({ hasNextPage: true });
  const node = (key?: string) => ask(`{ node(id: "${nodes[0]?.id}") { id __typename } }`, key);
  expect((await node()).data["node"]).toEqual(nodes[0]);
  expect((await node("viewer")).data["node"]).toBeNull();
});

it("names who made a key by a command, without one of their own", async () => {
  const operator = { ...admin, keyId: "operator", keyName: "operator of the machine" };
  await createApiKey({ ...edge.parts, db: edge.db, newId: randomUUID }, operator, {
    name: "by a command",
    role: "VIEWER",
    expiresAt: null,
  });
  expect((await log(`{ keyId: "operator" }`)).map(({ keyId, action }) => [keyId, action])).toEqual([
    ["operator", "createApiKey"],
  ]);
});

it.each([
  ["viewer", "REFUSED", "FORBIDDEN"],
  ["admin", "REFUSED", "NotFoundError"],
])("knows of what was refused to %s about an id that is no text", async (key, outcome, reason) => {
  const objectId = "ins_\\u0000\\u001b[2Jx";
  const answer = await ask(
    `mutation { deleteInstance(input: { instanceId: "${objectId}", confirmation: "x" }) { errors { __typename } } }`,
    key,
  );
  expect(JSON.stringify(answer)).not.toContain("INTERNAL_SERVER_ERROR");
  expect((await log())[0]).toMatchObject({
    action: "deleteInstance",
    outcome,
    reason,
    objectId: "ins_\ufffd\ufffd[2Jx",
  });
});

it("says in the service's own log what it could not record", async () => {
  const { logged } = edge;
  const before = logged.length;
  await edge.db.execute(sql`alter table audit_events rename to away`);
  const denied = await ask(
    `mutation { changeTier(input: { instanceId: "${instanceId}", tier: FREE }) { errors { __typename } } }`,
    "viewer",
  );
  await edge.db.execute(sql`alter table away rename to audit_events`);
  expect(denied.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  expect(logged.slice(before).map(String)).toEqual(["Error: changeTier was not recorded in the audit log"]);
});

it("is each project's own", async () => {
  expect(await log("{}", "other")).toEqual([]);
});

describe("append-only", () => {
  it.each([
    "update audit_events set action = 'nothing'",
    "delete from audit_events",
    "truncate audit_events",
    "update audit_events set action = 'nothing' where false",
  ])("refuses %s to the service and to tenants", async (statement) => {
    for (const db of [edge.db, edge.parts.tenants.open(edge.scope.projectId)])
      await expect(db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { code: "42501" } });
  });

  it("lets nobody write into another project's", async () => {
    const mine = edge.parts.tenants.open(edge.scope.projectId);
    const entry = { action: "forged" };
    await expect(recordAudit(mine, asOther, edge.clock.now(), entry)).rejects.toMatchObject({
      cause: { code: "42501" },
    });
  });
});

describe("together with what it records", () => {
  it("neither a key without its record nor a record without its key", async () => {
    const scope = await insertProject(edge.db);
    const db = edge.parts.tenants.open(scope.projectId);
    const context = { db, clock: edge.clock, newId: createIds(edge.clock, randomBytes), randomBytes };
    const input = { name: "key", role: "VIEWER" } as const;
    // Nobody acts here, so the record is refused after the key has been stored.
    const forged = { ...asAdmin(scope), keyId: null as never };
    await expect(createApiKey(context, forged, input)).rejects.toThrow();
    expect(await db.$count(apiKeys)).toBe(0);
    const twice = { ...context, newId: () => edge.instanceId };
    await createApiKey(twice, asAdmin(scope), input);
    await expect(createApiKey(twice, asAdmin(scope), input)).rejects.toThrow();
    expect(await db.$count(apiKeys)).toBe(1);
    expect(await db.$count(auditEvents)).toBe(1);
  });

  it("neither an operation nor its record where the job cannot be queued", async () => {
    const scope = await insertProject(edge.db);
    await insertInstance(edge.db, scope);
    const db = edge.parts.tenants.open(scope.projectId);
    const context = {
      db,
      clock: edge.clock,
      events: edge.events,
      newId: randomUUID,
      jobs: { enqueue: () => Promise.reject(new Error("the queue is gone")) },
      locations: [{ cloudProvider: "AWS", region: "eu-west-1" }],
      policy: edge.parts.policy,
      engineName: "ladybug",
    };
    const input = { name: "graph", tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" };
    const request = requestCreateInstance(context as never, asAdmin(scope), input as never);
    await expect(request).rejects.toThrow("the queue is gone");
    expect((await listAuditEvents(db, scope, { from: "start", limit: 10 })).rows).toEqual([]);
  });
});
