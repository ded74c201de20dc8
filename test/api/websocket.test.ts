import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { operations, snapshots } from "../../src/db/tables/index.js";
import { createEventBus } from "../../src/events/postgres-event-bus.js";
import { createIds, toGlobalId } from "../../src/ids.js";
import { authenticate } from "../../src/projects/authenticate.js";
import { createApiKey } from "../../src/projects/create-api-key.js";
import { revokeApiKey } from "../../src/projects/revoke-api-key.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { snapshotRow } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const connect = (key: string, name = "Authorization") =>
  createClient({
    url: `${edge.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { [name]: `Bearer ${key}` },
  });

it("tells an operation's state, its changes and its end", async () => {
  const id = await edge.insertOperation();
  const client = connect("viewer", "authorization");
  const query = `subscription { operationProgress(operationId: "${toGlobalId("operation", id)}") { status revision percent } }`;
  const results = client.iterate({ query });
  expect((await results.next()).value).toEqual({
    data: { operationProgress: { status: "RUNNING", revision: 1, percent: 0 } },
  });
  await edge.db.transaction(async (tx) => {
    const change = {
      status: "SUCCEEDED",
      phase: "DONE",
      percent: 100,
      revision: 2,
      finishedAt: edge.clock.now(),
    } as const;
    await tx.update(operations).set(change).where(eq(operations.id, id));
    await edge.events.publish(tx, { topic: "operation", id, instanceId: edge.instanceId, revision: 2 });
  });
  expect((await results.next()).value).toEqual({
    data: { operationProgress: { status: "SUCCEEDED", revision: 2, percent: 100 } },
  });
  expect((await results.next()).done).toBe(true);
  await client.dispose();
});

it("tells a snapshot's progress and its changes, each time as it is now", async () => {
  const row = snapshotRow(edge.scope, edge.instanceId, { status: "IN_PROGRESS", id: randomUUID() });
  await edge.db.insert(snapshots).values(row);
  await edge.insertOperation({ kind: "SNAPSHOT", snapshotId: row.id, exclusive: false });
  const client = connect("viewer");
  const snapshotId = toGlobalId("snapshot", row.id);
  const progress = client.iterate({
    query: `subscription { snapshotProgress(snapshotId: "${snapshotId}") { status ... on SnapshotOperation { snapshot { id status } } } }`,
  });
  expect((await progress.next()).value).toEqual({
    data: { snapshotProgress: { status: "RUNNING", snapshot: { id: snapshotId, status: "IN_PROGRESS" } } },
  });
  await progress.return?.();
  await client.dispose();
});

it("tells of an instance's snapshots as they appear", async () => {
  const client = connect("viewer");
  const instanceId = toGlobalId("instance", edge.instanceId);
  const changes = client.iterate({
    query: `subscription { snapshotChanged(instanceId: "${instanceId}") { change snapshot { id } } }`,
  });
  const row = snapshotRow(edge.scope, edge.instanceId, { id: randomUUID() });
  await edge.db.insert(snapshots).values(row);
  const first = changes.next();
  // Published until it is heard: nothing tells a client when its subscription has begun to listen.
  let heard = false;
  const publishing = (async () => {
    while (!heard)
      await edge.db.transaction((tx) =>
        edge.events.publish(tx, {
          topic: "snapshot",
          id: row.id,
          instanceId: edge.instanceId,
          change: "ADDED",
        }),
      );
  })();
  const result = await first;
  heard = true;
  await publishing;
  expect(result.value).toEqual({
    data: { snapshotChanged: { change: "ADDED", snapshot: { id: toGlobalId("snapshot", row.id) } } },
  });
  await client.dispose();
});

it.each(['operationProgress(operationId: "op_x")', 'snapshotProgress(snapshotId: "snap_x")'])(
  "refuses the unknown in %s",
  async (field) => {
    const client = connect("viewer");
    const first = client.iterate({ query: `subscription { ${field} { id } }` }).next();
    expect((await first).value).toMatchObject({ errors: [{ extensions: { code: "NOT_FOUND" } }] });
    await client.dispose();
  },
);

const closing = (key: string, onConnected: () => void = () => undefined) =>
  new Promise<number>((resolve) => {
    const client = createClient({
      url: `${edge.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      connectionParams: { Authorization: `Bearer ${key}` },
    });
    client.on("connected", onConnected);
    client.on("closed", (event) => resolve((event as { code: number }).code));
  });

it("closes on a bad key and when a key ends", async () => {
  expect(await closing("wrong")).toBe(4403);
  expect(await closing("soon", () => edge.clock.advance(400))).toBe(4403);
});

describe("a revoked key", () => {
  const open = (key: string, url: string) => {
    const client = createClient({
      url: `${url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      connectionParams: { Authorization: `Bearer ${key}` },
    });
    const connected = new Promise((resolve) => client.on("connected", resolve));
    const closed = new Promise<number>((resolve) =>
      client.on("closed", (event) => resolve((event as { code: number }).code)),
    );
    return { client, connected, closed };
  };

  it("closes the sockets that it opened, in every process, and no others", async () => {
    const real: Edge = await startEdge({ authenticate: (key) => authenticate(real.db, real.clock, key) });
    // Another process on the same database: its own bus and its own server.
    const bus = await createEventBus({
      url: real.databaseUrl,
      logger: createLogger({ level: "silent" }),
      reconnectDelayMs: 50,
    });
    const { clock } = real;
    const admin = real.viewer("ADMIN");
    const make = async (name: string) => {
      const made = await createApiKey(
        { db: real.db, clock, newId: createIds(clock, randomBytes), randomBytes },
        admin,
        { name, role: "VIEWER" },
      );
      return { id: made.apiKey?.id ?? "", secret: made.secret ?? "" };
    };
    const [ending, staying] = [await make("ending"), await make("staying")];
    const [first, second] = [open(ending.secret, real.url), open(ending.secret, real.url)];
    const other = open(staying.secret, real.url);
    await Promise.all([first.connected, second.connected, other.connected]);

    await revokeApiKey({ db: real.db, events: bus, clock }, admin, { keyId: ending.id });
    expect(await Promise.all([first.closed, second.closed])).toEqual([4403, 4403]);
    const answer = await other.client.iterate({ query: "{ viewer { keyName } }" }).next();
    expect(answer.value).toMatchObject({ data: { viewer: { keyName: "staying" } } });
    expect(await open(ending.secret, real.url).closed).toBe(4403);
    await other.client.dispose();
    await bus.close();
    await real.close();
  });
});
