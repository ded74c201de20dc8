import { randomBytes, randomUUID } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import { type Client, createClient } from "graphql-ws";
import { createClient as createStreamClient } from "graphql-sse";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { defaultLimits } from "../../src/config/limits.js";
import { apiKeys, operations, snapshots } from "../../src/db/tables/index.js";
import { createIds, toGlobalId } from "../../src/ids.js";
import { authenticate } from "../../src/projects/authenticate.js";
import { createApiKey } from "../../src/projects/create-api-key.js";
import { revokeApiKey } from "../../src/projects/revoke-api-key.js";
import type { Viewer } from "../../src/projects/viewer.js";
import { insertProject, snapshotRow } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
const mostSubscriptions = 25;
/** A second project's key and another of the first project, beside those that every edge has. */
const keys = new Map<string, Viewer>();
beforeAll(async () => {
  edge = await startEdge({
    limits: { ...defaultLimits, socketsPerKey: 1000, projectSubscriptions: mostSubscriptions },
    authenticate: (key) => Promise.resolve(keys.get(key)),
  });
  const foreign = await insertProject(edge.db);
  keys.set("viewer", edge.viewer("VIEWER"));
  keys.set("other-viewer", edge.viewer("VIEWER"));
  keys.set("member", edge.viewer("MEMBER"));
  keys.set("foreigner", { ...edge.viewer("VIEWER"), ...foreign });
});
afterAll(() => edge.close());

let operation: string;
let open: (() => unknown)[] = [];
beforeEach(async () => {
  operation = await edge.insertOperation({ exclusive: false });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.map((close) => close()));
  open = [];
  await settled({ subscriptions: 0, shared: 0 });
});

async function count(name: string): Promise<number> {
  const { values } = await edge.parts.metrics.registry.getSingleMetric(`daguerre_${name}`)!.get();
  return values[0]?.value ?? 0;
}
const counts = async () => ({
  subscriptions: await count("subscriptions"),
  shared: await count("shared_subscriptions"),
});
const settled = (expected: Awaited<ReturnType<typeof counts>>) =>
  vi.waitFor(async () => expect(await counts()).toEqual(expected), { timeout: 5000 });

function connect(key = "viewer"): Client {
  const client = createClient({
    url: `${edge.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { Authorization: `Bearer ${key}` },
  });
  open.push(() => client.dispose());
  return client;
}

const document = `subscription ($id: ID!, $after: Int) {
  operationProgress(operationId: $id, afterRevision: $after) { revision status instance { id } }
}`;

/** What a client hears: revisions, then how it ended. */
function follow(client: Client, after?: number, query = document) {
  const heard: (number | string)[] = [];
  const variables = { id: toGlobalId("operation", operation), ...(after !== undefined && { after }) };
  const leave = client.subscribe<{ operationProgress?: { revision: number } }>(
    { query, variables },
    {
      next: ({ data, errors }) =>
        heard.push(data?.operationProgress?.revision ?? String(errors?.[0]?.extensions?.["code"])),
      error: (error) => heard.push(Array.isArray(error) ? "failed" : "closed"),
      complete: () => heard.push("end"),
    },
  );
  return { heard, leave };
}
const hears = ({ heard }: { heard: unknown[] }, ...expected: unknown[]) =>
  vi.waitFor(() => expect(heard).toEqual(expected), { timeout: 5000 });

async function change(revision: number, more: Partial<typeof operations.$inferInsert> = {}, told = true) {
  await edge.db.transaction(async (tx) => {
    await tx
      .update(operations)
      .set({ revision, ...more })
      .where(eq(operations.id, operation));
    const event = { topic: "operation", id: operation, instanceId: edge.instanceId, revision } as const;
    if (told) await edge.events.publish(tx, event);
  });
}
const end = { status: "SUCCEEDED", phase: "DONE", percent: 100, finishedAt: new Date() } as const;

/** What is read from now on, but for the words that say whose a connection is. */
function countReads(): string[] {
  const texts: string[] = [];
  const query = Reflect.get(pg.Client.prototype, "query") as (...all: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const { text } = args[0] as { text?: string };
    if (text?.startsWith("select") && !text.includes("set_config(") && !text.includes("pg_notify"))
      texts.push(text);
    return query.apply(this, args);
  });
  return texts;
}

describe("identical subscriptions", () => {
  it("are executed and read once for each change, and told to all in order", async () => {
    const crowd = Array.from({ length: 40 }, () => follow(connect()));
    await Promise.all(crowd.map((one) => hears(one, 1)));
    expect(await counts()).toEqual({ subscriptions: 40, shared: 1 });
    const before = await count("subscription_executions_total");
    const reads = countReads();
    for (const revision of [2, 3, 4]) {
      await change(revision);
      await Promise.all(crowd.map(({ heard }) => vi.waitFor(() => expect(heard).toContain(revision))));
    }
    // Of each change the operation, and its instance, which the document asks for.
    expect(reads).toHaveLength(6);
    expect((await count("subscription_executions_total")) - before).toBe(3);
    await change(5, end);
    for (const one of crowd) await hears(one, 1, 2, 3, 4, 5, "end");
  });

  it("read once for documents that differ", async () => {
    const plain = `subscription ($id: ID!) { operationProgress(operationId: $id) { revision } }`;
    const [some, others] = [follow(connect(), undefined, plain), follow(connect(), undefined, `${plain} #`)];
    await Promise.all([hears(some, 1), hears(others, 1)]);
    expect((await counts()).shared).toBe(2);
    const reads = countReads();
    await change(2);
    await Promise.all([hears(some, 1, 2), hears(others, 1, 2)]);
    expect(reads).toHaveLength(1);
  });

  it("tell who comes later how things stand, then what changes", async () => {
    const first = follow(connect());
    await hears(first, 1);
    // What no notice told of yet: a newcomer reads it, and the others hear of it by the way.
    await change(2, {}, false);
    const second = follow(connect());
    await hears(second, 2);
    await hears(first, 1, 2);
    await change(3);
    await Promise.all([hears(first, 1, 2, 3), hears(second, 2, 3)]);
    expect((await counts()).shared).toBe(1);
  });

  it("read again for who comes while a change is read, and tell nobody anything twice", async () => {
    const first = follow(connect());
    await hears(first, 1);
    const late = connect();
    let second: ReturnType<typeof follow> | undefined;
    // Reads wait until this is over, so the change is heard, and its read begun, before the newcomer is let in.
    await edge.db.transaction(async (tx) => {
      const notice = { topic: "operation", id: operation, instanceId: edge.instanceId, revision: 2 } as const;
      await edge.db.transaction((other) => edge.events.publish(other, notice));
      await tx.execute(sql`lock table operations in access exclusive mode`);
      await edge.db.transaction((other) => edge.events.publish(other, { ...notice, revision: 3 }));
      second = follow(late);
      await settled({ subscriptions: 2, shared: 1 });
      await tx.update(operations).set({ revision: 3 }).where(eq(operations.id, operation));
    });
    await Promise.all([hears(first, 1, 3), hears(second!, 3)]);
    await change(4, end);
    await Promise.all([hears(first, 1, 3, 4, "end"), hears(second!, 3, 4, "end")]);
  });

  it("are one for a crowd that comes back from different places", async () => {
    await change(5, {}, false);
    const crowd = [0, 3, 4, 5, 99].map((after) => follow(connect(), after));
    const [zero, three, four, five, future] = crowd;
    await Promise.all([hears(zero!, 5), hears(three!, 5), hears(four!, 5)]);
    await settled({ subscriptions: 5, shared: 1 });
    await change(6);
    await Promise.all([hears(zero!, 5, 6), hears(four!, 5, 6), hears(five!, 6)]);
    await change(7, end);
    await Promise.all([hears(three!, 5, 6, 7, "end"), hears(five!, 6, 7, "end"), hears(future!, "end")]);
  });

  it("are told the end at once when they come after it", async () => {
    await change(2, end);
    const late = [follow(connect()), follow(connect(), 2)];
    await Promise.all([hears(late[0]!, 2, "end"), hears(late[1]!, "end")]);
  });

  it("end when the last has left, and begin anew", async () => {
    const [first, second] = [follow(connect()), follow(connect())];
    await Promise.all([hears(first, 1), hears(second, 1)]);
    first.leave();
    await settled({ subscriptions: 1, shared: 1 });
    await change(2);
    await hears(second, 1, 2);
    second.leave();
    await settled({ subscriptions: 0, shared: 0 });
    await hears(first, 1, "end");
    const third = follow(connect());
    await hears(third, 2);
  });

  it("go on after a lost connection", async () => {
    const crowd = Array.from({ length: 5 }, () => follow(connect()));
    await Promise.all(crowd.map((one) => hears(one, 1)));
    await change(2, {}, false);
    const before = await count("subscription_executions_total");
    await edge.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'daguerre-events' and datname = current_database()`,
    );
    await Promise.all(crowd.map((one) => hears(one, 1, 2)));
    expect((await count("subscription_executions_total")) - before).toBe(1);
    await change(3);
    await Promise.all(crowd.map((one) => hears(one, 1, 2, 3)));
  });

  it("are the same over sockets and event streams", async () => {
    const socket = follow(connect());
    const client = createStreamClient({
      url: `${edge.url}/graphql/stream`,
      headers: { authorization: "Bearer viewer" },
      retryAttempts: 0,
    });
    const stream = client.iterate({
      query: document,
      variables: { id: toGlobalId("operation", operation) },
    });
    const told = { operationProgress: { instance: { id: toGlobalId("instance", edge.instanceId) } } };
    expect((await stream.next()).value).toMatchObject({ data: told });
    await hears(socket, 1);
    expect(await counts()).toEqual({ subscriptions: 2, shared: 1 });
    await change(2);
    expect((await stream.next()).value).toMatchObject({ data: { operationProgress: { revision: 2 } } });
    await change(3, end);
    expect((await stream.next()).value).toMatchObject({ data: { operationProgress: { revision: 3 } } });
    expect((await stream.next()).done).toBe(true);
    await hears(socket, 1, 2, 3, "end");
    client.dispose();
  });

  it("fail together, are told so by one line of the log, and can be asked for again", async () => {
    const crowd = [follow(connect()), follow(connect())];
    await Promise.all(crowd.map((one) => hears(one, 1)));
    await edge.db.execute(sql`alter table operations rename to away`);
    await edge.db.transaction((tx) =>
      edge.events.publish(tx, { topic: "operation", id: operation, instanceId: "", revision: 2 }),
    );
    await Promise.all(crowd.map((one) => hears(one, 1, "failed")));
    expect(edge.logged.splice(0)).toHaveLength(1);
    await edge.db.execute(sql`alter table away rename to operations`);
    await hears(follow(connect()), 1);
  });

  it("go on where a newcomer's reads fail", async () => {
    const first = follow(connect());
    await hears(first, 1);
    await edge.db.execute(sql`alter table operations rename to away`);
    await hears(follow(connect()), "INTERNAL_SERVER_ERROR", "end");
    expect(edge.logged.splice(0)).toHaveLength(1);
    await edge.db.execute(sql`alter table away rename to operations`);
    await change(2);
    await hears(first, 1, 2);
  });

  it("tell of an instance's snapshots who follows when they come", async () => {
    const query = `subscription ($id: ID!) { snapshotChanged(instanceId: $id) { change snapshot { id } } }`;
    const variables = { id: toGlobalId("instance", edge.instanceId) };
    const listen = async () => {
      const heard: unknown[] = [];
      const before = (await counts()).subscriptions;
      connect().subscribe<{ snapshotChanged: { snapshot: { id: string } } }>(
        { query, variables },
        {
          next: ({ data }) => heard.push(data?.snapshotChanged.snapshot.id),
          error: () => undefined,
          complete: () => undefined,
        },
      );
      await settled({ subscriptions: before + 1, shared: 1 });
      // Let in once the reads of its arrival are over, which nothing tells a client.
      const probe = await add();
      await vi.waitFor(() => expect(heard).toContain(probe));
      heard.length = 0;
      return heard;
    };
    const add = async () => {
      const row = snapshotRow(edge.scope, edge.instanceId, { id: randomUUID() });
      await edge.db.insert(snapshots).values(row);
      const event = { topic: "snapshot", id: row.id, instanceId: edge.instanceId, change: "ADDED" } as const;
      await vi.waitFor(() => edge.db.transaction((tx) => edge.events.publish(tx, event)));
      return toGlobalId("snapshot", row.id);
    };
    const first = await listen();
    const second = await listen();
    first.length = 0;
    const added = await add();
    await vi.waitFor(() => expect([first, second]).toEqual([[added], [added]]));
  });
});

it("different operations that change at once are read together", async () => {
  const all: ReturnType<typeof follow>[] = [];
  const ids: string[] = [];
  for (let n = 0; n < 20; n++) {
    operation = await edge.insertOperation({ exclusive: false });
    ids.push(operation);
    all.push(follow(connect()));
  }
  await Promise.all(all.map((one) => hears(one, 1)));
  const before = await count("subscription_executions_total");
  const reads = countReads();
  await edge.db.transaction(async (tx) => {
    await tx.update(operations).set({ revision: 2 }).where(inArray(operations.id, ids));
    const of = { topic: "operation", instanceId: edge.instanceId, revision: 2 } as const;
    await edge.events.publish(tx, ...ids.map((id) => ({ ...of, id })));
  });
  await Promise.all(all.map((one) => hears(one, 1, 2)));
  expect((await count("subscription_executions_total")) - before).toBe(20);
  // The operations and their instance; twice, where the notices come in two pieces.
  expect(reads.length).toBeLessThanOrEqual(4);
});

describe("a project may follow so many different subscriptions", () => {
  const codeOf = async (key = "viewer") => {
    const client = createStreamClient({
      url: `${edge.url}/graphql/stream`,
      headers: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const stream = client.iterate({ query: document, variables: { id: toGlobalId("operation", operation) } });
    const first = await stream.next();
    client.dispose();
    const result = (first.value ?? {}) as { errors?: readonly { extensions?: { code?: string } }[] };
    return result.errors?.[0]?.extensions?.code;
  };

  it("and one more when it has ended one; equal ones are one, and other projects have their own", async () => {
    const socket = connect();
    const all: ReturnType<typeof follow>[] = [];
    for (let n = 0; n < mostSubscriptions; n++) {
      operation = await edge.insertOperation({ exclusive: false });
      all.push(follow(socket));
    }
    await Promise.all(all.map((one) => hears(one, 1)));
    const equal = follow(connect("other-viewer"));
    await hears(equal, 1);
    operation = await edge.insertOperation({ exclusive: false });
    // By each transport, whichever of the project's keys asks.
    await hears(follow(connect("member")), "failed");
    expect(await codeOf()).toBe("TOO_MANY_SUBSCRIPTIONS");
    expect(await codeOf("foreigner")).toBe("NOT_FOUND");
    await settled({ subscriptions: mostSubscriptions + 1, shared: mostSubscriptions });
    all[0]!.leave();
    await settled({ subscriptions: mostSubscriptions, shared: mostSubscriptions - 1 });
    await hears(follow(connect("member")), 1);
  });
});

describe("what is not the same is not shared", () => {
  it("roles are apart, keys of one role are not", async () => {
    const all = ["viewer", "other-viewer", "member"].map((key) => follow(connect(key)));
    await Promise.all(all.map((one) => hears(one, 1)));
    expect(await counts()).toEqual({ subscriptions: 3, shared: 2 });
  });

  it("another project hears nothing of it, whether it comes first or later", async () => {
    const early = follow(connect("foreigner"));
    await hears(early, "NOT_FOUND", "end");
    const own = follow(connect());
    await hears(own, 1);
    const late = follow(connect("foreigner"));
    await hears(late, "NOT_FOUND", "end");
    await change(2);
    await hears(own, 1, 2);
    expect(early.heard.concat(late.heard)).toEqual(["NOT_FOUND", "end", "NOT_FOUND", "end"]);
  });

  it("bad values are refused, and keep nobody else from being told", async () => {
    const own = follow(connect(), 0);
    await hears(own, 1);
    const bad = follow(connect(), 1.5);
    await vi.waitFor(() => expect(bad.heard.at(-1)).toBe("end"));
    expect(bad.heard).toHaveLength(2);
    await change(2);
    await hears(own, 1, 2);
  });

  it("a revoked key takes its own sockets from the crowd, and no others", async () => {
    const real = await startEdge({ authenticate: (key) => authenticate(real.db, real.clock, key) });
    const { clock } = real;
    const admin = real.viewer("ADMIN");
    const make = async (name: string) => {
      const context = { db: real.db, clock, newId: createIds(clock, randomBytes), randomBytes };
      return createApiKey(context, admin, { name, role: "VIEWER" });
    };
    const [ending, staying] = [await make("ending"), await make("staying")];
    const id = await real.insertOperation();
    const open = (secret: string | undefined) => {
      const client = createClient({
        url: `${real.url.replace("http", "ws")}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { Authorization: `Bearer ${secret}` },
      });
      const states = client.iterate<{ operationProgress: { revision: number } }>({
        query: document,
        variables: { id: toGlobalId("operation", id) },
      });
      const next = async (): Promise<number | undefined> => {
        const result = await states.next();
        return result.done ? undefined : result.value.data?.operationProgress.revision;
      };
      return { client, next };
    };
    const [gone, kept] = [open(ending.secret), open(staying.secret)];
    expect([await gone.next(), await kept.next()]).toEqual([1, 1]);
    const shared = real.parts.metrics.registry.getSingleMetric("daguerre_shared_subscriptions")!;
    expect((await shared.get()).values[0]?.value).toBe(1);
    await revokeApiKey({ db: real.db, events: real.events, clock }, admin, { keyId: ending.apiKey!.id });
    await expect(gone.next()).rejects.toMatchObject({ code: 4403 });
    await real.db.transaction(async (tx) => {
      await tx.update(operations).set({ revision: 2 }).where(eq(operations.id, id));
      const event = { topic: "operation", id, instanceId: real.instanceId, revision: 2 } as const;
      await real.events.publish(tx, event);
    });
    expect(await kept.next()).toBe(2);
    expect((await real.db.select().from(apiKeys)).length).toBe(2);
    await kept.client.dispose();
    await real.close();
  });
});
