import { afterAll, beforeAll, expect, it } from "vitest";
import { toGlobalId } from "../../src/ids.js";
import { type Edge, startEdge } from "./edge.js";

/** A statement that waits for others' when its key ends. */

let edge: Edge;
let isRevoked = false;
let waiting = Promise.withResolvers<AbortSignal>();
const viewer = {
  keyId: "00000000-0000-7000-8000-000000000001",
  keyName: "k",
  role: "MEMBER",
  expiresAt: null,
};

beforeAll(async () => {
  const authenticate = () =>
    Promise.resolve(isRevoked ? undefined : { ...viewer, projectId: "00000000-0000-7000-8000-000000000002" });
  edge = await startEdge({
    authenticate: authenticate as never,
    runStatement: (_viewer, _instance, _statement, signal) => {
      waiting.resolve(signal);
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    },
  });
});
afterAll(() => edge.close());

it("is called off, and answered as if the key had never been good", async () => {
  const answer = fetch(`${edge.url}/db/${toGlobalId("instance", edge.instanceId)}/query/v2`, {
    method: "POST",
    body: '{"statement":"CREATE (:W)"}',
    headers: { authorization: "Bearer key", "content-type": "application/json" },
  });
  const signal = await waiting.promise;
  isRevoked = true;
  await edge.db.transaction((tx) => edge.events.publish(tx, { topic: "apiKey", id: viewer.keyId }));
  const response = await answer;
  expect(response.status).toBe(401);
  expect(signal.aborted).toBe(true);
  expect(await response.json()).toEqual({
    errors: [
      {
        code: "Neo.ClientError.Security.Unauthorized",
        message: "It was revoked. The statement was called off; if it had begun, what it wrote may be there.",
      },
    ],
  });
});

it("is called off quietly where its client goes", async () => {
  isRevoked = false;
  waiting = Promise.withResolvers();
  const client = new AbortController();
  const answer = fetch(`${edge.url}/db/${toGlobalId("instance", edge.instanceId)}/query/v2`, {
    method: "POST",
    body: '{"statement":"CREATE (:W)"}',
    headers: { authorization: "Bearer key", "content-type": "application/json" },
    signal: client.signal,
  });
  const signal = await waiting.promise;
  const calledOff = new Promise((resolve) => signal.addEventListener("abort", resolve));
  client.abort();
  await expect(answer).rejects.toThrow("aborted");
  await calledOff;
  expect(edge.logged).toEqual([]);
});
