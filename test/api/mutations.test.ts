import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as client from "../../src/client/index.js";
import { apiKeys, instances, operations, snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { authenticate } from "../../src/projects/authenticate.js";
import { later, snapshotRow, start } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
let instanceId: string;
beforeAll(async () => {
  edge = await startEdge({}, undefined, true);
  instanceId = toGlobalId("instance", edge.instanceId);
});
afterAll(() => edge.close());

describe("API keys over HTTP", () => {
  const create = (input: object, key = "admin") =>
    edge.ask<client.CreateApiKeyMutation>(client.CreateApiKeyDocument, { input }, key);
  const revoke = (keyId: string, key = "admin") =>
    edge.ask<client.RevokeApiKeyMutation>(client.RevokeApiKeyDocument, { input: { keyId } }, key);
  const viewerOf = (secret: string) => authenticate(edge.db, edge.clock, secret);

  it("are made, shown once, and ended", async () => {
    const expiresAt = later(60_000).toISOString();
    const { data } = await create({ name: " ci ", role: "MEMBER", expiresAt });
    const { apiKey, secret, errors } = data!.createApiKey;
    expect(errors).toEqual([]);
    expect(apiKey).toMatchObject({ name: "ci", role: "MEMBER", expiresAt, prefix: secret?.slice(0, 8) });
    expect(await viewerOf(secret ?? "")).toMatchObject({ ...edge.scope, role: "MEMBER", keyName: "ci" });
    const kept = JSON.stringify(await edge.db.select().from(apiKeys));
    expect(kept).not.toContain(secret);

    const ended = (await revoke(apiKey?.id ?? "")).data!.revokeApiKey;
    expect(ended).toMatchObject({ apiKey: { id: apiKey?.id, revokedAt: start.toISOString() }, errors: [] });
    expect(await viewerOf(secret ?? "")).toBeUndefined();
  });

  it("are not found where they are malformed or another thing's id", async () => {
    for (const id of ["x", instanceId, toGlobalId("apiKey", randomUUID())])
      expect((await revoke(id)).data?.revokeApiKey).toMatchObject({
        apiKey: null,
        errors: [{ __typename: "NotFoundError", path: ["input", "keyId"] }],
      });
  });

  it.each(["viewer", "member"])("are no business of the role of %s", async (key) => {
    expect((await create({ name: "a", role: "VIEWER" }, key)).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN" } },
    ]);
    expect((await revoke("x", key)).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });
});

describe("the change of a tier over HTTP", () => {
  it("is previewed, then made, and restamps what stands only if asked to", async () => {
    const rows = [0, 1, 2].map((n) =>
      snapshotRow(edge.scope, edge.instanceId, {
        id: randomUUID(),
        takenAt: later(n),
        completedAt: later(n),
      }),
    );
    await edge.db.insert(snapshots).values(rows);
    const [oldest, middle] = rows.map((row) => toGlobalId("snapshot", row.id));
    const preview = await edge.ask<client.TierChangePreviewQuery>(client.TierChangePreviewDocument, {
      instanceId,
      tier: "FREE",
    });
    // FREE keeps the latest alone.
    expect(preview.data?.tierChangePreview.map((one) => one.id).sort()).toEqual([oldest, middle].sort());

    const change = async (applyToExisting: boolean) => {
      const input = { instanceId, tier: "FREE", applyToExisting };
      const answer = await edge.ask<client.ChangeTierMutation>(client.ChangeTierDocument, { input }, "admin");
      return answer.data?.changeTier;
    };
    const restorable = async () => {
      const { data } = await edge.ask<client.SnapshotsQuery>(client.SnapshotsDocument, {
        instanceId,
        filter: { restorableOnly: true },
      });
      return data?.instance?.snapshots.totalCount;
    };
    expect(await change(false)).toMatchObject({ instance: { id: instanceId, tier: "FREE" }, errors: [] });
    expect(await restorable()).toBe(3);
    expect(await change(true)).toMatchObject({ instance: { tier: "FREE" }, errors: [] });
    expect(await restorable()).toBe(1);
  });

  it("is refused where the tier does not exist in that version", async () => {
    await edge.db.update(instances).set({ version: "V4" });
    const input = { instanceId, tier: "BUSINESS_CRITICAL" };
    const { data } = await edge.ask<client.ChangeTierMutation>(client.ChangeTierDocument, { input }, "admin");
    expect(data?.changeTier).toMatchObject({
      instance: null,
      errors: [{ __typename: "InvalidInputError", path: ["input", "tier"] }],
    });
    const preview = await edge.ask(client.TierChangePreviewDocument, input);
    expect(preview.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    await edge.db.update(instances).set({ version: "V5" });
  });

  it("is previewed for nothing that is not there", async () => {
    for (const id of ["x", toGlobalId("instance", randomUUID())]) {
      const preview = await edge.ask(client.TierChangePreviewDocument, { instanceId: id, tier: "FREE" });
      expect(preview.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });
});

describe("the preview of retention over HTTP", () => {
  const preview = (input: object) =>
    edge.ask<client.RetentionPreviewQuery>(client.RetentionPreviewDocument, {
      input: { tier: "PROFESSIONAL", version: "V5", createdAt: start, ...input },
    });
  const day = 86_400_000;

  it("lists what would be there, newest first", async () => {
    const at = later(2 * day);
    const { data } = await preview({ at, onDemandAt: [later(1)] });
    const listed = data?.retentionPreview.snapshots ?? [];
    expect(data?.retentionPreview.at).toBe(at.toISOString());
    expect(listed.map((one) => [one.cause, one.takenAt])).toEqual([
      ["CADENCE", later(2 * day).toISOString()],
      ["CADENCE", later(day).toISOString()],
      ["ON_DEMAND", later(1).toISOString()],
      ["INSTANCE_CREATED", start.toISOString()],
    ]);
  });

  it.each([
    ["a span of more than 400 days", { at: later(401 * day) }],
    ["an instant before the beginning", { at: later(-1) }],
    ["a tier that its version has not", { at: start, tier: "BUSINESS_CRITICAL", version: "V4" }],
    ["an instant that is none", { at: "2026-02-31" }],
    ["a day without a time", { at: "2026-03-01" }],
  ])("refuses %s", async (_, input) => {
    expect((await preview(input)).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });
});

it("an operation says that it can be canceled until that has been asked for", async () => {
  const operationId = toGlobalId("operation", await edge.insertOperation());
  const cancelable = async () =>
    (
      await edge.ask<{ operation: { status: string; cancelable: boolean } }>(client.OperationDocument, {
        id: operationId,
      })
    ).data?.operation;
  expect(await cancelable()).toMatchObject({ status: "RUNNING", cancelable: true });
  const cancel = () =>
    edge.ask<{ cancelOperation: unknown }>(
      client.CancelOperationDocument,
      { input: { operationId } },
      "member",
    );
  expect((await cancel()).data?.cancelOperation).toMatchObject({
    operation: { status: "CANCELING", cancelable: false },
    replayed: false,
  });
  expect(await cancelable()).toMatchObject({ status: "CANCELING", cancelable: false });
  expect((await cancel()).data?.cancelOperation).toMatchObject({
    operation: { status: "CANCELING" },
    replayed: true,
    errors: [],
  });
  const [row] = await edge.db.select().from(operations).where(eq(operations.status, "CANCELING"));
  expect(row?.revision).toBe(2);
});

it("none of this was a fault of ours", () => {
  expect(edge.logged).toEqual([]);
});
