import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createActions } from "../../src/app/create-actions.js";
import { instances, snapshots } from "../../src/db/tables/index.js";
import { toGlobalId } from "../../src/ids.js";
import { defaultLocations } from "../../src/instances/placement.js";
import type { JobQueue } from "../../src/jobs/job-queue.js";
import { defaultRetentionTable } from "../../src/snapshots/retention-table.js";
import { insertInstance, insertProject, later, snapshotRow, start } from "../snapshots/rows.js";
import { type Edge, startEdge } from "./edge.js";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({
    maxHolds: 1,
    locations: defaultLocations,
    actionsOn: (db) =>
      createActions({
        ...{
          db,
          clock: edge.clock,
          events: edge.events,
          policy: defaultRetentionTable,
          locations: defaultLocations,
        },
        ...{ newId: randomUUID, engineName: "ladybug", jobs: {} as JobQueue },
      }),
  });
});
afterAll(() => edge.close());

const errors = `errors { __typename ... on UserError { message path }
  ... on NotEligibleError { eligibility { allowed reasons } } ... on QuotaExceededError { limit } }`;
/** The typed errors of a mutation; they are data. */
async function refusals(mutation: string, input: object, key = "admin"): Promise<unknown> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const document = `mutation M($input: ${type}!) { ${mutation}(input: $input) { ${errors} } }`;
  const answer = await edge.ask<Record<string, { errors: unknown }>>(document, { input }, key);
  return answer.errors ?? answer.data?.[mutation]?.errors;
}
async function faults(document: string, variables: object = {}): Promise<unknown> {
  return (await edge.ask(document, variables)).errors;
}
const refused = (type: string, field: string, message: RegExp): unknown[] => [
  expect.objectContaining({
    __typename: type,
    path: ["input", field],
    message: expect.stringMatching(message) as unknown,
  }),
];
const fault = (message: RegExp, code = "BAD_USER_INPUT"): unknown[] => [
  expect.objectContaining({
    message: expect.stringMatching(message) as unknown,
    extensions: expect.objectContaining({ code }) as object,
  }),
];
const insert = async (
  changes: Parameters<typeof snapshotRow>[2] = {},
  scope = edge.scope,
  home = edge.instanceId,
) => {
  const row = snapshotRow(scope, home, changes);
  await edge.db.insert(snapshots).values(row);
  return toGlobalId("snapshot", row.id);
};

describe("createInstance refuses", () => {
  const create = {
    name: "graph",
    tier: "PROFESSIONAL",
    version: "V5",
    cloudProvider: "AWS",
    region: "eu-west-1",
  };
  it("BUSINESS_CRITICAL with V4", async () => {
    const input = { ...create, tier: "BUSINESS_CRITICAL", version: "V4" };
    expect(await refusals("createInstance", input)).toEqual(
      refused("InvalidInputError", "version", /choose V5/),
    );
  });
  it("an unknown region, naming those there are", async () => {
    expect(await refusals("createInstance", { ...create, region: "atlantis" })).toEqual(
      refused("InvalidInputError", "region", /choose one of: eu-west-1, us-east-1/),
    );
  });
  it("a region of another cloud", async () => {
    expect(await refusals("createInstance", { ...create, cloudProvider: "GCP" })).toEqual(
      refused("InvalidInputError", "region", /choose one of: europe-west1/),
    );
  });
  it("a tier that nobody knows", async () => {
    const message = /"GOLD" does not exist in "Tier" enum/;
    expect(await refusals("createInstance", { ...create, tier: "GOLD" })).toEqual(fault(message));
  });
  it("and leaves nothing behind", async () => {
    expect(await edge.db.$count(instances)).toBe(1);
  });
});

describe("retentionPreview refuses", () => {
  const imagine = {
    tier: "PROFESSIONAL",
    version: "V5",
    createdAt: "2026-01-01T00:00:00.000Z",
    at: "2026-01-02T00:00:00.000Z",
  };
  const preview = (change: object) =>
    faults(`query Q($input: PreviewInput!) { retentionPreview(input: $input) { at } }`, {
      input: { ...imagine, ...change },
    });
  it("a span of more than 400 days, and no less", async () => {
    expect(await preview({ at: "2027-02-05T00:00:00.000Z" })).toBeUndefined();
    expect(await preview({ at: "2027-02-05T00:00:00.001Z" })).toEqual(
      fault(/at most 400 days after `createdAt`/),
    );
  });
  it("`at` before `createdAt`", async () => {
    expect(await preview({ at: "2025-12-31T23:59:59.999Z" })).toEqual(
      fault(/must not be before `createdAt`/),
    );
  });
  it("BUSINESS_CRITICAL with V4", async () => {
    const input = { tier: "BUSINESS_CRITICAL", version: "V4" };
    expect(await preview(input)).toEqual(fault(/does not exist in that version/));
  });
  it("what is not an instant", async () => {
    expect(await preview({ onDemandAt: ["yesterday"] })).toEqual(fault(/RFC 3339/));
  });
  it("a hold whose release does not come after its placing, and says what to do", async () => {
    const hold = { takenAt: imagine.createdAt, placedAt: imagine.createdAt };
    const holds = [hold, { ...hold, releasedAt: imagine.createdAt }];
    expect(await preview({ holds })).toEqual(
      fault(/`releasedAt` must come after its `placedAt`; leave it out/),
    );
    expect(await preview({ holds: [hold] })).toBeUndefined();
  });
  it("more instants than can be meant", async () => {
    const systemChangeAt = Array.from({ length: 10_001 }, () => imagine.at);
    expect(await preview({ systemChangeAt })).toEqual(fault(/at most 10000 instants/));
  });
});

describe("a change of tier is refused", () => {
  const instanceOf = async (version: "V4" | "V5") =>
    toGlobalId("instance", await insertInstance(edge.db, edge.scope, { version }));
  const preview = (instanceId: string, tier: string) =>
    faults(`query Q($i: ID!, $t: Tier!) { tierChangePreview(instanceId: $i, tier: $t) { id } }`, {
      i: instanceId,
      t: tier,
    });

  it("to BUSINESS_CRITICAL on V4, by the preview too", async () => {
    const instanceId = await instanceOf("V4");
    const input = { instanceId, tier: "BUSINESS_CRITICAL" };
    const message = /does not exist in version V4/;
    expect(await refusals("changeTier", input)).toEqual(refused("InvalidInputError", "tier", message));
    expect(await preview(instanceId, "BUSINESS_CRITICAL")).toEqual(fault(message));
  });
  it("of an unknown or a foreign instance, or of what is none, by the preview too", async () => {
    const foreign = toGlobalId("instance", await insertInstance(edge.db, await insertProject(edge.db)));
    const snapshot = await insert();
    for (const instanceId of [toGlobalId("instance", randomUUID()), foreign, snapshot, "x"]) {
      const expected = refused("NotFoundError", "instanceId", /no such instance/);
      expect(await refusals("changeTier", { instanceId, tier: "FREE" })).toEqual(expected);
      expect(await preview(instanceId, "FREE")).toEqual(fault(/no such instance/));
    }
  });
  it("to whoever is no ADMIN", async () => {
    const input = { instanceId: await instanceOf("V5"), tier: "FREE" };
    expect(await refusals("changeTier", input, "member")).toEqual(fault(/needs the role ADMIN/, "FORBIDDEN"));
  });
});

describe("holdSnapshot refuses", () => {
  const hold = (snapshotId: string, reason = "audit", key?: string) =>
    refusals("holdSnapshot", { snapshotId, reason }, key);
  it("an unknown or a foreign snapshot, or what is none", async () => {
    const other = await insertProject(edge.db);
    const foreign = await insert({}, other, await insertInstance(edge.db, other));
    for (const id of [
      toGlobalId("snapshot", randomUUID()),
      foreign,
      toGlobalId("instance", edge.instanceId),
      "",
    ])
      expect(await hold(id)).toEqual(refused("NotFoundError", "snapshotId", /no such snapshot/));
  });
  it("one that is already gone, with all the reasons", async () => {
    const gone = await insert({ artifactState: "PURGED", restorableUntil: start, exportableUntil: start });
    expect(await hold(gone)).toEqual([
      expect.objectContaining({
        __typename: "NotEligibleError",
        eligibility: { allowed: false, reasons: ["WINDOW_CLOSED", "CHAIN_BROKEN"] },
      }),
    ]);
  });
  it("an empty reason", async () => {
    expect(await hold(await insert(), " ")).toEqual(
      refused("InvalidInputError", "reason", /1 to 500 characters/),
    );
  });
  it("to whoever is no ADMIN", async () => {
    expect(await hold(await insert(), "audit", "member")).toEqual(fault(/needs the role ADMIN/, "FORBIDDEN"));
  });
  it("one beyond the quota, and releaseSnapshot one that is not held", async () => {
    const [first, second] = [await insert(), await insert()];
    expect(await refusals("releaseSnapshot", { snapshotId: first })).toEqual(
      refused("InvalidInputError", "snapshotId", /not held/),
    );
    expect(await hold(first)).toEqual([]);
    expect(await hold(second)).toEqual([
      expect.objectContaining({ __typename: "QuotaExceededError", limit: 1 }),
    ]);
    expect(await hold(first)).toEqual(refused("InvalidInputError", "snapshotId", /held already/));
  });
});

it("a held snapshot tells by whose word, is listed with the project's, and stays restorable past its window", async () => {
  const project = await edge.ask<{ heldSnapshots: { id: string }[] }>("{ heldSnapshots { id } }");
  const [held] = project.data!.heldSnapshots;
  edge.clock.advance(later(10_000).getTime() - edge.clock.now().getTime());
  const document = `query Q($id: ID!) { snapshot(id: $id) { status restorable exportable restorability { until }
    exportability { reasons } hold { reason placedBy placedAt }
    instance { snapshots(filter: { heldOnly: true }) { nodes { id } } } } }`;
  expect((await edge.ask(document, held)).data).toEqual({
    snapshot: {
      ...{ status: "COMPLETED", restorable: true, exportable: false },
      ...{ restorability: { until: null }, exportability: { reasons: ["WINDOW_CLOSED"] } },
      hold: { reason: "audit", placedBy: "ADMIN", placedAt: start.toISOString() },
      instance: { snapshots: { nodes: [held] } },
    },
  });
});
