import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startService, type Service } from "../../src/app/service.js";
import {
  ConnectionError,
  createDaguerre,
  CreateApiKeyDocument,
  CreateInstanceDocument,
  granted,
  InstancesDocument,
  RequestError,
  SnapshotChangedDocument,
  TakeSnapshotDocument,
} from "../../src/client/index.js";
import { systemClock } from "../../src/clock.js";
import { loadConfig } from "../../src/config/config.js";
import { createLogger } from "../../src/telemetry/logger.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const lines: string[] = [];
/** Stands in every variable, statement and wrong key that is sent. */
const marker = "sesame";

let folder: string;
let database: TestDatabase;
let service: Service;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dag-logs-"));
  database = await createTestDatabase();
  const config = loadConfig({ DAGUERRE_HOME: folder, DATABASE_URL: database.url, PORT: "0" });
  const destination = { write: (line: string) => void lines.push(line) };
  service = await startService(config, systemClock, createLogger({ level: "trace", destination }));
});
afterAll(async () => {
  await service.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it("writes no secret and no variable into the log, whatever happens", async () => {
  const key = service.adminKey ?? "";
  const daguerre = createDaguerre({ url: service.graphqlUrl, key });
  const name = `${marker} instance`;
  const place = { tier: "PROFESSIONAL", version: "V5", cloudProvider: "AWS", region: "eu-west-1" } as const;
  const made = await daguerre.request(
    CreateInstanceDocument,
    { input: { name, ...place } },
    { idempotencyKey: `${marker}-key` },
  );
  const { operation, instance } = granted(made.createInstance);
  await daguerre.wait(operation.id);
  const { createApiKey } = await daguerre.request(CreateApiKeyDocument, {
    input: { name: `${marker} key`, role: "VIEWER" },
  });
  const secret = createApiKey.secret ?? "";

  const instanceId = instance?.id ?? "";
  const query = (statement: string) =>
    fetch(`${instance?.connectionUrl}/query/v2?${marker}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ statement, parameters: { value: marker } }),
    });
  await query(`RETURN '${marker}' AS ${marker}`);
  await query(`THIS ${marker} IS NO CYPHER`);

  // What goes wrong is logged most: a fault beneath a resolver, with the client's values in its statement.
  await database.db.$client.query("alter table instances rename to instances_gone");
  const fault = daguerre.request(InstancesDocument, { filter: { nameContains: marker } });
  await expect(fault).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
  await database.db.$client.query("alter table instances_gone rename to instances");

  const stranger = createDaguerre({ url: service.graphqlUrl, key: `dag_${marker}` });
  await expect(stranger.request(TakeSnapshotDocument, { input: { instanceId } })).rejects.toThrow(
    RequestError,
  );
  const socket = stranger.subscribe(SnapshotChangedDocument, { instanceId });
  await expect(socket.next()).rejects.toThrow(ConnectionError);
  await fetch(`${new URL(service.graphqlUrl).origin}/downloads/op_${marker}?signature=${marker}`);
  await daguerre.close();

  const log = lines.join("");
  const requestId = await fault.catch((error: RequestError) => error.errors[0]?.extensions?.requestId);
  expect(log).toContain(`"requestId":"${requestId as string}"`);
  expect(log).toContain('"msg":"request"');
  for (const unwanted of [marker, key, secret]) {
    expect(unwanted.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(unwanted))).toEqual([]);
  }
});
