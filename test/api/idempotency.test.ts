import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createHttpServer } from "../../src/app/http-server.js";
import { createDaguerre, CreateInstanceDocument } from "../../src/client/index.js";
import { connectTenants, type TenantDatabases } from "../../src/db/tenant-databases.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let tenants: TenantDatabases;
let other: { url: string; close(): Promise<void> };

beforeAll(async () => {
  edge = await startEdge({}, undefined, true);
  // A second process, as far as the database can tell: its own server and connections.
  tenants = connectTenants({
    url: edge.databaseUrl,
    maxConnections: 4,
    applicationName: "other",
    onIdleError: () => undefined,
  });
  const server = createHttpServer({ ...edge.parts, tenants });
  const port = 20_000 + (randomBytes(2).readUInt16BE() % 20_000);
  await server.listen(port, "127.0.0.1");
  other = { url: `http://127.0.0.1:${port}`, close: () => server.close() };
});
afterAll(async () => {
  await other.close();
  await tenants.close();
  await edge.close();
});

const place = { tier: "PROFESSIONAL", version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
async function create(name: string, idempotencyKey: string, url = edge.url) {
  const daguerre = createDaguerre({ url: `${url}/graphql`, key: "admin" });
  const input = { ...place, name };
  return (await daguerre.request(CreateInstanceDocument, { input }, { idempotencyKey })).createInstance;
}

it("gives the first answer again where the header comes again, for 24 hours", async () => {
  const first = await create("one", "morning");
  expect(first).toMatchObject({ errors: [], replayed: false });
  edge.clock.advance(24 * 3_600_000 - 1);
  expect(await create("one", "morning")).toMatchObject({
    operation: { id: first.operation?.id },
    instance: { id: first.instance?.id },
    replayed: true,
  });
  expect(await create("two", "morning")).toMatchObject({
    operation: null,
    errors: [{ __typename: "IdempotencyConflictError", original: { id: first.operation?.id } }],
  });
  edge.clock.advance(1);
  const next = await create("two", "morning");
  expect(next).toMatchObject({ errors: [], replayed: false });
  expect(next.operation?.id).not.toBe(first.operation?.id);
});

it("starts one operation however many come at once, in two processes", async () => {
  const asked = Array.from({ length: 8 }, (_, index) =>
    create("at once", "noon", index % 2 ? edge.url : other.url),
  );
  const answers = await Promise.all(asked);
  expect(new Set(answers.map((answer) => answer.operation?.id)).size).toBe(1);
  expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
  expect(answers.flatMap((answer) => answer.errors)).toEqual([]);
});

it("lets the key of an input go before the header", async () => {
  const daguerre = createDaguerre({ url: `${edge.url}/graphql`, key: "admin" });
  const input = { ...place, name: "inner", idempotencyKey: "inner" };
  const send = (idempotencyKey: string) =>
    daguerre.request(CreateInstanceDocument, { input }, { idempotencyKey });
  await send("outer one");
  expect((await send("outer two")).createInstance.replayed).toBe(true);
});
