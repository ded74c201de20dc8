import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  ConnectionError,
  createDaguerre,
  granted,
  InstancesDocument,
  OperationDocument,
  OperationFailedError,
  RefusedError,
  RequestError,
  SnapshotChangedDocument,
  ViewerDocument,
} from "../../src/client/index.js";
import { operations } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "../api/edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const connectTo = (url: string, key = "viewer", webSocket?: unknown) =>
  createDaguerre({ url: `${url}/graphql`, key, webSocket, retryWait: () => Promise.resolve() });

async function change(id: string, values: Partial<typeof operations.$inferInsert> & { revision: number }) {
  await edge.db.transaction(async (tx) => {
    await tx.update(operations).set(values).where(eq(operations.id, id));
    await edge.events.publish(tx, {
      topic: "operation",
      id,
      instanceId: edge.instanceId,
      revision: values.revision,
    });
  });
}
const success = () =>
  ({ status: "SUCCEEDED", phase: "DONE", percent: 100, finishedAt: edge.clock.now() }) as const;

/** A way to the edge that can be cut. */
async function openTunnel() {
  const target = new URL(edge.url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => other.destroy());
      socket.pipe(other);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    async close() {
      this.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("answers with the document's own data", async () => {
  const daguerre = connectTo(edge.url);
  const { viewer } = await daguerre.request(ViewerDocument);
  expect(viewer).toEqual({ project: "tenant", role: "VIEWER", keyName: "VIEWER" });
  const { instances } = await daguerre.request(InstancesDocument, { first: 1 });
  expect(instances.nodes.map((node) => node.id)).toEqual([toGlobalId("instance", edge.instanceId)]);
});

it("tells errors as one kind of error", async () => {
  const refused = connectTo(edge.url, "nobody").request(ViewerDocument);
  await expect(refused).rejects.toMatchObject({ name: "RequestError", code: "UNAUTHENTICATED", status: 401 });
  const silent = createDaguerre({ url: edge.url, key: "viewer" }).request(ViewerDocument);
  await expect(silent).rejects.toBeInstanceOf(RequestError);
});

it("follows an operation through a lost connection, each revision once", async () => {
  const tunnel = await openTunnel();
  const asked: unknown[] = [];
  class Recording extends WebSocket {
    override send(data: string) {
      const message = JSON.parse(data) as { type: string; payload: { variables?: unknown } };
      if (message.type === "subscribe") asked.push(message.payload.variables);
      super.send(data);
    }
  }
  const daguerre = connectTo(tunnel.url, "viewer", Recording);
  const id = await edge.insertOperation();
  const operationId = toGlobalId("operation", id);
  const told: number[] = [];
  for await (const state of daguerre.follow(operationId)) {
    told.push(state.revision);
    if (state.revision === 1) {
      tunnel.cut();
      await change(id, { revision: 2, percent: 20 });
    }
    if (state.revision === 2) await change(id, { revision: 3, ...success() });
  }
  expect(told).toEqual([1, 2, 3]);
  expect(asked).toEqual([
    { operationId, afterRevision: 0 },
    { operationId, afterRevision: 1 },
  ]);
  await daguerre.close();
  await tunnel.close();
});

it("waits for success, and throws the operation that failed", async () => {
  const daguerre = connectTo(edge.url);
  const good = await edge.insertOperation({ ...success(), exclusive: false });
  await expect(daguerre.wait(toGlobalId("operation", good))).resolves.toMatchObject({ percent: 100 });
  const bad = await edge.insertOperation({
    status: "FAILED",
    failureCode: "OUT_OF_SPACE",
    failureMessage: "No space was left.",
    failureRetryable: true,
    finishedAt: edge.clock.now(),
    exclusive: false,
  });
  const failure = daguerre.wait(toGlobalId("operation", bad));
  await expect(failure).rejects.toThrow(OperationFailedError);
  await expect(failure).rejects.toMatchObject({ operation: { failure: { code: "OUT_OF_SPACE" } } });
  await expect(daguerre.wait("op_unknown")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await daguerre.close();
});

it("gives up at once on a key that is not let in, and in time on a service that is gone", async () => {
  const refused = connectTo(edge.url, "nobody");
  const rejection = refused.follow("op_unknown").next();
  await expect(rejection).rejects.toThrow(ConnectionError);
  await expect(rejection).rejects.toMatchObject({ closeCode: 4403 });
  const waits: number[] = [];
  const gone = createDaguerre({
    url: "http://127.0.0.1:9/graphql",
    key: "viewer",
    retryAttempts: 3,
    retryWait: (attempt) => Promise.resolve(void waits.push(attempt)),
  });
  await expect(gone.follow("op_unknown").next()).rejects.toThrow(ConnectionError);
  expect(waits).toHaveLength(3);
});

it("ends a subscription with its signal", async () => {
  const daguerre = connectTo(edge.url);
  const stop = new AbortController();
  const instanceId = toGlobalId("instance", edge.instanceId);
  const next = daguerre.subscribe(SnapshotChangedDocument, { instanceId }, { signal: stop.signal }).next();
  stop.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
  await daguerre.close();
});

it("turns a refusal into an error that keeps its reasons", async () => {
  const operation = (await connectTo(edge.url).request(OperationDocument, { id: "op_unknown" })).operation;
  const errors = [{ __typename: "NotFoundError", message: "There is no such snapshot.", path: ["input"] }];
  expect(() => granted({ operation, errors })).toThrow(new RefusedError(errors));
  expect(granted({ operation: { id: "op_1" }, errors: [] }).operation.id).toBe("op_1");
});
