import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { getNamedType, isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { buildSchema } from "../../src/api/build-schema.js";
import { createHttpServer } from "../../src/app/http-server.js";
import { createDaguerre, CreateInstanceDocument } from "../../src/client/index.js";
import { connectTenants, type TenantDatabases } from "../../src/db/tenant-databases.js";
import { snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { insertInstance, snapshotRow } from "../snapshots/rows.js";
import { askFor } from "../support/fill-arguments.js";
import { unusedPort } from "../support/unused-port.js";
import { type Edge, startEdge } from "./edge.js";

interface Result {
  readonly operation: { readonly id: string } | null;
  readonly replayed: boolean;
  readonly errors: readonly object[];
}

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
  const port = await unusedPort();
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

describe("every mutation that starts work", () => {
  /** An instance of its own with a snapshot, so that no operation meets another's. */
  async function prepare() {
    const name = `graph ${randomUUID()}`;
    const running = { status: "RUNNING", generation: 1, lastGeneration: 1, name } as const;
    const instance = await insertInstance(edge.db, edge.scope, running);
    const row = snapshotRow(edge.scope, instance, { id: randomUUID(), takenAt: edge.clock.now() });
    const open = new Date(edge.clock.now().getTime() + 1);
    await edge.db.insert(snapshots).values({ ...row, restorableUntil: open, exportableUntil: open });
    return { name, instanceId: toGlobalId("instance", instance), snapshotId: toGlobalId("snapshot", row.id) };
  }
  type Fixture = Awaited<ReturnType<typeof prepare>>;

  const inputs: Record<string, (of: Fixture, other: Fixture) => readonly [first: object, another: object]> = {
    createInstance: ({ name }) => [
      { ...place, name },
      { ...place, name: "another" },
    ],
    takeSnapshot: ({ instanceId }) => [{ instanceId }, { instanceId, name: "another" }],
    restoreSnapshot: ({ snapshotId }, other) =>
      [snapshotId, other.snapshotId].map((id) => ({ snapshotId: id, confirmation: "RESTORE" })) as never,
    exportSnapshot: ({ snapshotId }, other) => [{ snapshotId }, { snapshotId: other.snapshotId }],
    createInstanceFromSnapshot: ({ snapshotId }) => [
      { snapshotId, name: "copy" },
      { snapshotId, name: "another" },
    ],
    deleteInstance: (first, second) =>
      [first, second].map(({ instanceId, name }) => ({ instanceId, confirmation: name })) as never,
  };
  it("is named here", () => {
    const mutations = buildSchema().getMutationType()?.getFields() ?? {};
    const taking = Object.values(mutations).filter(({ args: [input] }) => {
      const type = input && getNamedType(input.type);
      return isInputObjectType(type) && "idempotencyKey" in type.getFields();
    });
    expect(taking.map((field) => field.name).sort()).toEqual(Object.keys(inputs).sort());
  });

  describe.each(Object.entries(inputs))("%s", (mutation, inputsOf) => {
    it("starts one operation however many come at once, in two processes, by header, input and stream", async () => {
      const [first, another] = inputsOf(await prepare(), await prepare());
      const key = randomUUID();
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
      const query = `mutation ($input: ${type}) { result: ${mutation}(input: $input) {
        operation { id } replayed errors { __typename ... on IdempotencyConflictError { original { id } } }
      } }`;
      const send = async (url: string, input: object, headers: Record<string, string>) => {
        const answer = await fetch(url, {
          method: "POST",
          headers: { authorization: "Bearer admin", "content-type": "application/json", ...headers },
          body: JSON.stringify({ query, variables: { input } }),
        });
        const text = await answer.text();
        const json = /^event: next\ndata: (.*)$/m.exec(text)?.[1] ?? text;
        return (JSON.parse(json) as { data: { result: Result } }).data.result;
      };
      const header = { "idempotency-key": key };
      const answers = await Promise.all(
        [edge.url, other.url].flatMap((url) => [
          send(`${url}/graphql`, first, header),
          send(`${url}/graphql`, { ...first, idempotencyKey: key }, {}),
          send(`${url}/graphql/stream`, first, header),
        ]),
      );
      expect(answers.flatMap((answer) => answer.errors)).toEqual([]);
      const id = answers[0]?.operation?.id;
      expect(answers.map((answer) => answer.operation?.id)).toEqual(answers.map(() => id));
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
      expect(await send(`${other.url}/graphql`, another, header)).toEqual({
        operation: null,
        replayed: false,
        errors: [{ __typename: "IdempotencyConflictError", original: { id } }],
      });
    });
  });
});

describe("a mutation that keeps no key", () => {
  const ask = async (body: object, headers: Record<string, string>) => {
    const answer = await fetch(`${edge.url}/graphql`, {
      method: "POST",
      headers: { authorization: "Bearer admin", "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  };
  const mutations = Object.values(buildSchema().getMutationType()?.getFields() ?? {});
  const keyless = mutations.filter(({ args: [input] }) => {
    const type = input && getNamedType(input.type);
    return isInputObjectType(type) && !("idempotencyKey" in type.getFields());
  });

  it.each(keyless.map((field) => [field.name, field] as const))(
    "%s refuses the header in place of ignoring it, and does nothing",
    async (name, field) => {
      const { source, variableValues } = askFor("mutation", field);
      const body = { query: source, variables: variableValues };
      const { errors } = await ask(body, { "idempotency-key": "some" });
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["IDEMPOTENCY_KEY_NOT_TAKEN"]);
      expect(errors?.[0]?.message).toContain(`${name} takes no idempotency key`);
    },
  );
});

it("refuses an empty key, and one for a whole socket", async () => {
  expect((await create("empty", "")).errors).toMatchObject([{ __typename: "InvalidInputError" }]);
  const address = `${edge.url.replace("http", "ws")}/graphql`;
  const socket = new WebSocket(address, "graphql-transport-ws", { headers: { "idempotency-key": "some" } });
  const [error] = (await once(socket, "error")) as [Error];
  expect(error.message).toContain("400");
});

it("reads whatever key they bring", async () => {
  const { data } = await edge.ask("{ viewer { role } }");
  const answer = await fetch(`${edge.url}/graphql?query={viewer{role}}`, {
    headers: {
      authorization: "Bearer viewer",
      "idempotency-key": "some",
      "apollo-require-preflight": "true",
    },
  });
  expect(await answer.json()).toMatchObject({ data });
});

it("lets the key of an input go before the header", async () => {
  const daguerre = createDaguerre({ url: `${edge.url}/graphql`, key: "admin" });
  const input = { ...place, name: "inner", idempotencyKey: "inner" };
  const send = (idempotencyKey: string) =>
    daguerre.request(CreateInstanceDocument, { input }, { idempotencyKey });
  await send("outer one");
  expect((await send("outer two")).createInstance.replayed).toBe(true);
});
