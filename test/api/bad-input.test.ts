import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as client from "../../src/client/index.js";
import { instances, operations, snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { insertInstance, insertProject, later, snapshotRow } from "../snapshots/rows.js";
import { type Answer, type Edge, startEdge } from "./edge.js";

let edge: Edge;
let instanceId: string;
let snapshotId: string;
const foreign = { instance: "", snapshot: "", operation: "" };
beforeAll(async () => {
  edge = await startEdge({}, undefined, true);
  await edge.db.update(instances).set({ status: "RUNNING", generation: 1, lastGeneration: 1 });
  instanceId = toGlobalId("instance", edge.instanceId);
  const row = snapshotRow(edge.scope, edge.instanceId, { id: randomUUID() });
  await edge.db.insert(snapshots).values(row);
  snapshotId = toGlobalId("snapshot", row.id);

  const scope = await insertProject(edge.db);
  const theirs = await insertInstance(edge.db, scope, {
    status: "RUNNING",
    generation: 1,
    lastGeneration: 1,
  });
  const theirSnapshot = snapshotRow(scope, theirs, { id: randomUUID() });
  await edge.db.insert(snapshots).values(theirSnapshot);
  const theirOperation = await edge.insertOperation({ ...scope, instanceId: theirs });
  foreign.instance = toGlobalId("instance", theirs);
  foreign.snapshot = toGlobalId("snapshot", theirSnapshot.id);
  foreign.operation = toGlobalId("operation", theirOperation);
});
afterAll(() => edge.close());

const code = (answer: Answer<unknown>) => answer.errors?.[0]?.extensions.code;

describe("an id", () => {
  const unknown = () => ({
    instance: toGlobalId("instance", randomUUID()),
    snapshot: toGlobalId("snapshot", randomUUID()),
    operation: toGlobalId("operation", randomUUID()),
  });
  const malformed = [
    "",
    "x",
    "ins_",
    "ins_x",
    "snap_00000000000000000000000000",
    "💥",
    "a".repeat(10_000),
    "\u0000",
  ];

  it.each(["instance", "snapshot", "operation"] as const)("of no %s reads as null", async (field) => {
    const ids = [...malformed, unknown()[field], foreign[field], toGlobalId("project", edge.scope.projectId)];
    for (const id of ids) {
      const answer = await edge.ask(`query ($id: ID!) { ${field}(id: $id) { id } node(id: $id) { id } }`, {
        id,
      });
      expect([id, answer.errors, answer.data]).toEqual([id, undefined, { [field]: null, node: null }]);
    }
  });

  it("of another kind reads as null", async () => {
    const answer = await edge.ask(
      `{ instance(id: "${snapshotId}") { id } snapshot(id: "${instanceId}") { id } }`,
    );
    expect(answer.data).toEqual({ instance: null, snapshot: null });
  });

  it("among many leaves its place empty", async () => {
    const ids = [instanceId, "x", foreign.instance, unknown().snapshot, snapshotId];
    const answer = await edge.ask(client.NodesDocument, { ids });
    expect(answer.data?.["nodes"]).toEqual([
      { __typename: "Instance", id: instanceId },
      null,
      null,
      null,
      { __typename: "Snapshot", id: snapshotId },
    ]);
  });

  it.each([
    ["takeSnapshot", client.TakeSnapshotDocument, "instance", {}],
    ["deleteInstance", client.DeleteInstanceDocument, "instance", { confirmation: "graph" }],
    ["changeTier", client.ChangeTierDocument, "instance", { tier: "FREE" }],
    ["restoreSnapshot", client.RestoreSnapshotDocument, "snapshot", { confirmation: "RESTORE" }],
    ["exportSnapshot", client.ExportSnapshotDocument, "snapshot", {}],
    ["createInstanceFromSnapshot", client.CreateInstanceFromSnapshotDocument, "snapshot", { name: "copy" }],
    ["cancelOperation", client.CancelOperationDocument, "operation", {}],
  ] as const)("of nothing makes %s answer NotFoundError", async (mutation, document, kind, more) => {
    const answers = [];
    for (const id of ["x", unknown()[kind], foreign[kind]]) {
      const { data } = await edge.ask(document, { input: { ...more, [`${kind}Id`]: id } }, "admin");
      answers.push((data?.[mutation] as { errors: unknown[] }).errors);
    }
    const [error] = answers[0] ?? [];
    expect(error).toMatchObject({ __typename: "NotFoundError", path: ["input", `${kind}Id`] });
    expect(answers).toEqual([[error], [error], [error]]);
  });
});

describe("a mutation answers InvalidInputError and does nothing", () => {
  const place = { tier: "PROFESSIONAL", version: "V5", cloudProvider: "AWS", region: "eu-west-1" };
  it.each([
    ["a name of 0 characters", "createInstance", () => ({ ...place, name: "" }), ["input", "name"]],
    ["a name of blanks", "createInstance", () => ({ ...place, name: "   " }), ["input", "name"]],
    [
      "a name of 300 characters",
      "createInstance",
      () => ({ ...place, name: "x".repeat(300) }),
      ["input", "name"],
    ],
    [
      "a tier that its version has not",
      "createInstance",
      () => ({ ...place, name: "a", tier: "BUSINESS_CRITICAL", version: "V4" }),
      ["input", "version"],
    ],
    [
      "a region that is not there",
      "createInstance",
      () => ({ ...place, name: "a", region: "moon" }),
      ["input", "region"],
    ],
    [
      "an idempotency key of 0 characters",
      "createInstance",
      () => ({ ...place, name: "a", idempotencyKey: "" }),
      ["input", "idempotencyKey"],
    ],
    [
      "an idempotency key of 300 characters",
      "createInstance",
      () => ({ ...place, name: "a", idempotencyKey: "x".repeat(300) }),
      ["input", "idempotencyKey"],
    ],
    [
      "a snapshot's name of 0 characters",
      "takeSnapshot",
      () => ({ instanceId, name: "" }),
      ["input", "name"],
    ],
    [
      "a snapshot's name of 300 characters",
      "takeSnapshot",
      () => ({ instanceId, name: "x".repeat(300) }),
      ["input", "name"],
    ],
    [
      "the wrong confirmation word",
      "restoreSnapshot",
      () => ({ snapshotId, confirmation: "restore" }),
      ["input", "confirmation"],
    ],
    [
      "another name as confirmation",
      "deleteInstance",
      () => ({ instanceId, confirmation: "Graph" }),
      ["input", "confirmation"],
    ],
    [
      "a copy's name of 300 characters",
      "createInstanceFromSnapshot",
      () => ({ snapshotId, name: "x".repeat(300) }),
      ["input", "name"],
    ],
    ["a key's name of 0 characters", "createApiKey", () => ({ name: "", role: "VIEWER" }), ["input", "name"]],
    [
      "a key's name of 300 characters",
      "createApiKey",
      () => ({ name: "x".repeat(300), role: "VIEWER" }),
      ["input", "name"],
    ],
    [
      "a key's end in the past",
      "createApiKey",
      () => ({ name: "a", role: "VIEWER", expiresAt: later(-1) }),
      ["input", "expiresAt"],
    ],
  ] as const)("for %s", async (_, mutation, input, path) => {
    const before = await counts();
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const answer = await edge.ask<Record<string, { errors: unknown[] }>>(
      `mutation ($input: ${type}) { ${mutation}(input: $input) { errors { __typename ... on UserError { message path } } } }`,
      { input: input() },
      "admin",
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.[mutation]?.errors).toMatchObject([{ __typename: "InvalidInputError", path }]);
    expect(await counts()).toEqual(before);
  });

  const counts = async () => ({
    instances: await edge.db.$count(instances),
    snapshots: await edge.db.$count(snapshots),
    operations: await edge.db.$count(operations),
  });
});

it("a reused idempotency key with another body is a conflict that names the first operation", async () => {
  const ask = (name: string) =>
    edge.ask<{ takeSnapshot: { operation: { id: string } | null; errors: unknown[]; replayed: boolean } }>(
      client.TakeSnapshotDocument,
      { input: { instanceId, name, idempotencyKey: "once" } },
      "member",
    );
  const first = (await ask("one")).data?.takeSnapshot;
  expect(first).toMatchObject({ errors: [], replayed: false });
  expect((await ask("one")).data?.takeSnapshot).toMatchObject({
    operation: { id: first?.operation?.id },
    replayed: true,
  });
  expect((await ask("two")).data?.takeSnapshot).toMatchObject({
    operation: null,
    errors: [{ __typename: "IdempotencyConflictError", original: { id: first?.operation?.id } }],
  });
});

it("a busy instance is told with what it is busy with", async () => {
  const { data } = await edge.ask<{ takeSnapshot: { errors: unknown[] } }>(
    client.TakeSnapshotDocument,
    { input: { instanceId } },
    "member",
  );
  expect(data?.takeSnapshot.errors).toMatchObject([{ __typename: "InstanceBusyError", blocking: {} }]);
});

it("an expired snapshot is told why it cannot be exported, and a differential never can", async () => {
  const base = snapshotRow(edge.scope, edge.instanceId, { id: randomUUID(), exportableUntil: later(0) });
  const differential = snapshotRow(edge.scope, edge.instanceId, {
    id: randomUUID(),
    type: "SCHEDULED",
    kind: "DIFFERENTIAL",
    baseId: base.id,
    chainRootId: base.id,
    chainDepth: 1,
    exportableUntil: null,
  });
  await edge.db.insert(snapshots).values([base, differential]);
  for (const [row, reason] of [
    [base, "WINDOW_CLOSED"],
    [differential, "DIFFERENTIAL_NOT_EXPORTABLE"],
  ] as const) {
    const { data } = await edge.ask<{ exportSnapshot: { errors: { eligibility: { reasons: string[] } }[] } }>(
      client.ExportSnapshotDocument,
      { input: { snapshotId: toGlobalId("snapshot", row.id) } },
      "member",
    );
    const [error] = data?.exportSnapshot.errors ?? [];
    expect(error).toMatchObject({ __typename: "NotEligibleError", eligibility: { allowed: false } });
    expect(error?.eligibility.reasons).toContain(reason);
  }
});

it.each([
  ["a filter", "query ($text: String) { instances(filter: { nameContains: $text }) { nodes { id } } }"],
  ["a key", "query ($text: String!) { operationByIdempotencyKey(key: $text) { id } }"],
  [
    "a name",
    `mutation ($text: String!) { createInstance(input: {
      name: $text, tier: FREE, version: V5, cloudProvider: AWS, region: "eu-west-1"
    }) { errors { __typename } } }`,
  ],
])("the character U+0000 is refused in %s", async (_, document) => {
  const answer = await edge.ask(document, { text: "a\u0000b" }, "admin");
  expect(code(answer)).toBe("BAD_USER_INPUT");
  expect(answer.errors?.[0]?.message).toMatch(/U\+0000/);
});

it.each([
  [
    "a filter",
    "query ($at: DateTime!, $id: ID!) { instance(id: $id) { snapshots(filter: { takenAfter: $at }) { nodes { id } } } }",
  ],
  [
    "a key's end",
    'mutation ($at: DateTime!) { createApiKey(input: { name: "k", role: VIEWER, expiresAt: $at }) { errors { __typename } } }',
  ],
  ["the audit log", "query ($at: DateTime!) { auditLog(filter: { since: $at }) { nodes { id } } }"],
])("instants outside the years 0001 to 9999 are refused in %s", async (_, document) => {
  const ask = (at: string) =>
    edge.ask(document, { at, ...(document.includes("$id") && { id: instanceId }) }, "admin");
  for (const at of ["0000-06-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
    expect([at, code(await ask(at))]).toEqual([at, "BAD_USER_INPUT"]);
  for (const at of ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
    expect((await ask(at)).errors).toBeUndefined();
});

it("none of this was a fault of ours", () => {
  expect(edge.logged).toEqual([]);
});
